"""One emergency's colours, heard leaf by leaf: what is admitted, what follows, and what does not.

The inside of `replay`: it keeps standings, lets clocks run, and compares what the log says with what follows.
"""

import heapq
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from kaimen.colours import lists
from kaimen.colours.alarms import Alarm
from kaimen.colours.bulk import Acts
from kaimen.colours.definitions import NotADefinition, read_text
from kaimen.colours.hearing_places import PlacesHeard
from kaimen.colours.judging import Judge, Judgement
from kaimen.colours.leaves import Leaf
from kaimen.colours.moments import MINUTE, local_day
from kaimen.colours.patience import Patience
from kaimen.colours.standings import Appealed, Given, Places, Standing
from kaimen.colours.statements import Approval, BySource, Evidence, Finding, Signed, Withdrawal
from kaimen.colours.terms import StatusDefinition, digest_of
from kaimen.colours.trust import Accredited, NotAdmitted, Trust, check_evidence

_CLOCK_SKEW = MINUTE  # between an appeal's leaf and the clock it says
_REFUSED = {
    "accredited": "authorities-refused", "accreditation-ended": "authorities-refused",
    "rules-published": "authorities-refused", "evidence": "evidence-refused", "withdrawal": "withdrawal-refused",
    "approval": "approval-refused", "appeal-answered": "finding-refused", "place-evidence": "evidence-refused",
}  # fmt: skip
Secret = Mapping[str, Any] | Signed | None
Key = tuple[str, bytes]  # status, subject
_Due = tuple[int, str, tuple[Any, ...]]  # when; what happens by itself; of whom


class Hearing:
    """The state of one emergency. `run_to` before each leaf, then `hear`."""

    def __init__(self, trust: Trust, objects: Callable[[bytes], bytes | None]) -> None:
        self.alarms: list[Alarm] = []
        self._trust, self._objects = trust, objects
        self._judges: dict[bytes, Judge | None] = {}  # by digest; None for rules of places, and what cannot be read
        self._in_force: dict[str, bytes] = {}  # status → digest
        self._standings: dict[Key, Standing] = {}
        self._given: dict[bytes, Given] = {}
        self._withdrawals: dict[bytes, Given] = {}  # by id of the withdrawal
        self._said: set[tuple[str, bytes]] = set()  # kind of leaf, id of the statement
        self._appeals: dict[bytes, Appealed] = {}
        self._identities: dict[bytes, bytes] = {}
        self._places = Places()
        self._acts = Acts()
        self._due: list[_Due] = []
        self._patience = Patience()
        self._now = 0
        self._index = 0
        self.buildings = PlacesHeard(trust, lambda kind, index, what: self.alarms.append(Alarm(kind, index, what)))

    def colours(self) -> Mapping[str, Mapping[bytes, Judgement]]:
        """What holds now, the usual colour left out."""
        found: dict[str, dict[bytes, Judgement]] = {}
        for (status, subject), standing in self._standings.items():
            if standing.expected.rule != standing.usual.rule:
                found.setdefault(status, {})[subject] = standing.expected
        return found

    def run_to(self, at: int, size: int) -> None:
        """Let clocks run to `at`, while the log has `size` leaves."""
        self._index = size
        self.buildings.lives(at, size)
        self._patience.goes_on(at)
        while self._due and self._due[0][0] <= at:
            due, what, about = heapq.heappop(self._due)
            self._now = max(self._now, due)
            _HAPPENS[what](self, *about)
        self._now = max(self._now, at)
        for what, *awaited in self._patience.gone():
            _AWAITED[what](self, *awaited)

    def hear(self, leaf: Leaf, secret: Secret, index: int) -> None:
        """One leaf. Raises NotAdmitted for a statement without effect."""
        self._index = index + 1  # what follows from it is so for whoever has seen it
        if isinstance(secret, Signed):
            said = leaf.kind, secret.statement.id  # a source may choose an id that another kind has: its own mischief
            if said in self._said:
                self._alarm("evidence-twice", f"{secret.statement.kind} {secret.statement.id.hex()}")
                return
            _STATEMENTS[leaf.kind](self, leaf, secret)
            self._said.add(said)
        else:
            assert secret is not None
            _SAYINGS[leaf.kind](self, leaf, secret)

    def refuse(self, leaf: Leaf, index: int, why: str) -> None:
        """A statement that should not stand in the log."""
        self.alarms.append(Alarm(_REFUSED[leaf.kind], index, why))

    def list_fresh(self, status: str) -> int | None:
        """How old a list of this status may be; None where no rules are in force."""
        judge = self._judge(status)
        return judge.definition.list_fresh if judge else None

    def differs(self, said: Mapping[str, Any]) -> str:
        """What is wrong with a list that a leaf names; nothing when it follows."""
        status, bits, size = said["status"], said["bits"], said["size"]
        judge = self._judge(status)
        assert judge is not None
        if said["as_of"] <= self._places.forgotten:
            return "older than any rules allowed when it was computed"
        values = self._places.at(status, said["log"], said["as_of"])
        if bits != judge.definition.list_bits or size < max(self._places.owners, default=0) + 1:
            return f"{size} places of {bits} bits do not hold everybody"
        shown = values if bits == 2 else dict.fromkeys(values, 1)
        try:
            derived = lists.packed(shown, size, bits)
        except ValueError as error:
            return str(error)
        if derived.digest != said["digest"]:
            return f"{len(values)} places follow with a colour but the usual, and the digest is another"
        return self._counts_differ(judge.definition, values, said)

    def _counts_differ(self, definition: StatusDefinition, values: Mapping[int, int], said: Mapping[str, Any]) -> str:
        counted = Counter(definition.colour_of(value) for value in values.values())
        for colour in definition.colours:
            if colour != definition.usual and said["counts"].get(colour, 0) != counted[colour]:
                return f"{counted[colour]} are {colour}, not {said['counts'].get(colour, 0)}"
        return ""

    # What authorities say

    def _accredited(self, leaf: Leaf, signed: Signed) -> None:
        self._trust.accredit(signed, leaf.at)

    def _accreditation_ended(self, leaf: Leaf, signed: Signed) -> None:
        ended = self._trust.end(signed)
        touched = [key for key, one in self._standings.items() if any(given.by is ended for given in one.given)]
        for key in touched:
            self._rejudge(*key)

    def _rules_published(self, leaf: Leaf, signed: Signed) -> None:
        said = self._trust.publish(signed, leaf.at)
        if (said.status, said.digest) != (leaf.public["status"], leaf.public["rules"]):
            raise NotAdmitted("not-a-statement-for-here", "the rules that the leaf names")
        text = self._objects(said.digest)
        try:
            if text is None or digest_of(text) != said.digest:
                raise LookupError("the text is not there")
            definition = read_text(f"status/{said.status}.yaml", text)
            self._judges[said.digest] = Judge(definition) if definition.subject == "person" else None
            self._places.fresh = max(self._places.fresh, definition.list_fresh)
            if definition.subject == "place":
                self.buildings.learn(definition)
        except (NotADefinition, LookupError) as error:
            self._judges[said.digest] = None
            self._alarm("rules-missing", str(error))
        self._later(max(said.since, leaf.at), "rules", said.status)

    # What sources say

    def _evidence(self, leaf: Leaf, signed: Signed) -> None:
        said, by = self._trust.admit(signed, leaf.at)
        assert isinstance(said, Evidence)
        if (said.source, said.status) != (leaf.public["source"], leaf.public["status"]):
            raise NotAdmitted("not-a-statement-for-here", "the source and status that the leaf names")
        if said.status not in self._in_force:
            raise NotAdmitted("rules-not-published", "evidence under published rules")
        judge = self._judge(said.status)
        if judge is None:
            raise NotAdmitted("not-a-statement-for-here", "evidence about a place in a leaf of its own kind")
        check_evidence(said, judge.definition, leaf.at, self._identities.get(said.subject))
        self._identities.setdefault(said.subject, said.identity)
        given = Given(said, by, leaf.at, self._index)
        given.read_by(judge)
        given.waits = given.adverse and self._counts(judge, by, leaf.at)
        self._given[said.id] = given
        key = (said.status, said.subject)
        if key not in self._standings:
            self._standings[key] = Standing(judge.judge((), leaf.at))
        self._standings[key].given.append(given)
        self._rejudge(*key)

    def _withdrawal(self, leaf: Leaf, signed: Signed) -> None:
        said, by = self._reply(leaf, signed)
        assert isinstance(said, Withdrawal)
        given = self._given.get(said.evidence)
        if given is None:
            raise NotAdmitted("not-known", "evidence that stands in the log")
        if given.by.source != by.source:
            raise NotAdmitted("not-theirs", "a withdrawal by the source of the evidence")
        judge = self._judge(given.said.status)
        if judge and not given.adverse and self._counts(judge, by, leaf.at):
            given.withdrawal_waits = True
            self._withdrawals[said.id] = given
            return
        given.withdrawn = True
        self._rejudge(given.said.status, given.said.subject)

    def _approval(self, leaf: Leaf, signed: Signed) -> None:
        said, by = self._reply(leaf, signed)
        assert isinstance(said, Approval)
        about = [self._withdrawals.get(one) or self._given.get(one) for one in said.statements]
        if None in about:
            raise NotAdmitted("not-known", "statements that stand in the log")
        if any(given is not None and given.by.organisation == by.organisation for given in about):
            raise NotAdmitted("same-organisation", "an approval by another organisation")
        for id_, given in zip(said.statements, about, strict=True):
            assert given is not None
            if id_ in self._withdrawals:
                given.withdrawn, given.withdrawal_waits = True, False
            given.waits = False if id_ in self._given else given.waits
        for key in {(given.said.status, given.said.subject) for given in about if given is not None}:
            self._rejudge(*key)

    def _finding(self, leaf: Leaf, signed: Signed) -> None:
        said, by = self._reply(leaf, signed)
        assert isinstance(said, Finding)
        appeal = self._appeals.get(said.appeal)
        if appeal is None or appeal.answered:
            raise NotAdmitted("not-known", "an appeal that waits for an answer")
        if sorted((*said.strikes, *said.upholds)) != sorted(appeal.evidence):
            raise NotAdmitted("not-theirs", "each piece of the contested evidence, struck or upheld")
        contested = [self._given[one] for one in appeal.evidence]
        if any(given.by.organisation == by.organisation for given in contested):
            raise NotAdmitted("same-organisation", "a finding by another organisation than the evidence's")
        appeal.answered = True
        for given in contested:
            given.suspended.discard(appeal.id)
            given.struck = given.struck or given.said.id in said.strikes
        self._rejudge(appeal.status, appeal.subject)

    def _reply(self, leaf: Leaf, signed: Signed) -> tuple[BySource, Accredited]:
        said, by = self._trust.admit(signed, leaf.at)
        if said.source != leaf.public["source"]:
            raise NotAdmitted("not-a-statement-for-here", "the source that the leaf names")
        return said, by

    # What the server says

    def _place(self, leaf: Leaf, secret: Mapping[str, Any]) -> None:
        subject, place, identity = secret["subject"], secret["index"], secret["identity"]
        if not self._places.assign(place, subject):
            self._alarm("index-moved", f"place {place} was another's")
        if identity is not None and self._identities.setdefault(subject, identity) != identity:
            self._alarm("identity-changed", "a subject has one identity")
        for status in self._trust.published:
            if (standing := self._standings.get((status, subject))) is not None:
                self._show(status, subject, standing.expected)

    def _colour(self, leaf: Leaf, secret: Mapping[str, Any]) -> None:
        public, key = leaf.public, (leaf.public["status"], secret["subject"])
        digest = self._in_force.get(public["status"])
        standing = self._standings.get(key)
        if standing is None or digest != public["rules"]:
            self._alarm("colour-underived", "no evidence" if standing is None else "rules that are not in force")
            return
        if wrong := _other(standing, public, secret):
            self._alarm("colour-underived", wrong)
        elif public["from"] != standing.logged[0] or standing.logged == (public["to"], public["rule"]):
            self._alarm("colour-out-of-order", f"from {public['from']} where the log had {standing.logged[0]}")
        standing.was_logged(public["to"], public["rule"], leaf.at)
        self._watch(key, standing)

    def _appeal(self, leaf: Leaf, secret: Mapping[str, Any]) -> None:
        status, subject, due = leaf.public["status"], secret["subject"], leaf.public["due"]
        judge, standing = self._judge(status), self._standings.get((status, subject))
        if judge is None or standing is None or not set(secret["evidence"]) <= set(standing.expected.because):
            self._alarm("appeal-unsound", "it contests evidence that the colour does not rest on")
            return
        if abs(due - leaf.at - judge.definition.appeal_within) > _CLOCK_SKEW:
            self._alarm("appeal-unsound", "its clock is not the one of the rules")
            due = leaf.at + judge.definition.appeal_within
        appeal = Appealed(leaf.id, status, subject, tuple(secret["evidence"]), due, self._index - 1)
        self._appeals[leaf.id] = appeal
        self._later(due, "appeal", leaf.id)

    def _lapsed(self, leaf: Leaf, secret: Mapping[str, Any]) -> None:
        appeal = self._appeals.get(secret["appeal"])
        if appeal is None or not appeal.ran_out:
            self._alarm("appeal-unsound", "an appeal that has not run out is said to have")
        else:
            appeal.lapse_logged = True

    def _place_evidence(self, leaf: Leaf, signed: Signed) -> None:
        self.buildings.evidence(leaf, signed, self._index - 1)

    def _place_colour(self, leaf: Leaf, secret: Mapping[str, Any]) -> None:
        self.buildings.colour(leaf, secret, self._index - 1)

    def _picture(self, leaf: Leaf, secret: Mapping[str, Any]) -> None:
        self.buildings.picture(leaf, secret, self._index - 1)

    def _declaration(self, leaf: Leaf, secret: Mapping[str, Any]) -> None:
        """It makes no colour: nothing follows."""

    # What happens by itself

    def _appeal_due(self, id_: bytes) -> None:
        appeal = self._appeals[id_]
        if appeal.answered:
            return
        appeal.ran_out = True
        if (judge := self._judge(appeal.status)) is not None:
            self._patience.awaits(judge.definition.grace, "lapse", id_)
        for one in appeal.evidence:
            self._given[one].suspended.add(id_)
        self._rejudge(appeal.status, appeal.subject)

    def _lapse_awaited(self, id_: bytes) -> None:
        appeal = self._appeals[id_]
        if appeal.ran_out and not appeal.lapse_logged:
            self.alarms.append(Alarm("appeal-ignored", appeal.index, "its clock ran out and the log does not say so"))

    def _rules_due(self, status: str) -> None:
        digest = self._trust.rules_at(status, self._now)
        assert digest is not None, "what was published is in force at its time"
        self._in_force[status] = digest
        judge = self._judge(status)
        for (of, subject), standing in self._standings.items():
            if of == status and judge is not None:
                standing.usual = judge.judge((), self._now)
                for given in standing.given:
                    given.read_by(judge)
                self._rejudge(status, subject)

    def _colour_awaited(self, status: str, subject: bytes, since: int) -> None:
        standing = self._standings[status, subject]
        if standing.since == since != standing.missed:
            standing.missed, expected = since, standing.expected
            self._alarm("colour-missing", f"{expected.colour} by {expected.rule}, not {standing.logged[0]}, is due")

    def _rejudge(self, status: str, subject: bytes) -> None:
        judge, standing = self._judge(status), self._standings[status, subject]
        if judge is None:
            return
        items = standing.items()
        judgement = judge.judge(items, self._now)
        standing.expects(judgement, self._now)
        self._show(status, subject, judgement)
        self._watch((status, subject), standing)
        until = judgement.until or judge.due(items, self._now)
        if until is not None:
            self._later(until, "subject", status, subject)

    def _watch(self, key: Key, standing: Standing) -> None:
        """A colour that is due must be in the log within the grace."""
        judge = self._judge(key[0])
        if standing.since is not None and judge is not None:
            self._patience.awaits(judge.definition.grace, "colour", *key, standing.since)

    def _show(self, status: str, subject: bytes, judgement: Judgement) -> None:
        judge = self._judge(status)
        if judge is not None:
            value = judge.definition.list_value(judgement.colour)
            self._places.show(status, subject, value, self._index, self._now)

    def _judge(self, status: str) -> Judge | None:
        digest = self._in_force.get(status)
        return self._judges[digest] if digest is not None else None

    def _counts(self, judge: Judge, by: Accredited, at: int) -> bool:
        """Count an adverse act; whether it waits."""
        definition = judge.definition
        return self._acts.add(by.organisation, local_day(at, definition.zone), definition.bulk)

    def _later(self, at: int, what: str, *about: Any) -> None:
        heapq.heappush(self._due, (at, what, about))

    def _alarm(self, kind: str, what: str) -> None:
        self.alarms.append(Alarm(kind, self._index - 1, what))


def _other(standing: Standing, public: Mapping[str, Any], secret: Mapping[str, Any]) -> str:
    """What a leaf says of a colour that does not follow; nothing when all of it does."""
    said = Judgement(public["to"], public["rule"], tuple(secret["evidence"]), tuple(public["sources"]), public["until"])
    follows = standing.expected
    if said == follows:
        return ""
    if (said.colour, said.rule) != (follows.colour, follows.rule):
        return f"{said.colour} by {said.rule} where {follows.colour} by {follows.rule} follows"
    return "the colour follows, but from other evidence, sources or until another time"


_STATEMENTS: Mapping[str, Callable[[Hearing, Leaf, Signed], None]] = {
    "accredited": Hearing._accredited, "accreditation-ended": Hearing._accreditation_ended,
    "rules-published": Hearing._rules_published, "evidence": Hearing._evidence, "withdrawal": Hearing._withdrawal,
    "approval": Hearing._approval, "appeal-answered": Hearing._finding, "place-evidence": Hearing._place_evidence,
}  # fmt: skip
_SAYINGS: Mapping[str, Callable[[Hearing, Leaf, Mapping[str, Any]], None]] = {
    "index": Hearing._place, "colour": Hearing._colour, "appeal": Hearing._appeal, "appeal-lapsed": Hearing._lapsed,
    "declaration": Hearing._declaration, "place-colour": Hearing._place_colour, "snapshot": Hearing._picture,
}  # fmt: skip
_HAPPENS: Mapping[str, Callable[..., None]] = {
    "subject": Hearing._rejudge, "appeal": Hearing._appeal_due, "rules": Hearing._rules_due,
}  # fmt: skip
_AWAITED: Mapping[str, Callable[..., None]] = {"lapse": Hearing._lapse_awaited, "colour": Hearing._colour_awaited}
