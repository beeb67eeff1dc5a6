"""How a city grades households of closed communities, and when each grade's card lets in. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

from kaimen.packs import Words


@dataclass(frozen=True)
class Grade:
    """A safety grade (安全等级) of a household."""

    slug: str
    title: Words
    hours: tuple[time, time] | None  # local; in which its card lets in. None: no card, the desk sees to everything
    valid: timedelta  # how long a card is good


@dataclass(frozen=True)
class ResidenceTerms:
    """The file residence.yaml."""

    title: Words
    source: str
    published: date
    grades: Mapping[str, Grade]  # the first is a household's before anybody graded it
    reasons: Mapping[str, Words]  # why a grade changes: code → name
    firm_pass_longest: timedelta  # how far ahead a firm pass may end
    firm_pass_refusals: Mapping[str, Words]  # why a community issues none: code → name

    @property
    def usual(self) -> Grade:
        """The grade of a household that nobody has graded."""
        return next(iter(self.grades.values()))

    def grade(self, slug: str) -> Grade:
        """The grade called so; the usual one for a name that this pack does not know any more."""
        return self.grades.get(slug, self.usual)
