"""What a city decides about incidents (incidents/*.yaml): whose they are, their minutes, their outcomes. Pure."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from kaimen.incidents.kinds import IncidentKind, Outcome
from kaimen.incidents.trials import PROVER
from kaimen.packs import Found, Kind, Pack, Words, Wrong, kind, words
from kaimen.packs.dates import DATE
from kaimen.packs.schemas import record
from kaimen.register.definitions import Role

__all__ = ["INCIDENTS", "PROVER", "SCHEMA", "SLUGS", "IncidentKind", "Outcome"]

SLUGS = ("fever", "obstruction")
ANSWERS, WATCHES = "incidents.answer", "incidents.watch"  # permissions
_ROLES = {"type": "array", "items": {"type": "string"}, "minItems": 1, "uniqueItems": True}
_OUTCOME = record(
    {"title": words.SCHEMA}, {"person": words.SCHEMA, "gate": words.SCHEMA, "upheld": {"type": "boolean"}}
)

SCHEMA = record({
    "incident": {"enum": list(SLUGS)},
    "title": words.SCHEMA,
    "source": record({"title": {"type": "string", "minLength": 1, "maxLength": 400}, "date": DATE}),
    "minutes": {"type": "integer", "minimum": 1, "maximum": 1440},
    "names_kept_days": {"type": "integer", "minimum": 1, "maximum": 365},
    "offices": _ROLES,
    "above": _ROLES,
    "outcomes": {
        "type": "object",
        "propertyNames": {"pattern": "^[a-z][a-z0-9-]{0,39}$"},
        "additionalProperties": _OUTCOME,
        "minProperties": 1,
        "maxProperties": 20,
    },
})  # fmt: skip


def _kinds(found: Found) -> Iterable[IncidentKind]:
    data = found.data
    if data["incident"] != found.slug:
        what = f"incident is {data['incident']!r} but the file is named {found.slug!r}"
        raise Wrong(what, "Give both the same name", ("incident",))
    try:
        published = date.fromisoformat(data["source"]["date"])
    except ValueError as error:
        raise Wrong("there is no such day", "Write it like 2020-03-16", ("source", "date")) from error
    outcomes = {code: _outcome(code, one) for code, one in data["outcomes"].items()}
    for wrong in _outcomes_wrong(found.slug, outcomes):
        raise wrong
    yield IncidentKind(
        found.slug, Words.of(data["title"]), data["source"]["title"], published, timedelta(minutes=data["minutes"]),
        timedelta(days=data["names_kept_days"]),         tuple(data["offices"]), tuple(data["above"]), outcomes,
    )  # fmt: skip


def _outcome(code: str, data: dict[str, Any]) -> Outcome:
    said = {key: Words.of(data[key]) for key in ("person", "gate") if key in data}
    return Outcome(code, Words.of(data["title"]), **said, upheld=data.get("upheld"))


def _outcomes_wrong(slug: str, outcomes: dict[str, Outcome]) -> Iterable[Wrong]:
    """A dispute is decided one way or the other, and its person told; a fever is nobody's dispute."""
    for code, one in outcomes.items():
        at = ("outcomes", code)
        if slug == "fever":
            if one.upheld is not None or one.person or one.gate:
                what = f"{code}: a fever is no dispute, and nobody is told of it by a message"
                yield Wrong(what, "Take out upheld, person and gate", at)
        elif one.upheld is None:
            yield Wrong(f"{code} does not say whether the person was right", "Add `upheld: true` or `false`", at)
        elif one.person is None:
            yield Wrong(f"{code}: the person is told nothing", "Add `person` with words in both languages", at)
        elif one.upheld != (one.gate is not None):
            what = f"{code}: the gate is told what to do when, and only when, the person was right"
            yield Wrong(what, "Add `gate` beside `upheld: true`, or take it out", at)
    if slug == "obstruction" and {one.upheld for one in outcomes.values()} < {True, False}:
        remedy = "Write outcomes for both"
        yield Wrong("a dispute can only end one way", remedy, ("outcomes",))


def _checked(pack: Pack) -> Iterable[tuple[str, Wrong]]:
    """Offices are roles of the pack that may do what they are for, over a place or an area."""
    roles = {role.slug: role for role in pack.all(Role)}
    for file, one in pack.definitions:
        if not isinstance(one, IncidentKind):
            continue
        for key, slugs, permission in (("offices", one.offices, ANSWERS), ("above", one.above, WATCHES)):
            for at, slug in enumerate(slugs):
                yield from ((file, wrong) for wrong in _office_wrong(roles.get(slug), slug, permission, (key, at)))


def _office_wrong(role: Role | None, slug: str, permission: str, at: tuple[str, int]) -> Iterable[Wrong]:
    if role is None:
        yield Wrong(f"{slug} is no role of this pack", "Name a role of roles.yaml", at)
    elif permission not in role.may:
        yield Wrong(f"{slug} may not do it: its role lacks {permission}", f"Add {permission} in roles.yaml", at)
    elif role.scope not in {"area", "place"}:
        yield Wrong(f"{slug} is held over no place", "Name a role with the scope area or place", at)


INCIDENTS = kind(Kind(name="incidents", pattern="incidents/*.yaml", schema=SCHEMA, parse=_kinds, check=_checked))
