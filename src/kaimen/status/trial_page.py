"""What a trial of rules came to, as the rule-keepers' page shows it: who would change, from what to what, where."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kaimen.colours.terms import Colour
from kaimen.status.rules_pages import shape_of
from kaimen.status.trying import Move, Trial


@dataclass(frozen=True)
class ColourShown:
    """A colour with its sign, and perhaps how many."""

    kind: str
    title: str
    count: int = 0


@dataclass(frozen=True)
class MoveLine:
    """So many in one place would change from one colour to another; `named` are the buildings, never people."""

    where: str
    before: ColourShown
    after: ColourShown
    count: int
    named: str


@dataclass(frozen=True)
class TrialShown:
    """A trial: how many of how many would change, each move in each place, and how all would stand."""

    trial: Trial
    about_places: bool
    asked: int
    withheld: bool
    moves: tuple[MoveLine, ...]
    counts: tuple[ColourShown, ...]


def shown(trial: Trial) -> TrialShown | None:
    """A trial in the reader's language; None where nobody could be asked."""
    found, question = trial.found, trial.question
    if found is None:
        return None
    colours = {**question.held.colours, **question.rules.colours}
    places = question.rules.subject == "place"
    lines = list(_lines(_("Everywhere"), found.moves, {}, colours))
    for one in found.where:
        lines += _lines(one.title or _("without an address"), one.moves, one.named, colours)
    order = [*question.rules.colours, *({*found.counts} - {*question.rules.colours})]
    counts = tuple(_colour(slug, colours, found.counts[slug]) for slug in order if found.counts.get(slug))
    return TrialShown(trial, places, found.asked, found.withheld, tuple(lines), counts)


def _lines(
    where: str, moves: Mapping[Move, int], named: Mapping[Move, tuple[str, ...]], colours: Mapping[str, Colour]
) -> Iterator[MoveLine]:  # fmt: skip
    between = ", " if (get_language() or "").startswith("en") else "、"
    for move, count in sorted(moves.items(), key=lambda one: (-one[1], one[0])):
        before, after = (_colour(slug, colours) for slug in move)
        yield MoveLine(where, before, after, count, between.join(named.get(move, ())))


def _colour(slug: str, colours: Mapping[str, Colour], count: int = 0) -> ColourShown:
    """A colour; "" is that of a place about which nobody can say."""
    title = colours[slug].title.to(get_language() or "") if slug in colours else slug or _("no report")
    return ColourShown(shape_of(slug), title, count)
