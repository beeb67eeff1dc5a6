"""Colours of buildings stand on the same ground as those of people: a server that paints one is found outside."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kaimen.board import colouring, freezing, jobs
from kaimen.board.actions import NotEvidence, take_in
from kaimen.board.models import PlaceColour, PlaceEvidence, Snapshot
from kaimen.colours import leaves, statements
from kaimen.colours.moments import moment
from kaimen.colours.place_facts import identity_of
from kaimen.kit import clock, ids
from kaimen.kit.keys import SigningKey
from kaimen.ledger import advancing
from kaimen.ledger.actions import ToRecord, record_many
from kaimen.register.models import Area, Organisation, Place
from kaimen.status import authorities, lists
from kaimen.status.models import RulesVersion, Source
from kaimen.status.tests.conftest import replayed
from tests.attacks.installation import MONDAY, ROOT, Town, build, opened, ratify

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "events"])
TEXT = (ROOT / "packs" / "template" / "status" / "building.yaml").read_bytes()
KEY = SigningKey.generate()
HOUR, WEEK = timedelta(hours=1), timedelta(days=7)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """A town whose buildings have rules, one inspected building and honest colours."""
    made = build(tmp_path / "town", 4)
    with opened(made.folder), clock.frozen(MONDAY + HOUR):
        ratify(made, authorities.propose_rules(made.keeper(0).post, "building", TEXT, clock.now()))
        agency = Organisation.objects.create(name="街道办", area=Area.objects.get(level="district"), kind="agency")
        row = Source.objects.create(slug="street", name="检查组", name_en="Inspectors", organisation=agency)
        until = clock.now() + timedelta(days=300)
        wanted = authorities.Wanted(row, KEY.public.raw, ("inspection",), clock.now(), until)
        ratify(made, authorities.propose_accreditation(made.keeper(0).post, wanted))
    with opened(made.folder), clock.frozen(MONDAY + 2 * HOUR):
        take_in(envelope(made))
        colouring.recolour()
        assert alarms(made) == []
        yield made


def envelope(town: Town, code: str = "ferry-house", result: str = "in-order", key: SigningKey = KEY) -> bytes:
    """What an inspector signs."""
    now = clock.now()
    said = statements.Evidence(
        genesis=bytes(town.activation.leaf_hash), id=ids.new_id().bytes, made=moment(now), source="street",
        key=key.public.key_id, status="building", subject=Place.objects.get(code=code).pk.bytes, of="inspection",
        says={"inspection_result": result}, seen=moment(now), until=moment(now + WEEK), basis="预案",
        identity=identity_of(code),
    )  # fmt: skip
    return statements.sign(said, key)


def alarms(town: Town) -> list[str]:
    """What a witness outside finds."""
    advancing.advance()
    return sorted({one.kind for one in replayed(town.activation).alarms})


def logs(body: leaves.Body) -> None:
    record_many([ToRecord(body.kind, body.public, body.secret)], emergency="epidemic")


def a_row_is_edited(town: Town) -> None:
    """Set a building's colour by SQL; then the server judges as always."""
    PlaceColour.objects.filter(place__code="ferry-house").update(colour="red", rule=2)
    with clock.frozen(MONDAY + 3 * HOUR):
        colouring.recolour()
        advancing.advance()


def a_colour_is_logged_without_evidence(town: Town) -> None:
    """Write red into the log, with no evidence at all."""
    digest = PlaceColour.objects.values_list("definition", flat=True)[0]
    said: dict[str, Any] = {"place": "reed-court", "from": "", "to": "red", "rule": 2, "facts": {}}
    logs(leaves.place_colour("building", bytes(digest), said | {"as_of": moment(clock.now())}))


def facts_are_made_up(town: Town) -> None:
    """Write red into the log, for fevers that nobody reported."""
    digest = PlaceColour.objects.values_list("definition", flat=True)[0]
    said: dict[str, Any] = {"place": "reed-court", "from": "", "to": "red", "rule": 1, "facts": {"fever_unresolved": 3}}
    logs(leaves.place_colour("building", bytes(digest), said | {"as_of": moment(clock.now())}))


def evidence_is_forged(town: Town) -> None:
    """Sign an inspection with a key of one's own: refused at the door, so past it into the log."""
    with pytest.raises(NotEvidence):
        take_in(envelope(town, "reed-court", "serious", SigningKey.generate()))
    logs(leaves.place_evidence(envelope(town, "reed-court", "serious", SigningKey.generate())))


def a_picture_is_altered(town: Town) -> None:
    """Freeze an evening with other facts than were read, and sign that."""
    with clock.frozen(MONDAY + 13 * HOUR):
        honest = colouring.stored
        try:
            colouring.stored = lambda row: honest(row) | {"inspection_result": "serious"}
            freezing.freeze(MONDAY.date())
        finally:
            colouring.stored = honest


def an_evening_is_kept_silent(town: Town) -> None:
    """Freeze Monday's evening and Wednesday's, and say nothing of Tuesday's."""
    for days in (0, 2):
        with clock.frozen(MONDAY + 13 * HOUR + timedelta(days=days)):
            freezing.freeze((MONDAY + timedelta(days=days)).date())
            advancing.advance()


def a_colour_is_kept_back(town: Town) -> None:
    """Take in a serious finding, judge no building any more, and go on with everything else."""
    take_in(envelope(town, result="serious"))
    for half_hours in range(1, 6):
        with clock.frozen(MONDAY + 2 * HOUR + half_hours * HOUR / 2):
            lists.publish(town.activation)
            advancing.advance()


WAYS = [
    (a_row_is_edited, ["colour-out-of-order"]),
    (a_colour_is_logged_without_evidence, ["colour-underived"]),
    (facts_are_made_up, ["fact-false"]),
    (evidence_is_forged, ["evidence-refused"]),
    (a_picture_is_altered, ["fact-false", "picture-underived"]),
    (an_evening_is_kept_silent, ["picture-missing"]),
    (a_colour_is_kept_back, ["colour-missing"]),
]


@pytest.mark.parametrize(("way", "found"), WAYS, ids=lambda one: getattr(one, "__name__", ""))
def test_whatever_paints_a_building_is_found_outside(town: Town, way: Callable[[Town], None], found: list[str]) -> None:
    way(town)
    assert alarms(town) == found


def test_each_way_stands_in_the_reference() -> None:
    written = (ROOT / "docs" / "reference" / "attacks.md").read_text("utf-8").partition("\n## Buildings")[2]
    rows = [
        f"| `{way.__name__.replace('_', '-')}` | {way.__doc__} | {', '.join(f'`{one}`' for one in found)} |"
        for way, found in WAYS
    ]
    assert [line for line in written.splitlines() if line.startswith("| `")] == rows


def test_rules_that_somebody_wrote_into_a_table_have_no_effect(town: Town) -> None:
    evil = TEXT.replace(b"inspection_result = 'serious'", b"inspection_result = 'in-order'")
    RulesVersion.objects.filter(status="building").update(text=evil, digest=b"e" * 32)
    with clock.frozen(MONDAY + 3 * HOUR):
        assert colouring.recolour() == 0
    assert alarms(town) == []


def test_evidence_that_somebody_wrote_into_a_table_has_no_effect(town: Town) -> None:
    forged = envelope(town, result="serious", key=SigningKey.generate())
    PlaceEvidence.objects.update(envelope=forged)
    with clock.frozen(MONDAY + 3 * HOUR):
        colouring.recolour()
        assert PlaceColour.objects.filter(place__code="ferry-house").latest("made_at").colour != "red"
    assert "fact-false" in alarms(town)  # what the log has as evidence is not what the server judged by


def test_an_honest_evening_is_frozen_and_replays(town: Town) -> None:
    with clock.frozen(MONDAY + 13 * HOUR):
        frozen = freezing.freeze(MONDAY.date())
        assert alarms(town) == []
    assert Snapshot.objects.get() == frozen


def test_a_machine_that_slept_makes_up_for_its_evenings_and_raises_no_alarm(town: Town) -> None:
    with clock.frozen(MONDAY + timedelta(days=3)):
        jobs.freeze_map(clock.now())
        colouring.recolour()
        assert [one.day.day for one in Snapshot.objects.order_by("day")] == [16, 17, 18]
        assert alarms(town) == []
