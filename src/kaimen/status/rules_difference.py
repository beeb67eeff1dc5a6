"""Two versions of rules side by side: what differs in meaning, piece by piece, and what differs in the text. Pure.

Pieces are compared as they are read, so that a line moved or a comment changed is no difference in meaning.
"""

import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

from django.utils.translation import gettext as _

from kaimen.colours.definitions import DatedValue, EvidenceKind, Rule, StatusDefinition
from kaimen.status.rules_pages import lasting

T = TypeVar("T")
Say = Callable[[T, str], dict[str, str]]  # a piece → label → what it says in a language
Sign = Literal["+", "-", " ", "…"]
_AROUND = 3  # lines of the text shown before and after a change


@dataclass(frozen=True)
class Change:
    """One thing of a piece that reads otherwise; "" where it was not there."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Differs:
    """A piece that was added, taken out, changed, or moved in the order in which rules are asked."""

    what: Literal["added", "taken out", "changed", "moved"]
    title: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Line:
    """A line of the text: only in the later version (+), only in the earlier (-), in both; or a gap between (…)."""

    sign: Sign
    text: str


def differences(before: StatusDefinition, after: StatusDefinition, language: str) -> list[tuple[str, list[Differs]]]:
    """What differs in meaning, under headings: rules, values, evidence, the rest. Nothing where it means the same."""
    found = [
        (_("Rules"), _rules(before, after, language)),
        (_("Values"), _differing(before.values, after.values, _value_said, language)),
        (_("Evidence"), _differing(before.evidence, after.evidence, _evidence_said, language)),
        (_("Everything else"), _rest(before, after, language)),
    ]
    return [(heading, differing) for heading, differing in found if differing]


def lines(before: str, after: str) -> list[Line]:
    """What differs in the text, with some lines around each change."""
    shown: list[Line] = []
    old, new = before.splitlines(), after.splitlines()
    for number, line in enumerate(difflib.unified_diff(old, new, n=_AROUND, lineterm="")):
        if number < 2:  # the names of two files
            continue
        if line.startswith("@@"):
            shown.append(Line("…", ""))
        else:
            sign: Sign = "+" if line[0] == "+" else "-" if line[0] == "-" else " "
            shown.append(Line(sign, line[1:]))
    return shown


def _differing(before: Mapping[str, T], after: Mapping[str, T], say: Say[T], language: str) -> list[Differs]:
    return list(_compared(before, after, say, language))


def _compared(before: Mapping[str, T], after: Mapping[str, T], say: Say[T], language: str) -> Iterator[Differs]:
    for name in [*after, *(name for name in before if name not in after)]:
        was = say(before[name], language) if name in before else {}
        is_ = say(after[name], language) if name in after else {}
        changes = tuple(
            Change(label, was.get(label, ""), is_.get(label, ""))
            for label in dict.fromkeys([*was, *is_])
            if was.get(label, "") != is_.get(label, "")
        )
        if changes:
            what: Literal["added", "taken out", "changed"] = (
                "added" if name not in before else "taken out" if name not in after else "changed"
            )
            yield Differs(what, name, changes)


def _rules(before: StatusDefinition, after: StatusDefinition, language: str) -> list[Differs]:
    was, is_ = ({rule.slug: rule for rule in one.rules} for one in (before, after))
    colours = {slug: one.title.to(language) for definition in (before, after)
               for slug, one in definition.colours.items()}  # fmt: skip
    found = _differing(was, is_, lambda rule, to: _rule_said(rule, to, colours), language)
    stay = [[slug for slug in one if slug in was and slug in is_] for one in (was, is_)]
    if stay[0] != stay[1]:
        orders = [", ".join(one) for one in stay]
        found.append(Differs("moved", _("Order"), (Change(_("asked in this order"), orders[0], orders[1]),)))
    return found


def _rule_said(rule: Rule, language: str, colours: Mapping[str, str]) -> dict[str, str]:
    return {
        _("name"): rule.title.to(language),
        _("colour"): colours[rule.colour],
        _("condition"): rule.when or "",
        _("organisations needed"): str(rule.sources),
        _("lasts"): lasting(rule.lasts) if rule.lasts is not None else "",
        _("says"): rule.says.to(language),
        _("what next"): rule.what_next.to(language),
        _("clause"): rule.clause,
    }


def _value_said(value: DatedValue, language: str) -> dict[str, str]:
    return {
        _("from %(day)s") % {"day": "…" if day.year == 1 else day.isoformat()}: f"{held} ({source})"
        for day, held, source in value.dated
    }


def _evidence_said(kind: EvidenceKind, language: str) -> dict[str, str]:
    fields = {
        _("field %(name)s") % {"name": name}: " · ".join([
            one.title.to(language), str(one.type), *(f"{code} {said.to(language)}" for code, said in one.codes.items())
        ])
        for name, one in kind.fields.items()
    }  # fmt: skip
    return {
        _("name"): kind.title.to(language), _("law"): kind.basis, _("lasts"): lasting(kind.lasts), **fields,
    }  # fmt: skip


def _rest(before: StatusDefinition, after: StatusDefinition, language: str) -> list[Differs]:
    was, is_ = _rest_said(before, language), _rest_said(after, language)
    changes = tuple(
        Change(label, was.get(label, ""), is_.get(label, ""))
        for label in dict.fromkeys([*was, *is_])
        if was.get(label, "") != is_.get(label, "")
    )
    return [Differs("changed", _("The whole"), changes)] if changes else []


def _rest_said(one: StatusDefinition, language: str) -> dict[str, str]:
    colours = {
        _("colour %(name)s") % {"name": slug}: f"{colour.title.to(language)}: {colour.means.to(language)}"
        for slug, colour in one.colours.items()
    }
    return {
        _("name"): one.title.to(language),
        _("law"): one.law,
        _("published in"): " ".join([one.source.title, one.source.number]),
        **colours,
        _("evidence reaches the log within"): lasting(one.late),
        _("an appeal is answered within"): lasting(one.appeal_within),
        _("a second organisation must agree beyond"): "; ".join(
            _("%(n)d people in %(days)d days") % {"n": limit.more_than, "days": limit.days} for limit in one.bulk
        ),
        _("told apart in public counts from"): str(one.counted_apart) if one.subject == "person" else "",
        _("frozen each evening at"): one.cut_off or "",
    }
