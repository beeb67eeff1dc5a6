"""Taking in evidence about a building: signed by an accredited source, of a kind the rules know, not back-dated."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kaimen.board import rules_in_force
from kaimen.board.evidence import BUILDING, accreditations, identity_of, may_sign
from kaimen.board.models import PlaceEvidence
from kaimen.colours import statements
from kaimen.colours.definitions import FieldOf, typed
from kaimen.colours.moments import when
from kaimen.colours.statements import Said
from kaimen.kit import clock
from kaimen.kit.keys import PublicKey
from kaimen.ledger import actions as ledger
from kaimen.register.models import Place
from kaimen.status.models import Accreditation

_AHEAD = timedelta(minutes=5)  # a source's clock may run so much before ours


class NotEvidence(ValueError):
    """What was sent cannot count as evidence about a building; the message says why."""


@transaction.atomic
def take_in(envelope: bytes) -> PlaceEvidence:
    """Keep evidence about a building and record it in the log. Sent again, it is here once.

    Raises NotEvidence, NoRules, NoPack.
    """
    signed, said = _read(envelope)
    known = PlaceEvidence.objects.filter(pk=UUID(bytes=said.id)).first()
    if known is not None:
        return known
    place = Place.objects.filter(pk=UUID(bytes=said.subject), kind=Place.Kind.BUILDING).first()
    if place is None or identity_of(place.code) != said.identity:
        raise NotEvidence(_("The statement names no building here."))
    accreditation = _accreditation(signed, said)
    _check(said)
    leaf = ledger.record("place-evidence", {"source": said.source, "of": said.of}, secret=envelope)
    return PlaceEvidence.objects.create(
        id=UUID(bytes=said.id), place=place, accreditation=accreditation, kind=said.of, envelope=envelope,
        until=when(said.until), leaf=leaf,
    )  # fmt: skip


def _read(envelope: bytes) -> tuple[statements.Signed, statements.Evidence]:
    try:
        signed = statements.read(envelope)
    except statements.NotAStatement as error:
        raise NotEvidence(str(error)) from error
    said = signed.statement
    if not isinstance(said, statements.Evidence) or said.status != BUILDING:
        raise NotEvidence(_("This is no evidence about a building."))
    return signed, said


def _accreditation(signed: statements.Signed, said: statements.Evidence) -> Accreditation:
    for one in accreditations().values():
        mine = one.source.slug == said.source and may_sign(one, said.of, clock.now())
        if mine and signed.signed_by(PublicKey.from_raw(bytes(one.public_key))):
            return one
    raise NotEvidence(_("No source accredited for this kind of evidence signed it with its key."))


def _check(said: statements.Evidence) -> None:
    """Raise NotEvidence unless the rules in force know the kind and what it says, and its times are possible."""
    at = clock.now()
    definition = rules_in_force.definition(at)
    kind = definition.evidence.get(said.of)
    if kind is None:
        raise NotEvidence(_("The rules of buildings know no evidence of this kind."))
    _check_fields(said.says, kind.fields)
    made, seen, until = when(said.made), when(said.seen), when(said.until)
    if not at - timedelta(milliseconds=definition.late) <= made <= at + _AHEAD:
        raise NotEvidence(_("Signed too long ago, or in the future: sign it anew."))
    if not seen <= made < until or until > seen + timedelta(milliseconds=kind.lasts):
        raise NotEvidence(_("Seen, signed, running out: the times must follow in this order, and not last too long."))
    if until <= at:
        raise NotEvidence(_("It has run out already."))


def _check_fields(says: Mapping[str, Said], fields: Mapping[str, FieldOf]) -> None:
    for name, value in says.items():
        field = fields.get(name)
        if field is None:
            raise NotEvidence(_("Evidence of this kind does not say %(name)s.") % {"name": name})
        try:
            typed(value, field)
        except ValueError as error:
            raise NotEvidence(str(error)) from error
