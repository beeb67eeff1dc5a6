"""Rules before they are announced: who would change, how many, where. Writes nothing, names nobody.

`try_rules(by, status, text) -> Trial`: the rules proposed and those in force are asked about the same evidence at the
same moment. What differs is what the rules differ in.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kaimen.colours.judging import Judge
from kaimen.colours.moments import moment
from kaimen.colours.terms import StatusDefinition
from kaimen.kit import clock
from kaimen.register import access
from kaimen.register.models import Area, Post
from kaimen.status import judged
from kaimen.status.activations import activation
from kaimen.status.authorities import checked
from kaimen.status.models import Subject

Move = tuple[str, str]  # from one colour to another
_CHUNK = 500


@dataclass(frozen=True)
class Trial:
    """What a text would change if it held at `as_of`. Colours a text does not know are counted by their names."""

    rules: StatusDefinition
    as_of: datetime
    people: int  # with evidence about them; nobody else can change
    moves: Mapping[Move, int]  # those who would change colour
    by_area: tuple[tuple[Area | None, Mapping[Move, int]], ...]  # the same by street, the most first
    counts: Mapping[str, int]  # of the new rules, without those whom nothing is signed about

    @property
    def changed(self) -> int:
        """How many would change."""
        return sum(self.moves.values())


def try_rules(by: Post, status: str, text: bytes) -> Trial:
    """Ask proposed rules about everybody's evidence. Raises NotAllowed, Refused that says where the text is wrong."""
    access.require(by, "status.keep_rules")
    genesis, now = activation(), clock.now()
    rules = checked(status, text)
    held = judged.rules_now(genesis)
    before, after, as_of = judged.judge_of(held.slug, held.digest), Judge(rules), moment(now)
    everybody = judged.everybody(genesis)
    moved: dict[UUID, Move] = {}
    counts: Counter[str] = Counter()
    for start in range(0, len(everybody), _CHUNK):
        some = everybody[start : start + _CHUNK]
        is_, would = (judged.judgements(genesis, some, judge, as_of) for judge in (before, after))
        counts.update(would[one].colour for one in some)
        moved |= {one: (is_[one].colour, would[one].colour) for one in some if is_[one].colour != would[one].colour}
    return Trial(rules, now, len(everybody), Counter(moved.values()), _by_area(moved), counts)


def _by_area(moved: Mapping[UUID, Move]) -> tuple[tuple[Area | None, Mapping[Move, int]], ...]:
    found: dict[UUID | None, Counter[Move]] = {}
    subjects = list(moved)
    for start in range(0, len(subjects), _CHUNK):
        rows = Subject.objects.filter(pk__in=subjects[start : start + _CHUNK]).values_list("pk", "person__area")
        for subject, area in rows:
            found.setdefault(area, Counter())[moved[subject]] += 1
    areas = Area.objects.in_bulk([area for area in found if area is not None])
    pairs = [(areas[area] if area else None, counts) for area, counts in found.items()]
    return tuple(sorted(pairs, key=lambda pair: -pair[1].total()))
