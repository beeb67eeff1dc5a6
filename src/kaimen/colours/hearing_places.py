"""What a log says of places, heard by the replay: evidence admitted, each colour judged again, each picture too.

A building's colour follows from evidence and from facts that only the server knows (who has filed a name list). The
opening of its leaf names all of them: those that follow from evidence are worked out here again, and the colour is
judged from the whole. A colour that evidence alone decides must be in the log as soon as the server judges at all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from kaimen.colours.leaves import Leaf
from kaimen.colours.moments import MINUTE, SECOND, local_day, moment
from kaimen.colours.place_facts import checkable, identity_of, in_order, worked_out
from kaimen.colours.places import Judge, Judged, fields_read, judge_of
from kaimen.colours.rules_of import expressions_of
from kaimen.colours.statements import Evidence, Signed
from kaimen.colours.terms import StatusDefinition, typed
from kaimen.colours.trust import Accredited, NotAdmitted, Trust, check_evidence
from kaimen.rules import compile_rules
from kaimen.rules.tree import Value

CUT_OFF = "22:00"  # where the rules of places say nothing else
_WITHIN = 15 * MINUTE  # from judging a place to its leaf
_AROUND = 2 * SECOND  # evidence that arrives in the moment of a picture is in it, or not
Alarms = Callable[[str, int, str], None]  # kind, leaf, what
Key = tuple[str, str]  # status, code of a place
Said = bool | int | str


@dataclass
class Rules:
    """Published rules of places, compiled."""

    definition: StatusDefinition
    judge: Judge = field(init=False)

    def __post_init__(self) -> None:
        """Raises RuleRefused."""
        self.judge = judge_of(self.definition)
        self.known = checkable(self.definition)
        self._asked = compile_rules(expressions_of(self.definition))
        reads = fields_read(self.definition)
        self._alone = [number for number, one in enumerate(reads[:-1]) if set(one) <= self.known]

    def row(self, facts: Mapping[str, Said]) -> dict[str, Value]:
        """Facts as they were logged, typed. Raises ValueError for one that the rules do not know."""
        if strange := facts.keys() - self.definition.fields.keys():
            raise ValueError(f"no rule knows {', '.join(sorted(strange))}")
        return {name: typed(value, self.definition.fields[name]) for name, value in facts.items()}

    def contradicts(self, rule: int, evidence: Mapping[str, Value], day: date) -> bool:
        """Whether evidence alone shows that this rule (from 1; 0 none) cannot be the one that decides."""
        answers = self._asked(evidence, day)
        usual = len(self.definition.rules)
        for number in self._alone:
            holds = answers[number]
            if number + 1 == rule:
                return holds is not True
            if holds is True and (rule == 0 or number + 1 < rule):
                return True
            if holds is None and rule == usual:
                return True
        return False


@dataclass(frozen=True, slots=True)
class _Given:
    """Evidence about a place, where it stands in the log."""

    said: Evidence
    by: Accredited
    at: int
    index: int


@dataclass
class _Run:
    """One judging of all places: its leaves carry the same moment."""

    status: str
    as_of: int
    first: int
    last: int
    places: set[str] = field(default_factory=set)


class PlacesHeard:
    """The places of one emergency. `alarm` takes what is wrong."""

    def __init__(self, trust: Trust, alarm: Alarms) -> None:
        self._trust, self._alarm = trust, alarm
        self._rules: dict[bytes, Rules] = {}
        self._given: dict[bytes, list[_Given]] = {}  # by identity of the place
        self._logged: dict[Key, tuple[str, int, bytes]] = {}  # colour, rule, digest
        self._pictures: dict[bytes, Mapping[str, Any]] = {}  # digest → what its leaf opened to
        self._days: set[str] = set()
        self._run: _Run | None = None

    def learn(self, definition: StatusDefinition) -> None:
        """Rules of places were published. Raises RuleRefused."""
        self._rules[definition.digest] = Rules(definition)

    def colours(self) -> Mapping[Key, str]:
        """What the log says now of each place."""
        return {key: colour for key, (colour, _rule, _digest) in self._logged.items()}

    def evidence(self, leaf: Leaf, signed: Signed, index: int) -> None:
        """A source says something about a place. Raises NotAdmitted."""
        said, by = self._trust.admit(signed, leaf.at)
        if not isinstance(said, Evidence) or (said.source, said.of) != (leaf.public["source"], leaf.public["of"]):
            raise NotAdmitted("not-a-statement-for-here", "the source and kind of evidence that the leaf names")
        rules = self._in_force(said.status, leaf.at)
        if rules is None:
            raise NotAdmitted("rules-not-published", "evidence under published rules of places")
        check_evidence(said, rules.definition, leaf.at, None)
        self._given.setdefault(said.identity, []).append(_Given(said, by, leaf.at, index))

    def colour(self, leaf: Leaf, secret: Mapping[str, Any], index: int) -> None:
        """The server says a place's colour changed, or its rule."""
        status, code, as_of = leaf.public["status"], secret["place"], secret["as_of"]
        if self._run is None or (self._run.status, self._run.as_of) != (status, as_of):
            self.finish()
            self._run = _Run(status, as_of, index, index)
        self._run.places.add(code)
        self._run.last = index
        said = (secret["to"], secret["rule"], leaf.public["rules"])
        before = self._logged.get((status, code))
        self._logged[status, code] = said
        if secret["from"] != (before[0] if before else "") or before == said:
            had = before[0] if before else "nothing"
            self._alarm("colour-out-of-order", index, f"{code} from {secret['from']} where the log had {had}")
        if not leaf.at - _WITHIN <= as_of <= leaf.at:
            self._alarm("colour-underived", index, f"{code} judged at another time than its leaf's")
        rules = self._in_force(status, as_of)
        if rules is None or rules.definition.digest != leaf.public["rules"]:
            self._alarm("colour-underived", index, f"{code} by rules that are not in force")
            return
        self._judge(rules, _Seen(code, *said[:2], secret["facts"]), as_of, index, "colour-underived")

    def picture(self, leaf: Leaf, secret: Mapping[str, Any], index: int) -> None:
        """A day's picture was frozen: every colour in it follows from its facts, and these from evidence."""
        self.finish()
        status, due, day = secret["status"], secret["due"], leaf.public["day"]
        self._pictures[leaf.public["digest"]] = {"day": day, **secret}
        if day in self._days:
            self._alarm("picture-second", index, f"{day} was frozen before")
        self._days.add(day)
        rules = self._in_force(status, due)
        if (rules.definition.digest if rules else None) != secret["rules"]:
            self._alarm("picture-underived", index, f"{day} judged by rules that were not in force")
            return
        if due > leaf.at or (rules is not None and due != _due(rules.definition, day)):
            self._alarm("picture-underived", index, f"{day} frozen at another time than its rules say")
        for code, colour, rule, facts in secret["buildings"]:
            if rules is not None:
                self._judge(rules, _Seen(code, colour, rule, facts), due, index, "picture-underived", _AROUND)
            elif colour or rule:
                self._alarm("picture-underived", index, f"{code} has a colour, and no rules were in force")

    def shown(self, digest: bytes, day: str, buildings: Sequence[Sequence[Any]]) -> str:
        """What is wrong with a picture that somebody was handed; nothing when it is the one in the log."""
        logged = self._pictures.get(digest)
        if logged is None or logged["day"] != day:
            return f"no leaf names this picture of {day}"
        if [list(one) for one in logged["buildings"]] != [list(one) for one in buildings]:
            return f"its leaf opened to other colours of {day}"
        return ""

    def finish(self) -> None:
        """Whoever was not named in a judging that is over keeps the colour the log had: it must not contradict."""
        run, self._run = self._run, None
        rules = self._in_force(run.status, run.as_of) if run else None
        if run is None or rules is None:
            return
        day = local_day(run.as_of, rules.definition.zone)
        named = {identity_of(code) for code in run.places}
        for (status, code), (colour, rule, digest) in self._logged.items():
            if status != run.status or code in run.places:
                continue
            known = worked_out(self._about(identity_of(code), run.as_of, run.first), rules.definition, run.as_of)
            if digest != rules.definition.digest or rules.contradicts(rule, known, day):
                self._alarm("colour-missing", run.last, f"{code} stays {colour or 'unknown'} by rule {rule}")
            named.add(identity_of(code))
        for identity in self._given.keys() - named:
            if self._about(identity, run.as_of, run.first):
                self._alarm("colour-missing", run.last, f"a place with evidence ({identity.hex()[:12]}) has no colour")

    def _in_force(self, status: str, at: int) -> Rules | None:
        digest = self._trust.rules_at(status, at)
        return self._rules.get(digest) if digest is not None else None

    def _about(self, identity: bytes, at: int, index: int) -> list[Evidence]:
        """The evidence about a place that had arrived and counts, in order."""
        given = self._given.get(identity, ())
        return in_order(
            one.said for one in given if one.index < index and one.at <= at and one.by.in_force(one.at)
        )  # fmt: skip

    def _judge(self, rules: Rules, seen: "_Seen", at: int, index: int, kind: str, around: int = 0) -> None:
        """Work a colour out again from its facts, and what evidence says of these."""
        try:
            row = rules.row(seen.facts)
        except ValueError as error:
            self._alarm(kind, index, f"{seen.code}: {error}")
            return
        follows = rules.judge(row, local_day(at, rules.definition.zone))
        if follows != Judged(seen.colour, seen.rule):
            what = f"{seen.code} {seen.colour or 'unknown'} by rule {seen.rule}"
            self._alarm(kind, index, f"{what} where {follows.colour or 'unknown'} by rule {follows.rule} follows")
        said = {name: value for name, value in row.items() if name in rules.known}
        identity = identity_of(seen.code)
        for arrived in {at, at - around}:
            known = worked_out(self._about(identity, arrived, index), rules.definition, at)
            if known == said:
                return
        wrong = ", ".join(sorted(name for name in rules.known if known.get(name) != said.get(name)))
        self._alarm("fact-false", index, f"{seen.code}: evidence says otherwise of {wrong}")


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a leaf or a picture says of one place."""

    code: str
    colour: str
    rule: int
    facts: Mapping[str, Said]


def _due(definition: StatusDefinition, day: str) -> int:
    """When the picture of a day freezes."""
    at = time.fromisoformat(definition.cut_off or CUT_OFF)
    return moment(datetime.combine(date.fromisoformat(day), at, definition.zone).astimezone(UTC))
