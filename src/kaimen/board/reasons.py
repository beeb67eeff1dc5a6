"""Why a building has its colour: the rule in words, what it read, who answers for the building, since and until when.

Some facts are for those who need them (that somebody has a fever). Whoever may not see such a fact is told the colour
and no reason at all for any building whose colour one of those rules can give: were only the one reason kept back,
its absence would say it.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kaimen.board.picture import BuildingSeen, FactSaid, Rules, RuleSaid, Stored
from kaimen.board.showing import said
from kaimen.rules.tree import Type


@dataclass(frozen=True)
class FactShown:
    """One fact as a page shows it; `decides` where the rule that held reads it."""

    title: str
    value: str | Promise
    decides: bool


@dataclass(frozen=True)
class Why:
    """The reason of a colour, as far as the reader may know it."""

    withheld: bool
    title: str
    says: str
    what_next: str
    clause: str
    number: int  # of the rule, from 1; 0 where no rule could decide
    of: int
    digest: str
    facts: list[FactShown]
    since: datetime
    expires: datetime | None

    @property
    def deciding(self) -> list[FactShown]:
        """The facts the rule that held reads."""
        return [fact for fact in self.facts if fact.decides]

    @property
    def short(self) -> str:
        """The first letters of the rules' digest, as pages show it."""
        return self.digest[:12]


def why(building: BuildingSeen, rules: Rules, granted: Collection[str]) -> Why:
    """The reason for whoever is granted these permissions."""
    hidden = withheld(building.colour, rules, granted)
    rule = rules.rules[building.rule - 1] if building.rule and not hidden else None
    return Why(
        hidden,
        said(rule.title) if rule else "",
        said(rule.says) if rule else "",
        said(rule.what_next) if rule else "",
        rule.clause if rule else "",
        building.rule if rule else 0,
        len(rules.rules),
        rules.digest.hex(),
        [] if hidden else list(_facts(building, rules, rule, granted)),
        building.since,
        building.expires,
    )


def withheld(colour: str, rules: Rules, granted: Collection[str]) -> bool:
    """Whether a reader with these permissions may know that a building has this colour, and not why."""
    secret = {one.name for one in rules.facts if one.seen_with and one.seen_with not in granted}
    return any(secret & set(rule.reads) for rule in rules.rules if rule.colour == colour)


def _facts(
    building: BuildingSeen, rules: Rules, rule: RuleSaid | None, granted: Collection[str]
) -> Iterator[FactShown]:
    decisive = set(rule.reads) if rule else set()
    shown = [one for one in rules.facts if not one.seen_with or one.seen_with in granted]
    for one in sorted(shown, key=lambda fact: (fact.name not in decisive, fact.name)):
        yield FactShown(said(one.title), _value(building.facts.get(one.name), one), one.name in decisive)


def _value(value: Stored | None, about: FactSaid) -> str | Promise:
    if value is None:
        return _("not known")
    if about.type == Type.BOOLEAN:
        return _("yes") if value else _("no")
    codes = dict(about.codes)
    if isinstance(value, str) and value in codes:
        return said(codes[value])
    return str(value)
