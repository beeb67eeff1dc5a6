"""What a log says of places, heard by the replay: evidence admitted, each colour judged again, each picture too.

A building's colour follows from evidence and from facts that only the server knows (who has filed a name list). The
opening of its leaf names all of them: those that follow from evidence are worked out here again, and the colour is
judged from the whole. A colour that evidence alone decides must be in the log as soon as the server judges at all.
"""

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from kaimen.colours.evenings import Contradicted, Evenings, Life
from kaimen.colours.leaves import Leaf
from kaimen.colours.moments import FAR, MINUTE, SECOND, local_day, midnight_after, moment
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
        self._changed: dict[str, int] = {}  # place → the last leaf about it
        self._pictures: dict[bytes, Mapping[str, Any]] = {}  # digest → what its leaf opened to
        self._days: set[str] = set()
        self._run: _Run | None = None
        self._life, self._contradicted = Life(), Contradicted()
        self._first: StatusDefinition | None = None  # the rules that were published first
        self._evenings: Evenings | None = None

    def learn(self, definition: StatusDefinition) -> None:
        """Rules of places were published. Raises RuleRefused."""
        self._rules[definition.digest] = Rules(definition)
        self._first = self._first or definition
        if self._evenings is not None:
            self._evenings.rules_changed()

    def lives(self, at: int, index: int) -> None:
        """The log goes on with leaf number `index`, logged at `at`: what had to be in it before?"""
        lived = self._life.goes_on(at)
        if self._run is not None and at > self._run.as_of + _WITHIN:
            self.finish()
        if self._first is None:
            return
        for what in self._contradicted.stays(lived, lambda: self._found_against(at, index)):
            self._alarm("colour-missing", index, what)
        self._evenings = self._evenings or self._begin(self._first, at)
        missing = self._evenings.overdue(at, lived) if self._evenings else None
        if missing is not None:
            self._alarm("picture-missing", index, f"nothing was frozen on the evening of {missing}")

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
        self._changed[code] = index
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
        self._in_its_row(day, due, index)
        rules = self._in_force(status, due)
        if (rules.definition.digest if rules else None) != secret["rules"]:
            self._alarm("picture-underived", index, f"{day} judged by rules that were not in force")
            return
        if due > leaf.at or (rules is not None and due != self._due_on(rules.definition, date.fromisoformat(day))):
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
        if run is not None:
            for _place, what in self._against(run.status, run.as_of, run.first, run.places):
                self._alarm("colour-missing", run.last, what)

    def _found_against(self, at: int, index: int) -> Mapping[Hashable, str]:
        """What evidence says now against any colour, by place and the leaf that gave the colour."""
        assert self._first is not None
        found = self._against(self._first.slug, at, index, ())
        return {(place, self._changed.get(place)): what for place, what in found}

    def _against(self, status: str, at: int, index: int, judged: Collection[str]) -> Iterator[tuple[str, str]]:
        """Places whose colour evidence contradicts at a moment, by what stood before leaf `index`; `judged` are well.

        Gives the place's code (of one without any colour, its identity) and what is wrong.
        """
        rules = self._in_force(status, at)
        if rules is None:
            return
        day = local_day(at, rules.definition.zone)
        named = {identity_of(code) for code in judged}
        for (of, code), (colour, rule, digest) in self._logged.items():
            if of != status or code in judged:
                continue
            known = worked_out(self._about(identity_of(code), at, index), rules.definition, at)
            if digest != rules.definition.digest or rules.contradicts(rule, known, day):
                yield code, f"{code} stays {colour or 'unknown'} by rule {rule}"
            named.add(identity_of(code))
        for identity in self._given.keys() - named:
            if self._about(identity, at, index):
                place = identity.hex()[:12]
                yield place, f"a place with evidence ({place}) has no colour"

    def _begin(self, first: StatusDefinition, at: int) -> Evenings | None:
        """The evenings from the first for which rules are in force; None while there are none."""
        since = next((since for since, _digest in self._trust.published[first.slug]), None)
        if since is None or since > at:
            return None
        day = local_day(since, first.zone)
        while day.isoformat() in self._days or self._due_on(first, day) < min(since, FAR):
            day += timedelta(days=1)
        return Evenings(day, lambda day: self._due_on(first, day))

    def _in_its_row(self, day: str, due: int, index: int) -> None:
        """A picture is of the day it says, and none before it was left out."""
        if self._first is None:
            return
        if local_day(due, self._first.zone).isoformat() != day:
            self._alarm("picture-underived", index, f"{day} shown as of another day")
        elif self._evenings and (left_out := self._evenings.pictured(date.fromisoformat(day))):
            self._alarm("picture-missing", index, f"{left_out} evenings before {day} have none")

    def _due_on(self, known: StatusDefinition, day: date) -> int:
        """When the picture of a day freezes; `known` are rules of this status, for the zone."""
        begins = moment(datetime.combine(day, time(), known.zone).astimezone(UTC))
        digest = self._trust.rules_of_day(known.slug, begins, midnight_after(begins, known.zone))
        rules = self._rules.get(digest) if digest is not None else None
        at = time.fromisoformat((rules.definition if rules else known).cut_off or CUT_OFF)
        return moment(datetime.combine(day, at, known.zone).astimezone(UTC))

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
