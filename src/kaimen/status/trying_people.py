"""Rules of people, tried on everybody's evidence: how many would change, by street. Names nobody."""

from collections import Counter
from collections.abc import Mapping
from uuid import UUID

from kaimen.colours.judging import Judge
from kaimen.colours.moments import moment
from kaimen.register.models import Area
from kaimen.status import judged
from kaimen.status.activations import PERSON
from kaimen.status.models import Subject
from kaimen.status.trying import Found, Move, Question, Where, tries

_CHUNK = 500


@tries(PERSON)
def try_on_people(question: Question) -> Found:
    """Everybody with evidence, asked by both texts."""
    held, as_of = question.held, moment(question.at)
    before, after = judged.judge_of(held.slug, held.digest), Judge(question.rules)
    everybody = judged.everybody(question.genesis)
    moved: dict[UUID, Move] = {}
    counts: Counter[str] = Counter()
    for start in range(0, len(everybody), _CHUNK):
        some = everybody[start : start + _CHUNK]
        is_, would = (judged.judgements(question.genesis, some, judge, as_of) for judge in (before, after))
        counts.update(would[one].colour for one in some)
        moved |= {one: (is_[one].colour, would[one].colour) for one in some if is_[one].colour != would[one].colour}
    return Found(len(everybody), Counter(moved.values()), _by_area(moved), counts)


def _by_area(moved: Mapping[UUID, Move]) -> tuple[Where, ...]:
    found: dict[UUID | None, Counter[Move]] = {}
    subjects = list(moved)
    for start in range(0, len(subjects), _CHUNK):
        rows = Subject.objects.filter(pk__in=subjects[start : start + _CHUNK]).values_list("pk", "person__area")
        for subject, area in rows:
            found.setdefault(area, Counter())[moved[subject]] += 1
    areas = Area.objects.in_bulk([area for area in found if area is not None])
    ordered = sorted(found.items(), key=lambda pair: -pair[1].total())
    return tuple(Where(str(areas[area]) if area else "", counts) for area, counts in ordered)
