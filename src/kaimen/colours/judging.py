"""From evidence to a person's colour: the whole of it. A pure function of published rules, evidence and the time.

Each organisation's evidence makes a row of its own: its latest of each kind. A rule that wants two sources holds when
it holds for two different organisations, on each one's evidence alone. The first rule that holds wins. A rule with
`lasts` holds no longer than that after the latest evidence it rests on was seen. No evidence, no colour but the usual.

Evidence that was taken back, struck or suspended still stands before what the same organisation said earlier: taking
the new away never brings the old back.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kaimen.colours.accusing import Accusing
from kaimen.colours.moments import local_day, midnight_after
from kaimen.colours.rules_of import expressions_of, moves_with_time, reads_absence
from kaimen.colours.terms import Rule, StatusDefinition
from kaimen.rules import Part, compile_rules, explain
from kaimen.rules.tree import Field, Value

Row = Mapping[str, Value | None]
_QUARTER, _DAYS_KEPT = 900_000, 10_000


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of evidence as judging sees it. `says` is typed (`trust.values_of`)."""

    id: bytes
    organisation: str
    of: str
    says: Mapping[str, Value]
    seen: int
    until: int
    order: int  # place in the log: of two seen together the later counts
    in_force: bool = True  # False: taken back, struck or suspended
    adverse: bool = True  # whether it can lead to a colour at all (`Judge.adverse`); True when nobody asked


@dataclass(frozen=True, slots=True)
class Judgement:
    """A colour, the rule that gives it, the evidence and organisations it rests on, and when that rule ends.

    `until` is when, with nothing new, another rule (or none) holds; None for what does not end by itself.
    """

    colour: str
    rule: str
    because: tuple[bytes, ...] = ()
    sources: tuple[str, ...] = ()
    until: int | None = None


class Judge:
    """The rules of one definition, compiled. Raises RuleRefused for rules that cannot be read."""

    def __init__(self, definition: StatusDefinition) -> None:
        self.definition = definition
        self._expressions = expressions_of(definition)
        self._holds = compile_rules(self._expressions)
        self._rules: Sequence[Rule] = definition.rules[:-1]
        self._usual = Judgement(definition.usual, definition.rules[-1].slug)
        self._timed = any(moves_with_time(one) for one in self._expressions)
        self._absence = any(reads_absence(one) for one in self._expressions)
        self._accusing = {
            kind.slug: Accusing(self._expressions, frozenset(kind.fields)) for kind in definition.evidence.values()
        }
        self._absent: Row = dict.fromkeys(definition.fields)  # a row that names every field is answered faster
        self._days: dict[int, date] = {}

    def judge(self, items: Iterable[Item], as_of: int) -> Judgement:
        """The colour at the moment `as_of`."""
        latest = self._latest(items)
        if not latest:
            return self._usual
        index, holders = self._first(latest, as_of)
        if index == len(self._rules):
            return self._usual
        because = [item for one in holders for item in self._deciding(index, one, latest, as_of)]
        return Judgement(
            colour=self._rules[index].colour,
            rule=self._rules[index].slug,
            because=tuple(item.id for item in sorted(because, key=lambda item: item.order)),
            sources=tuple(sorted({item.organisation for item in because})),
            until=self._end(index, latest, as_of),
        )

    def due(self, items: Iterable[Item], as_of: int) -> int | None:
        """The next moment at which, with nothing new, another rule may hold; None when that cannot be."""
        latest = self._latest(items)
        waiting = [item for item in latest if item.in_force and item.until > as_of]
        if not waiting or not (self._absence or any(item.adverse for item in waiting)):
            return None
        index, _ = self._first(latest, as_of)
        return self._end(index, latest, as_of)

    def adverse(self, of: str, says: Mapping[str, Value], first: int, last: int) -> bool:
        """Whether evidence can make a rule hold at some time from `first` to `last` (see `accusing`)."""
        return of in self._accusing and self._accusing[of].accuses(says, self._day(first), self._day(last))

    def _latest(self, items: Iterable[Item]) -> list[Item]:
        """Each organisation's latest of each kind."""
        items = tuple(items)
        if len(items) < 2:
            return list(items)
        latest: dict[tuple[str, str], Item] = {}
        for item in items:
            slot = (item.organisation, item.of)
            held = latest.get(slot)
            if held is None or (item.seen, item.order) > (held.seen, held.order):
                latest[slot] = item
        return list(latest.values())

    def _rows(self, latest: list[Item], as_of: int) -> dict[str, Row]:
        """What is known, by whose evidence."""
        rows: dict[str, Row] = {}
        for item in latest:
            if item.in_force and as_of < item.until:
                rows[item.organisation] = {**rows.get(item.organisation, self._absent), **item.says}
        return rows

    def _first(self, latest: list[Item], as_of: int) -> tuple[int, list[str]]:
        """The first rule that holds, and for whose evidence; behind the last rule when none does."""
        day = self._day(as_of)
        answers = {who: self._holds(row, day) for who, row in self._rows(latest, as_of).items()}
        if not any(True in one for one in answers.values()):
            return len(self._rules), []
        for index, rule in enumerate(self._rules):
            holders = [who for who in sorted(answers) if answers[who][index] is True]
            holders = [who for who in holders if self._lasts(index, who, latest, as_of)]
            if len(holders) >= rule.sources:
                return index, holders
        return len(self._rules), []

    def _lasts(self, index: int, who: str, latest: list[Item], as_of: int) -> bool:
        """Whether the latest evidence that a rule which holds rests on is young enough for it."""
        lasts = self._rules[index].lasts
        if lasts is None:
            return True
        seen = [item.seen for item in latest if item.organisation == who]
        if not seen or not min(seen) + lasts <= as_of < max(seen) + lasts:
            return bool(seen) and as_of < min(seen) + lasts  # whichever of them it rests on
        deciding = self._deciding(index, who, latest, as_of)
        return as_of < max((item.seen for item in deciding), default=0) + lasts

    def _deciding(self, index: int, who: str, latest: list[Item], as_of: int) -> list[Item]:
        """The evidence of `who` that a rule which holds rests on; all of it where the rule rests on what is absent."""
        mine = [one for one in latest if one.organisation == who and one.in_force and as_of < one.until]
        row = self._rows(mine, as_of)[who]
        deciding = _fields(explain(self._expressions[index], row, self._day(as_of)))
        return [item for item in mine if deciding & item.says.keys()] or mine

    def _end(self, index: int, latest: list[Item], as_of: int) -> int | None:
        """The first moment at which another rule is first, with nothing new."""
        last = max((item.until for item in latest if item.in_force), default=0)
        moments = {item.until for item in latest if item.in_force}
        moments |= {item.seen + rule.lasts for item in latest for rule in self._rules if rule.lasts is not None}
        midnight = midnight_after(as_of, self.definition.zone)
        while self._timed and midnight < last:
            moments.add(midnight)
            midnight = midnight_after(midnight, self.definition.zone)
        ahead = sorted(one for one in moments if as_of < one <= last)
        return next((one for one in ahead if self._first(latest, one)[0] != index), None)

    def _day(self, as_of: int) -> date:
        """The local day, remembered by the quarter of an hour: nowhere does a day begin at another time."""
        quarter = as_of // _QUARTER
        if quarter not in self._days:
            if len(self._days) >= _DAYS_KEPT:
                self._days.clear()
            self._days[quarter] = local_day(as_of, self.definition.zone)
        return self._days[quarter]


def _fields(part: Part) -> frozenset[str]:
    """The fields that decided."""
    below = frozenset[str]().union(*(_fields(one) for one in part.parts if one.decides))
    return below | {part.node.name} if isinstance(part.node, Field) else below
