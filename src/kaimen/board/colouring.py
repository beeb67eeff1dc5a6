"""Judging every building, by the published rules, over facts that are read now. There is no other way to a colour."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from kaimen.board import evidence, facts, rules_in_force, standing
from kaimen.board.models import PlaceColour, PlaceFacts
from kaimen.board.picture import Stored
from kaimen.board.providers import local_day
from kaimen.colours import leaves
from kaimen.colours.definitions import StatusDefinition
from kaimen.colours.moments import moment, when
from kaimen.colours.place_facts import fields_of
from kaimen.colours.places import Judged, fields_read, judge_of
from kaimen.kit import clock
from kaimen.ledger import actions as ledger
from kaimen.register.models import Place
from kaimen.rules.tree import Value
from kaimen.status import activations


@dataclass(frozen=True)
class Reading:
    """What was read about a building at one moment, and what follows from it."""

    facts: Mapping[str, Value]
    judged: Judged
    expires: datetime | None


def readings(definition: StatusDefinition, places: Iterable[str], at: datetime) -> dict[str, Reading]:
    """Every building's facts and colour as of `at`, by code. Raises UnknownFact, RuleRefused."""
    rows = facts.of_buildings(definition.facts, places, at)
    ends = _add_evidence(rows, definition, at)
    judge, reads = judge_of(definition), fields_read(definition)
    found = {}
    for code, row in rows.items():
        judged = judge(row, local_day(at))
        until = [ends[code, name] for name in (reads[judged.rule - 1] if judged.rule else ()) if (code, name) in ends]
        found[code] = Reading(row, judged, min(until, default=None))
    return found


def _add_evidence(
    rows: dict[str, dict[str, Value]], definition: StatusDefinition, at: datetime
) -> dict[tuple[str, str], datetime]:
    """Put what the latest evidence of each kind says into the rows; gives until when each field counts."""
    ends: dict[tuple[str, str], datetime] = {}
    for code, those in evidence.by_place(at).items():
        if code not in rows:
            continue
        for name, field in fields_of([one.said for one in those], definition, moment(at)).items():
            rows[code][name] = field.value
            ends[code, name] = when(field.until)
    return ends


def stored(row: Mapping[str, Value]) -> dict[str, Stored]:
    """Facts as rows and pictures keep them: decimals and days as text."""
    return {name: str(value) if isinstance(value, (Decimal, date)) else value for name, value in sorted(row.items())}


@transaction.atomic
def recolour() -> int:
    """Judge every building now; each change is a row and a leaf. Gives how many changed. Raises NoRules."""
    at = clock.now()
    definition = rules_in_force.definition(at)
    places = {place.code: place for place in Place.objects.filter(kind=Place.Kind.BUILDING)}
    found = readings(definition, places, at)
    _keep_facts(places, found, at)
    begun = activations.activation().made_at  # what an activation before said of colours is not in this one's log
    before = {code: row for code, row in standing.in_force(at).items() if row.made_at >= begun}
    changed = {code: one for code, one in found.items() if _differs(before.get(code), one, definition)}
    if not changed:
        return 0
    bodies = [_body(code, before.get(code), one, definition, at) for code, one in changed.items()]
    recorded = ledger.record_many([ledger.ToRecord(body.kind, body.public, body.secret) for body in bodies])
    PlaceColour.objects.bulk_create(
        PlaceColour(
            place=places[code], status=definition.slug, colour=one.judged.colour, rule=one.judged.rule,
            since=_since(before.get(code), one, at), expires=one.expires, facts=stored(one.facts),
            definition=definition.digest, leaf=leaf,
        )
        for (code, one), leaf in zip(changed.items(), recorded, strict=True)
    )  # fmt: skip
    return len(changed)


def _body(
    code: str, before: PlaceColour | None, now: Reading, definition: StatusDefinition, at: datetime
) -> leaves.Body:  # fmt: skip
    """What the log gets: everything the colour was judged by, so that it can be judged again."""
    said = {
        "place": code, "from": before.colour if before else "", "to": now.judged.colour, "rule": now.judged.rule,
        "facts": stored(now.facts), "as_of": moment(at),
    }  # fmt: skip
    return leaves.place_colour(definition.slug, definition.digest, said)


def _differs(before: PlaceColour | None, now: Reading, definition: StatusDefinition) -> bool:
    """Whether another rule decides, or rules with another text."""
    if before is None:
        return True
    was = (before.colour, before.rule, bytes(before.definition))
    return was != (now.judged.colour, now.judged.rule, definition.digest)


def _since(before: PlaceColour | None, now: Reading, at: datetime) -> datetime:
    """A building that stays red by another rule has been red all the time."""
    return before.since if before is not None and before.colour == now.judged.colour else at


def _keep_facts(places: Mapping[str, Place], found: Mapping[str, Reading], at: datetime) -> None:
    """The facts a building's page shows, read anew each time; written only where something changed."""
    kept = {row.place_id: row for row in PlaceFacts.objects.all()}
    new, changed = [], []
    for code, one in found.items():
        row, said = kept.get(places[code].pk), stored(one.facts)
        if row is None:
            new.append(PlaceFacts(place=places[code], facts=said, at=at))
        elif row.facts != said:
            row.facts, row.at = said, at
            changed.append(row)
    PlaceFacts.objects.bulk_create(new)
    PlaceFacts.objects.bulk_update(changed, ["facts", "at"])
