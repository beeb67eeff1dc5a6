"""What an officer in the street sees: the buildings to inspect, the most urgent first, and what to sign about one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kaimen.board import evidence
from kaimen.colours import statements
from kaimen.colours.definitions import EvidenceKind, StatusDefinition
from kaimen.colours.moments import moment
from kaimen.register import access
from kaimen.register.models import Place, Post
from kaimen.rules.tree import Type
from kaimen.status.activations import activation
from kaimen.status.desk_signing import PLACE_DOMAIN, Identity, Item, Row, Signing, by_source, keys_for, sources_in
from kaimen.status.evidence_page import evidence_rows, may_sign

SOON = timedelta(days=1)


@dataclass(frozen=True)
class Choice:
    """One answer the officer may give, with its words."""

    value: str
    words: str


@dataclass(frozen=True)
class Asked:
    """One field of a kind of evidence, as radios."""

    name: str
    title: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Due:
    """A building in the list: when it was inspected last, and whether that has run out."""

    place: Place
    last: evidence.Counted | None
    overdue: bool
    soon: bool


def kinds_of(by: Post, rules: StatusDefinition) -> list[EvidenceKind]:
    """The kinds of evidence about buildings the officer's keys may sign."""
    return [one for slug, one in rules.evidence.items() if may_sign(by, slug) and asked(one)]


def asked(kind: EvidenceKind) -> list[Asked]:
    """The fields of a kind; those that are neither codes nor yes and no are none an officer fills in on the way."""
    language, found = get_language() or "", []
    for name, one in kind.fields.items():
        if one.codes:
            choices = [Choice(code, words.to(language)) for code, words in one.codes.items()]
        elif one.type is Type.BOOLEAN:
            choices = [Choice("yes", _("Yes")), Choice("no", _("No"))]
        else:
            continue
        found.append(Asked(name, one.title.to(language), tuple(choices)))
    return found


def buildings(by: Post, now: datetime) -> list[Due]:
    """The buildings of the officer's scope: never inspected or run out first, then what runs out next."""
    places = access.visible(by, Place).filter(kind=Place.Kind.BUILDING)
    held = evidence.in_force(evidence.INSPECTION, now)
    rows = [_due(place, held.get(place.code), now) for place in places]
    return sorted(rows, key=lambda one: (not one.overdue, one.last.until if one.last else now, one.place.code))


def _due(place: Place, last: evidence.Counted | None, now: datetime) -> Due:
    return Due(place, last, overdue=last is None, soon=last is not None and last.until - now <= SOON)


def signing_of(by: Post, rules: StatusDefinition, kind: EvidenceKind, place: Place, now: datetime) -> Signing:
    """Evidence about a building, filled in and signed on one page. Raises Refused without an activation."""
    genesis, language = activation(), get_language() or ""
    says = by_source(
        genesis, statements.Evidence, status=rules.slug, subject=place.pk.bytes, of=kind.slug, says={},
        seen=moment(now), until=moment(now + timedelta(milliseconds=kind.lasts)), basis=kind.basis, identity=b"",
    )  # fmt: skip
    rows = [
        Row("identity", _("Building"), {place.code: f"{place.title(language)} ({place.code})"}),
        *evidence_rows(kind, language),
        Row("source", _("Source"), sources_in(by)),
    ]
    item = Item(says, rows, Identity(PLACE_DOMAIN, b"", place.code))
    return Signing(by, keys_for(by, kind.slug), [item], fills={"says": _fills(kind)})


def _fills(kind: EvidenceKind) -> Mapping[str, Any]:
    """Which radios fill which field, and whether they say yes and no."""
    return {one.name: {"name": one.name, "yes_no": not kind.fields[one.name].codes} for one in asked(kind)}
