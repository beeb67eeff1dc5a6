"""The ways: each tries to turn people red who are not. Its first line is what it does.

`door`: how the server answers by itself. `found`: the alarm of the witness. `gate`: why a gate refuses what it gets.
Those without `found` leave nothing in the log that is untrue.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from kaimen.colours import leaves, statements
from kaimen.colours import lists as status_lists
from kaimen.colours.moments import moment
from kaimen.gate import snapshots
from kaimen.kit import clock, ids
from kaimen.kit.keys import SigningKey
from kaimen.ledger import witnesses
from kaimen.ledger.actions import publish
from kaimen.ledger.models import Leaf, Opening, PublicObject
from kaimen.ledger.openings import OpeningKey
from kaimen.ledger.signing import _key
from kaimen.proofs import commitments
from kaimen.proofs.notes import LogKey, WitnessKey
from kaimen.register.models import Place
from kaimen.rules import Vocabulary, parse
from kaimen.rules.as_json import to_json
from kaimen.status import judged, lists
from kaimen.status.tests.conftest import PaperSource
from kaimen_gate import wire
from kaimen_gate.facts import FACTS
from tests.attacks.forging import honest_proof, identity_of, newest_moment, own_log, proof_by, rewrite
from tests.attacks.hands import EMERGENCY, Hands, Served
from tests.attacks.outside import PLACE
from tests.attacks.ways_of_time import (
    clock_put_forward,
    dated_back,
    dated_back_logged,
    kept_alive,
    list_dated_ahead,
    list_from_elsewhere,
    old_list_again,
)

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Way:
    """One way. `does` gives what a gate is served instead of the server's answer, or what the door answered."""

    does: Callable[[Hands], Served]
    door: str = ""
    found: str = ""
    gate: str = ""
    after: timedelta = HOUR  # when it happens

    @property
    def name(self) -> str:
        """For the table and the tests."""
        return self.does.__name__.replace("_", "-")

    @property
    def row(self) -> str:
        """Its line in docs/reference/attacks.md."""
        code, _, why = self.door.partition(":")
        stops = [f"the door: {code} (`{why}`)"] if self.door else []
        stops += [f"the gate: “{self.gate}”"] if self.gate else []
        stops += [] if stops else ["the gate keeps the last good list" if self.found else "nobody turns red by it"]
        if not self.found:
            found = "nothing untrue is in the log"
        else:
            found = f"“{self.found}”" if " " in self.found else f"`{self.found}`"
        return f"| `{self.name}` | {(self.does.__doc__ or '').strip()} | {'; '.join(stops)} | {found} |"


def no_evidence(hands: Hands) -> Served:
    """Write red into the log and the list, with no evidence at all."""
    hands.turns_red()
    return None


def forged_evidence(hands: Hands) -> Served:
    """Sign evidence in the other source's name with a key of the server's, and send it in."""
    return hands.sends(hands.positive(hands.town.source("cdc"), signs_with=hands.centre_key))


def forged_evidence_logged(hands: Hands) -> Served:
    """The same past the door: into the log, with red for everybody."""
    envelopes = hands.positive(hands.town.source("cdc"), signs_with=hands.centre_key)
    hands.logs_evidence([*envelopes, *hands.positive()])
    hands.turns_red([statements.read(one).statement.id for one in envelopes[:1]], ("hospital", "cdc"))
    return None


def own_key_as_source(hands: Hands) -> Served:
    """Make a key, call it the source's, and sign with it."""
    key = SigningKey.generate()
    return hands.sends(hands.positive(signs_with=key, key=key.public.key_id))


def accredit_by_oneself(hands: Hands) -> Served:
    """Accredit a source of one's own, signed with the keys on the disk."""
    key, now = SigningKey.generate(), moment(clock.now())
    envelope = hands.says(
        statements.Accreditation, id=ids.new_id().bytes, made=now, source="ghost", organisation="ghost",
        public_key=key.public.raw, kinds=("test",), since=now, until=now + 10**9,
    )  # fmt: skip
    hands.logs(leaves.accredited(envelope))
    cdc = hands.town.source("cdc")
    hands.logs_evidence(hands.positive(PaperSource(cdc.row, key, cdc.genesis, cdc.officer), source="ghost",
                                       key=key.public.key_id))  # fmt: skip
    hands.turns_red()
    return None


def evidence_of_another(hands: Hands) -> Served:
    """Log the true evidence of somebody ill once more, and rest everybody's red on it."""
    envelope = hands.envelope_of_the_ill()
    hands.logs_evidence([envelope])
    hands.turns_red([statements.read(envelope).statement.id], ("hospital", "cdc"))
    return None


def person_exchanged(hands: Hands) -> Served:
    """Sign about a victim what was seen of somebody else: the identity is not theirs."""
    return hands.sends(hands.positive(identity=identity_of(hands.town.ill[0])))


def negative_evidence(hands: Hands) -> Served:
    """Send in true negative tests of both sources, and rest red on them."""
    ids_ = []
    for slug in ("hospital", "cdc"):
        source = hands.town.source(slug)
        envelopes = [source.evidence(one, "test", test_result="negative") for one in hands.victims]
        assert hands.sends(envelopes) == {"taken"}
        ids_.append(statements.read(envelopes[0]).statement.id)
    hands.turns_red(ids_, ("hospital", "cdc"))
    return None


def unpublished_rules(hands: Hands) -> Served:
    """Publish rules by which everybody is red, signed with the keys on the disk."""
    text = next(bytes(one.data) for one in PublicObject.objects.all() if b"rule: " in bytes(one.data))
    text = text.replace(b"test_result = 'positive'", b"test_result is null")
    now = moment(clock.now())
    digest = publish(text)
    envelope = hands.says(
        statements.Publication, id=ids.new_id().bytes, made=now, status="person", digest=digest, since=now
    )
    hands.logs(leaves.rules_published(envelope))
    hands.turns_red()
    return None


def one_source_alone(hands: Hands) -> Served:
    """Say it of everybody with the one stolen key, through the door."""
    hands.sends(hands.positive())
    lists.publish(hands.town.activation)
    return None


def one_source_twice(hands: Hands) -> Served:
    """Say it twice with the one stolen key, and count it as two."""
    first, second = hands.positive(), hands.positive()
    hands.sends(first)
    hands.sends(second)
    both = [statements.read(one[0]).statement.id for one in (first, second)]
    hands.turns_red(both, ("hospital", "hospital-east"))
    return None


def bulk_let_through(hands: Hands) -> Served:
    """Set by SQL what waits for a countersignature as if it did not, and judge anew."""
    hands.sends(hands.positive())
    hands.sql("UPDATE status_evidence SET waits = 0")
    judged.settle(hands.town.activation, [one.pk for one in hands.victims], "approval")
    hands.turns_red(sources=("hospital", "cdc"))
    return None


def approved_by_oneself(hands: Hands) -> Served:
    """Countersign one's own bulk with the same organisation's key."""
    envelopes = hands.positive()
    hands.sends(envelopes)
    return hands.sends([hands.source.approval(*envelopes[:5])])


def approved_by_forgery(hands: Hands) -> Served:
    """Countersign one's own bulk in the other organisation's name, with a key of the server's."""
    envelopes = hands.positive()
    hands.sends(envelopes)
    cdc = hands.town.source("cdc")
    return hands.sends([replace(cdc, key=hands.centre_key).approval(*envelopes[:5])])


def declared_for_everybody(hands: Hands) -> Served:
    """Declare a fever in everybody's name, and turn them red for it."""
    hands.logs(*(leaves.declaration("person", one.pk.bytes, "symptoms", bytes(32)) for one in hands.victims))
    hands.turns_red()
    return None


def rows_by_hand(hands: Hands) -> Served:
    """Set every standing and decision to red by SQL; then the server publishes as always."""
    hands.sql("UPDATE status_standing SET colour = 'red', until = NULL")
    hands.sql("UPDATE status_decision SET after = 'red'")
    lists.publish(hands.town.activation)
    return None


def evidence_moved(hands: Hands) -> Served:
    """Move the evidence against the ill to others by SQL; then the server judges and publishes."""
    hands.sql("UPDATE status_evidence SET subject_id = %s", hands.victims[0].pk.hex)
    judged.settle(hands.town.activation, [hands.victims[0].pk], "evidence")
    lists.publish(hands.town.activation)
    return None


def place_moved(hands: Hands) -> Served:
    """Say that the victims’ places in the list belong to somebody ill."""
    ill = hands.town.ill[0]
    for place in sorted(hands.town.places(hands.victims)):
        hands.logs(leaves.index(ill.pk.bytes, place, identity_of(ill)))
    hands.publishes()
    return None


def identity_changed(hands: Hands) -> Served:
    """Register somebody ill under a victim’s identity, and give them one more place."""
    hands.logs(leaves.index(hands.town.ill[0].pk.bytes, 2**23 + 1, identity_of(hands.victims[0])))
    hands.publishes()
    return None


def list_without_leaf(hands: Hands) -> Served:
    """Serve gates a list signed by the centre, with the proof of the honest one."""
    return replace(honest_proof(hands), content=hands.signed(hands.all_red(), newest_moment(hands))).to_bytes()


def list_underived(hands: Hands) -> Served:
    """Log and serve a list that names everybody red, and no colour for it."""
    hands.publishes()
    return None


def log_rewritten(hands: Hands) -> Served:
    """Change a leaf in the log, build the tree anew, and sign it with the stolen key."""
    rewrite(hands, Leaf.objects.filter(kind="colour").order_by("index")[0])
    hands.turns_red()
    return None


def log_forked(hands: Hands) -> Served:
    """Show gates another tree than the witness, signed with the stolen key of the log."""
    forked = proof_by(hands, lambda text: (_key(own_log()).sign(text),))
    hands.turns_red()
    hands.signs()
    rewrite(hands, Leaf.objects.get(index=0))
    return forked


def own_witness(hands: Hands) -> Served:
    """Register a witness of one’s own and let it cosign."""
    mine = WitnessKey.generate("court.example/witness")
    other = WitnessKey.generate("friend.example/witness")
    witnesses.add(str(other.verifier))
    keys = (mine, other)
    return proof_by(hands, lambda text: (_key(own_log()).sign(text), *(one.cosign(text, clock.now()) for one in keys)))


def migrated(hands: Hands) -> Served:
    """Move to another system with a log of its own, and take the colours along."""
    key = LogKey.generate("new.example/log/1")
    return proof_by(hands, lambda text: (key.sign(text),), origin=key.name)


def second_genesis(hands: Hands) -> Served:
    """Begin a second activation in the same log, with authorities of one’s own."""
    keys = [(key.public.key_id.hex(), key.public.raw) for key in (SigningKey.generate(), SigningKey.generate())]
    hands.logs(leaves.genesis("kaimen.example", keys))
    hands.turns_red()
    return None


def opening_kept_back(hands: Hands) -> Served:
    """Log red, and keep what the leaves hide from the witness."""
    before = set(Opening.objects.values_list("leaf", flat=True))
    hands.turns_red()
    Opening.objects.exclude(leaf__in=before).delete()
    return None


def opening_exchanged(hands: Hands) -> Served:
    """Log red, and give the witness openings that say green."""
    before = set(Opening.objects.values_list("leaf", flat=True))
    hands.turns_red()
    key = OpeningKey.of(EMERGENCY)
    for row in Opening.objects.exclude(leaf__in=before):
        opened = key.open(row.leaf, bytes(row.sealed))
        row.sealed = key.seal(row.leaf, commitments.Opening(opened.salt, opened.secret[:-1] + b"\0"))
        row.save()
    return None


def openings_destroyed(hands: Hands) -> Served:
    """Log red, destroy what every leaf hides, and say that this is how it has to be."""
    hands.turns_red()
    hands.logs(leaves.Body("openings-destroyed", {"emergency": EMERGENCY, "openings": Opening.objects.count()}))
    Opening.objects.all().delete()
    return None


def activation_ended(hands: Hands) -> Served:
    """Say that the activation is over, so that nobody replays, and publish red behind it."""
    hands.logs(leaves.Body("emergency-ended", {"emergency": EMERGENCY}))
    hands.turns_red()
    return None


def reversed_quietly(hands: Hands) -> Served:
    """Turn the ill green in the list, and say nothing of it in the log."""
    size, at = lists._log_as_it_stands(), moment(clock.now())
    green = status_lists.packed({}, lists.PLACES, 2)
    hands.logs(leaves.status_list("person", green.digest, {}, leaves.Computed(2, lists.PLACES, size, at)))
    return None


def usual_colour_shut(hands: Hands) -> Served:
    """Sign a name list that refuses the usual colour."""
    made = snapshots.snapshot_of(Place.objects.get(code=PLACE))
    everybody = to_json(parse("not (colour = 'red')", Vocabulary(FACTS)).tree)
    rules = (wire.Rule("colour-refused", "refuse", everybody), *made.rules)
    return wire.write_snapshot(replace(made, rules=rules), hands.centre_key)


WAYS = (
    Way(no_evidence, found="colour-underived"),
    Way(forged_evidence, door="refused:signature"),
    Way(forged_evidence_logged, found="evidence-refused"),
    Way(own_key_as_source, door="refused:unknown-key"),
    Way(accredit_by_oneself, found="authorities-refused"),
    Way(evidence_of_another, found="evidence-twice"),
    Way(person_exchanged, door="refused:other-person"),
    Way(negative_evidence, found="colour-underived"),
    Way(unpublished_rules, found="authorities-refused"),
    Way(one_source_alone),
    Way(one_source_twice, found="colour-underived"),
    Way(bulk_let_through, found="colour-underived"),
    Way(approved_by_oneself, door="refused:same-organisation"),
    Way(approved_by_forgery, door="refused:unknown-key"),
    Way(declared_for_everybody, found="colour-underived"),
    Way(dated_back, door="refused:late"),
    Way(dated_back_logged, found="evidence-refused"),
    Way(rows_by_hand),
    Way(evidence_moved, found="list-underived"),
    Way(place_moved, found="index-moved"),
    Way(identity_changed, found="identity-changed"),
    Way(list_without_leaf, gate="not the list its leaf names", found="list-unlogged"),
    Way(list_underived, found="list-underived"),
    Way(list_from_elsewhere, found="list-elsewhere"),
    Way(list_dated_ahead, found="list-elsewhere"),
    Way(log_rewritten, found="do not begin with"),
    Way(log_forked, gate="0 of 1 pinned witnesses", found="do not begin with"),
    Way(own_witness, gate="0 of 1 pinned witnesses"),
    Way(migrated, gate="a log that is not pinned"),
    Way(second_genesis, found="genesis-second"),
    Way(opening_kept_back, found="opening-missing"),
    Way(opening_exchanged, found="opening-false"),
    Way(openings_destroyed, found="opening-missing"),
    Way(activation_ended, found="after-the-end"),
    Way(clock_put_forward, found="leaf-out-of-time"),
    Way(kept_alive, found="list-underived", after=timedelta(days=12)),
    Way(reversed_quietly, found="list-underived"),
    Way(old_list_again, gate="older than one that was in force"),
    Way(usual_colour_shut, gate="the usual colour never shuts a door"),
)
