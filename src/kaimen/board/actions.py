"""Taking in evidence about a building: signed by an accredited source, of a kind the rules know, not back-dated."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kaimen.board import rules_in_force
from kaimen.board.evidence import BUILDING
from kaimen.board.models import PlaceEvidence
from kaimen.colours import leaves, statements
from kaimen.colours.moments import moment, when
from kaimen.colours.place_facts import identity_of
from kaimen.colours.statements import Evidence
from kaimen.colours.trust import Accredited, NotAdmitted, check_evidence
from kaimen.kit import clock
from kaimen.ledger import actions as ledger
from kaimen.register.models import Place
from kaimen.status import activations, trusted
from kaimen.status.refusal_words import in_words
from kaimen.status.refusals import Refused


class NotEvidence(ValueError):
    """What was sent cannot count as evidence about a building; the message says why."""


@transaction.atomic
def take_in(envelope: bytes) -> PlaceEvidence:
    """Keep evidence about a building and record it in the log. Sent again, it is here once.

    Raises NotEvidence, NoRules.
    """
    try:
        said, by = _admitted(envelope)
        place = Place.objects.filter(pk=UUID(bytes=said.subject), kind=Place.Kind.BUILDING).first()
        if place is None or identity_of(place.code) != said.identity:
            raise NotEvidence(_("The statement names no building here."))
        known = PlaceEvidence.objects.filter(pk=UUID(bytes=said.id)).first()
        if known is not None:
            return known
        at = clock.now()
        check_evidence(said, rules_in_force.definition(at), moment(at), said.identity)
    except statements.NotAStatement as error:
        raise NotEvidence(str(error)) from error
    except NotAdmitted as error:
        raise NotEvidence(in_words(error).message) from error
    body = leaves.place_evidence(envelope)
    leaf = ledger.record(body.kind, body.public, secret=body.secret)
    return PlaceEvidence.objects.create(
        id=UUID(bytes=said.id), place=place, accreditation_id=UUID(bytes=by.id), kind=said.of, envelope=envelope,
        until=when(said.until), leaf=leaf,
    )  # fmt: skip


def _admitted(envelope: bytes) -> tuple[Evidence, Accredited]:
    """What a source said, and by which key. Raises NotAStatement, NotAdmitted, NotEvidence."""
    try:
        trust = trusted.trust_in(activations.activation())
    except Refused as refused:
        raise NotEvidence(refused.message) from refused
    said, by = trust.admit(statements.read(envelope), moment(clock.now()))
    if not isinstance(said, Evidence) or said.status != BUILDING:
        raise NotEvidence(_("This is no evidence about a building."))
    return said, by
