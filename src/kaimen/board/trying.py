"""Rules of buildings, tried on what is known of each building now: which would change, in which group, to what.

A rule may read what few may know (that somebody has a fever), and whoever writes a rule could ask for just that. So
where the rules, old or new, read such a fact, only who may know it is told which buildings would change.
"""

from collections import Counter

from kaimen.board import colouring, facts
from kaimen.board.standing import BUILDING
from kaimen.colours.places import fields_read
from kaimen.colours.terms import StatusDefinition
from kaimen.register import access
from kaimen.register.models import Area, Place, Post
from kaimen.status.trying import Found, Move, Question, Where, tries


@tries(BUILDING)
def try_on_buildings(question: Question) -> Found:
    """Every building, asked by both texts; named where they lie within the asker's scope."""
    places = {one.code: one for one in Place.objects.filter(kind=Place.Kind.BUILDING).select_related("area")}
    before, after = (
        {code: one.judged.colour for code, one in colouring.readings(rules, places, question.at).items()}
        for rules in (question.held, question.rules)
    )
    moved = {code: (before[code], after[code]) for code in places if before[code] != after[code]}
    withheld = not _may_know(question.by, question.held, question.rules)
    where = () if withheld else _by_group(moved, question.by)
    return Found(len(places), Counter(moved.values()), where, Counter(after.values()), withheld)


def _may_know(by: Post, *definitions: StatusDefinition) -> bool:
    """Whether a post may know every fact that these rules read."""
    read = {name for one in definitions for names in fields_read(one) for name in names if name in one.facts}
    return {facts.named(name).seen_with for name in read} - {""} <= access.granted(by)


def _by_group(moved: dict[str, Move], by: Post) -> tuple[Where, ...]:
    """The buildings that would change, by group, the most first; those elsewhere are only counted."""
    groups: dict[Area, dict[Move, list[str]]] = {}
    seen = access.visible(by, Place).filter(code__in=moved).select_related("area")
    for place in seen.order_by("area__path", "code"):
        groups.setdefault(place.area, {}).setdefault(moved[place.code], []).append(str(place))
    ordered = sorted(groups.items(), key=lambda pair: -sum(map(len, pair[1].values())))
    return tuple(
        Where(
            str(area),
            {move: len(names) for move, names in moves.items()},
            {move: tuple(names) for move, names in moves.items()},
        )
        for area, moves in ordered
    )
