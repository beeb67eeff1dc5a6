"""Verbs of the authorities: rule-keepers whose keys, two together, accredit sources and publish rules.

A key is made in the rule-keeper's browser and stays there. The server writes what is to be signed (`Proposal.content`;
the signature is over `statements.DOMAIN + content`), shows it, collects signatures, and logs what enough have signed.

- `enrol(by, public_key)`: before an activation begins; its genesis names the keys.
- `begin(emergency)`: the log's first leaf of an activation. For whoever may run commands on the server: nothing is
  decided by it, as witnesses and nodes pin its hash, told to them by the authorities themselves.
- `propose_accreditation`, `propose_end`, `propose_rules` → Proposal; `sign(by, proposal, signature)`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kaimen.colours import definitions, leaves, statements
from kaimen.colours.judging import Judge
from kaimen.colours.moments import moment, when
from kaimen.colours.trust import NotAdmitted
from kaimen.kit import clock, ids
from kaimen.kit.keys import NotAKey, PublicKey
from kaimen.ledger import actions as ledger
from kaimen.ledger import advancing, signing
from kaimen.ledger.models import Leaf
from kaimen.packs import Pack
from kaimen.register import access, packs_in_force
from kaimen.register.definitions import Head
from kaimen.register.models import Organisation, Post
from kaimen.rules import RuleRefused
from kaimen.status import judged, subjects, trusted
from kaimen.status.activations import activation, in_force
from kaimen.status.models import (
    Accreditation,
    AccreditationEnded,
    Authority,
    Genesis,
    Proposal,
    ProposalSignature,
    RulesVersion,
    Source,
    Subject,
)
from kaimen.status.refusal_words import in_words
from kaimen.status.refusals import Refused
from kaimen.status.trusted import THRESHOLD

LONGEST_ACCREDITATION = timedelta(days=366)
Kind = Proposal.Kind


@dataclass(frozen=True)
class Wanted:
    """What an accreditation is to say."""

    source: Source
    public_key: bytes
    kinds: Sequence[str]  # of evidence, or `approval`, `finding`
    since: datetime
    until: datetime


def key_of(raw: bytes) -> PublicKey:
    """A public key as it was sent. Raises Refused."""
    try:
        return PublicKey.from_raw(raw)
    except NotAKey as error:
        raise Refused(
            "not-a-key", _("This is no public key."), _("Send a P-256 point in its compressed form, 33 bytes.")
        ) from error


def enrol(by: Post, public_key: bytes) -> Authority:
    """A rule-keeper's key. Doing it again with the same key changes nothing. Raises NotAllowed, Refused."""
    access.require(by, "status.keep_rules")
    key = key_of(public_key)
    held = Authority.objects.filter(post=by).first()
    if held is not None and bytes(held.public_key) == key.raw:
        return held
    taken = _("A post has one key, and a key one post.")
    try:
        with transaction.atomic():
            return Authority.objects.create(post=by, public_key=key.raw)
    except IntegrityError as error:
        remedy = _("Sign with the key you enrolled. If it is lost, the post ends and a new one enrols a new key.")
        raise Refused("key-taken", taken, remedy) from error


def begin(emergency: str) -> Genesis:
    """Start the activation of an emergency of the pack with every authority enrolled so far. Raises Refused."""
    _in_pack(emergency)
    if in_force() is not None or Genesis.objects.filter(emergency=emergency).exists():
        raise Refused(
            "begun", _("An activation is in force, or this one was before."), _("End it first; each begins once.")
        )
    held = Authority.objects.select_related("post").order_by("made_at", "id")
    of_people = {one.post.person_id: one for one in held if access.in_force(one.post)}  # a person counts once
    authorities = list(of_people.values())
    if len(authorities) < THRESHOLD:
        raise Refused(
            "too-few-authorities",
            _("Fewer than two people have enrolled a key."),
            _("Two rule keepers sign in and enrol theirs first."),
        )
    genesis = _first_leaf(emergency, authorities)
    subjects.assign(list(subjects.passes().placed()), genesis)
    return genesis


def _first_leaf(emergency: str, authorities: list[Authority]) -> Genesis:
    """Record the genesis and wait until it stands in the log: its hash is what every statement names."""
    advancing.advance()
    log = signing.current()
    keys = [(PublicKey.from_raw(bytes(one.public_key)).key_id.hex(), bytes(one.public_key)) for one in authorities]
    body = leaves.genesis(log.origin if log else settings.KAIMEN_LOG_NAME, keys, THRESHOLD)
    leaf = ledger.record(body.kind, body.public, emergency=emergency)
    advancing.advance()
    content = bytes(Leaf.objects.get(leaf=leaf).data)
    with transaction.atomic():
        genesis = Genesis.objects.create(
            emergency=emergency, content=content, leaf=leaf, leaf_hash=leaves.hash_of(content)
        )
        genesis.authorities.set(authorities)
    return genesis


def _in_pack(emergency: str) -> None:
    head = packs_in_force.pack().one(Head)
    named = [one.slug for one in head.emergencies if one.ended is None]
    if emergency not in named:
        raise Refused(
            "no-such-emergency",
            _("The pack names no emergency %s that has not ended.") % emergency,
            _("It names: %s") % (", ".join(named) or "—"),
        )


def propose_accreditation(by: Post, wanted: Wanted) -> Proposal:
    """A key of a source, for other authorities and oneself to sign. Raises NotAllowed, Refused."""
    access.require(by, "status.keep_rules")
    genesis, now = activation(), clock.now()
    if not wanted.since < wanted.until <= wanted.since + LONGEST_ACCREDITATION:
        raise Refused(
            "time",
            _("An accreditation ends after it begins, within %d days.") % LONGEST_ACCREDITATION.days,
            _("Choose an earlier end; it can be renewed."),
            field="until",
        )
    statement = statements.Accreditation(
        genesis=bytes(genesis.leaf_hash), id=ids.new_id().bytes, made=moment(now), source=wanted.source.slug,
        organisation=organisation_slug(wanted.source.organisation), public_key=key_of(wanted.public_key).raw,
        kinds=tuple(wanted.kinds), since=moment(wanted.since), until=moment(wanted.until),
    )  # fmt: skip
    return _proposed(by, Kind.ACCREDITATION, statement)


def propose_end(by: Post, accreditation: Accreditation, since: datetime) -> Proposal:
    """A key is to count no more, nor anything of it that was logged at `since` or later."""
    access.require(by, "status.keep_rules")
    statement = statements.AccreditationEnd(
        genesis=bytes(activation().leaf_hash), id=ids.new_id().bytes, made=moment(clock.now()),
        accreditation=accreditation.pk.bytes, since=moment(since),
    )  # fmt: skip
    return _proposed(by, Kind.ACCREDITATION_END, statement)


def propose_rules(by: Post, status: str, text: bytes, since: datetime) -> Proposal:
    """Rules to hold from `since` on. Going back is proposing an earlier text anew. Raises NotAllowed, Refused."""
    access.require(by, "status.keep_rules")
    definition = checked(status, text)
    if since < clock.now() - timedelta(minutes=1):
        raise Refused(
            "past", _("Rules do not hold for a time that is over."), _("Choose a moment still to come."), field="since"
        )
    statement = statements.Publication(
        genesis=bytes(activation().leaf_hash), id=ids.new_id().bytes, made=moment(clock.now()),
        status=definition.slug, digest=definition.digest, since=moment(since),
    )  # fmt: skip
    return _proposed(by, Kind.RULES, statement, text)


def checked(status: str, text: bytes) -> definitions.StatusDefinition:
    """A text of rules, read, compiled, and such as this city can judge by. Raises Refused: where it is wrong."""
    language = get_language() or ""
    try:
        definition = definitions.read_here(f"status/{status}.yaml", text, packs_in_force.pack())
        Judge(definition)
    except definitions.NotADefinition as error:
        problem = error.problem
        said = _("Line {line}: {said}").format(line=problem.line, said=problem.to(language))
        raise Refused("not-rules", said, _("Mend it there and propose it again."), field="text") from error
    except RuleRefused as error:
        said = error.refusals[0].to(language)
        raise Refused("not-rules", said, _("Mend it there and propose it again."), field="text") from error
    return definition


def rules_of_pack(pack: Pack, status: str) -> bytes:
    """The text of a status as the pack in force has it: what a first publication proposes. Raises LookupError."""
    return definitions.definition_in(pack, status).text


def organisation_slug(organisation: Organisation) -> str:
    """What signed statements call an organisation: its credit code, or its id where it has none."""
    return organisation.uscc.lower() if organisation.uscc else organisation.pk.hex


def _proposed(by: Post, kind: str, statement: statements.Statement, text: bytes = b"") -> Proposal:
    try:
        content = statements.content_of(statement)
    except statements.NotAStatement as error:
        raise Refused("form", str(error), _("Write it so and propose it again."), field=error.field) from error
    return Proposal.objects.create(genesis=activation(), kind=kind, content=content, text=text, proposed_by=by)


@transaction.atomic
def sign(by: Post, proposal: Proposal, signature: bytes) -> Proposal:
    """One authority signs. With the last signature that is wanted it takes effect. Raises NotAllowed, Refused."""
    access.require(by, "status.keep_rules")
    proposal = Proposal.objects.select_for_update().select_related("genesis").get(pk=proposal.pk)
    authority = proposal.genesis.authorities.filter(post=by).first()
    if authority is None:
        raise Refused(
            "not-an-authority",
            _("This post’s key is not among those the activation began with."),
            _("Let one of its authorities sign."),
        )
    content = bytes(proposal.content)
    if not key_of(bytes(authority.public_key)).verifies(signature, statements.DOMAIN + content):
        raise Refused("signature", _("The signature does not hold."), _("Sign on the device your key was made on."))
    ProposalSignature.objects.get_or_create(proposal=proposal, authority=authority, defaults={"signature": signature})
    if proposal.leaf is None and proposal.signatures.count() >= THRESHOLD:
        ratify(proposal)
    return proposal


def ratify(proposal: Proposal) -> None:
    """Enough have signed: log it, remember it, let it count. Raises Refused."""
    now = clock.now()
    try:
        trusted.take(trusted.heard(proposal.genesis), proposal, moment(now))
    except NotAdmitted as error:
        raise Refused(error.code, in_words(error).message, _("Propose it anew.")) from error
    logged_as, remember = _RATIFIED[Kind(proposal.kind)]
    body = logged_as(trusted.envelope_of(proposal))
    proposal.leaf, proposal.logged_at = ledger.record(body.kind, body.public), now
    proposal.save(update_fields=["leaf", "logged_at"])
    remember(proposal, statements.read_content(bytes(proposal.content)))


def _accredited(proposal: Proposal, said: statements.Statement) -> None:
    assert isinstance(said, statements.Accreditation)
    Accreditation.objects.create(
        id=UUID(bytes=said.id), source=Source.objects.get(slug=said.source), public_key=said.public_key,
        kinds=list(said.kinds), since=when(said.since), until=when(said.until), proposal=proposal,
    )  # fmt: skip


def _ended(proposal: Proposal, said: statements.Statement) -> None:
    assert isinstance(said, statements.AccreditationEnd)
    accreditation = Accreditation.objects.get(pk=UUID(bytes=said.accreditation))
    AccreditationEnded.objects.get_or_create(
        accreditation=accreditation, defaults={"since": when(said.since), "proposal": proposal}
    )
    about = Subject.objects.filter(evidence__accreditation=accreditation).values_list("pk", flat=True)
    judged.settle(proposal.genesis, list(about.distinct()), "accreditation")


def _published(proposal: Proposal, said: statements.Statement) -> None:
    assert isinstance(said, statements.Publication)
    assert proposal.logged_at is not None
    text = bytes(proposal.text)
    ledger.publish(text)
    before = RulesVersion.objects.filter(status=said.status)
    RulesVersion.objects.create(
        id=UUID(bytes=said.id), status=said.status, number=before.count() + 1, digest=said.digest, text=text,
        effective=max(when(said.since), proposal.logged_at), proposal=proposal,
    )  # fmt: skip


_RATIFIED: dict[Kind, tuple[Callable[[bytes], leaves.Body], Callable[[Proposal, statements.Statement], None]]] = {
    Kind.ACCREDITATION: (leaves.accredited, _accredited),
    Kind.ACCREDITATION_END: (leaves.accreditation_ended, _ended),
    Kind.RULES: (leaves.rules_published, _published),
}
