"""The 22:00 picture is made once, says what it could not know, never changes, and can be judged again."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from kaimen.board import colouring, freezing, jobs, replay, rules_in_force, tally
from kaimen.board.actions import take_in
from kaimen.board.models import PlaceEvidence, Snapshot, Unchangeable
from kaimen.board.picture import NotAPicture, Picture
from kaimen.gate.models import EntryCount, Node, NodeHeard
from kaimen.kit import canonical, clock
from kaimen.ledger.models import PendingLeaf
from kaimen.register.models import Area, InstalledPack, Place, Post

pytestmark = [pytest.mark.django_db(databases=["default", "events"]), pytest.mark.usefixtures("rules")]
DAY = date(2020, 3, 16)
TEN = datetime(2020, 3, 16, 14, 0, tzinfo=UTC)  # 22:00 in Shanghai
Inspected = Callable[..., PlaceEvidence]
Say = Callable[..., bytes]


@pytest.fixture(autouse=True)
def evening(district: Area) -> Iterator[None]:
    tally.forget()
    with clock.frozen(TEN):
        yield
    tally.forget()


def picture(snapshot: Snapshot) -> Picture:
    return Picture.from_bytes(bytes(snapshot.content))


def rejudged(snapshot: Snapshot) -> bytes:
    return replay.replayed(picture(snapshot), rules_in_force.definition(TEN)).to_bytes()


def test_a_picture_is_signed_and_its_digest_is_a_leaf(inspected: Inspected) -> None:
    inspected("ferry-house", "serious")
    frozen = freezing.freeze(DAY)
    leaf = canonical.decode(bytes(PendingLeaf.objects.get(kind="snapshot").data))
    assert leaf["digest"] == hashlib.sha256(bytes(frozen.content)).digest()
    assert leaf["day"] == "2020-03-16"
    assert freezing.sound(frozen)
    seen = {one.code: one for one in picture(frozen).buildings}
    assert (seen["ferry-house"].colour, seen["ferry-house"].rule) == ("red", 2)
    assert seen["ferry-house"].facts["inspection_result"] == "serious"
    assert seen["kiln-works"].colour == ""


def test_every_area_has_the_worst_colour_of_its_buildings_with_counts(inspected: Inspected) -> None:
    inspected("ferry-house", "minor")
    inspected("reed-court")
    areas = {area.code: area for area in picture(freezing.freeze(DAY)).areas}
    assert areas["999901001-01"].all.colour == "yellow"
    assert areas["999901001-01"].all.counts == {"red": 0, "yellow": 1, "": 0, "green": 1}
    assert areas["999901001"].all.counts == {"red": 0, "yellow": 1, "": 2, "green": 1}
    assert areas["999900"].level == "city"


def test_however_many_workers_there_are_a_day_is_frozen_once(inspected: Inspected) -> None:
    first = freezing.freeze(DAY)
    inspected("ferry-house", "serious")
    with clock.frozen(TEN + timedelta(minutes=1)):
        assert freezing.freeze(DAY).pk == first.pk
    with pytest.raises(IntegrityError), transaction.atomic():
        Snapshot.objects.create(
            day=DAY, due_at=TEN, content=b"", digest=b"", signature=b"", key=b"", leaf=first.leaf, made_at=TEN
        )
    assert PendingLeaf.objects.filter(kind="snapshot").count() == 1


def test_two_workers_at_the_same_moment_leave_one_picture_and_one_leaf(monkeypatch: pytest.MonkeyPatch) -> None:
    compose = freezing.compose

    def while_another_is_faster(*about: object) -> Picture:
        made = compose(*about)  # type: ignore[arg-type]
        monkeypatch.setattr(freezing, "compose", compose)
        freezing.freeze(DAY)
        return made

    monkeypatch.setattr(freezing, "compose", while_another_is_faster)
    assert freezing.freeze(DAY).pk == Snapshot.objects.get().pk
    assert PendingLeaf.objects.filter(kind="snapshot").count() == 1


def test_a_picture_neither_changes_nor_goes(inspected: Inspected) -> None:
    frozen = freezing.freeze(DAY)
    kept = bytes(frozen.content)
    frozen.content = b"another"
    with pytest.raises(Unchangeable):
        frozen.save()
    with pytest.raises(Unchangeable):
        frozen.delete()
    inspected("ferry-house", "serious")
    colouring.recolour()
    assert bytes(Snapshot.objects.get().content) == kept


def test_no_picture_is_made_of_a_moment_that_has_not_come() -> None:
    with clock.frozen(TEN - timedelta(seconds=1)), pytest.raises(freezing.TooEarly):
        freezing.freeze(DAY)


def test_after_a_night_asleep_the_picture_says_when_it_was_made_and_how_things_stood_at_ten(
    inspected: Inspected, say: Say
) -> None:
    inspected("ferry-house")
    InstalledPack.objects.update(made_at=TEN - timedelta(days=9))
    with clock.frozen(TEN + timedelta(hours=9)):
        take_in(say("ferry-house", "fever-report", {"fever_reported": True}))
        jobs.freeze_map(TEN)
        frozen = picture(Snapshot.objects.get(day=DAY))
        seen = {one.code: one for one in frozen.buildings}
    assert frozen.made - frozen.due == timedelta(hours=9)
    assert seen["ferry-house"].colour == "green"
    assert "fever_unresolved" not in seen["ferry-house"].facts


def test_entries_after_ten_are_not_on_the_picture() -> None:
    for quarter, n in ((32, 40), (89, 3)):
        EntryCount.objects.create(
            place="ferry-house", gate="ferry-house", day=DAY, quarter=quarter, direction=0, verdict=0, n=n
        )
    seen = {one.code: one for one in picture(freezing.freeze(DAY)).buildings}
    assert (seen["ferry-house"].entered, seen["ferry-house"].inside) == (40, 40)


def test_a_source_that_was_silent_is_named_with_how_old_it_is() -> None:
    silent = Node.objects.create(name="北门终端", public_key=b"n" * 33)
    never = Node.objects.create(name="新终端", public_key=b"m" * 33)
    heard = Node.objects.create(name="南门终端", public_key=b"k" * 33)
    for node, before in ((silent, timedelta(minutes=40)), (heard, timedelta(minutes=2))):
        NodeHeard.objects.create(node=node.pk.bytes, at=TEN - before)
    late = {one.title.zh: one.heard for one in picture(freezing.freeze(DAY)).late}
    assert late == {"北门终端": TEN - timedelta(minutes=40), never.name: None}


def test_a_picture_is_read_back_as_it_was_written(inspected: Inspected) -> None:
    inspected("ferry-house", "minor")
    kept = bytes(freezing.freeze(DAY).content)
    assert Picture.from_bytes(kept).to_bytes() == kept


@given(st.integers(0, 10**6), st.binary(min_size=1, max_size=1))
def test_no_bytes_but_a_picture_are_taken_for_one(at: int, byte: bytes) -> None:
    for content in (b"", byte, canonical.encode({"v": 2}), canonical.encode({"v": 1}), canonical.encode([at])):
        with pytest.raises(NotAPicture):
            Picture.from_bytes(content)


def test_a_day_is_judged_again_byte_for_byte(inspected: Inspected, say: Say) -> None:
    inspected("ferry-house", "serious")
    inspected("reed-court")
    take_in(say("lamp-tower", "fever-report", {"fever_reported": True}))
    frozen = freezing.freeze(DAY)
    assert rejudged(frozen) == bytes(frozen.content)


def test_a_colour_that_does_not_follow_from_the_facts_is_named(inspected: Inspected) -> None:
    inspected("ferry-house", "serious")
    kept = canonical.decode(bytes(freezing.freeze(DAY).content))
    forged = next(one for one in kept["buildings"] if one["code"] == "ferry-house")
    forged["colour"], forged["rule"] = "green", 7
    group = next(one for one in kept["areas"] if one["code"] == "999901001-02")
    group["all"]["counts"]["green"] = 2
    content = canonical.encode(kept)
    again = replay.replayed(Picture.from_bytes(content), rules_in_force.definition(TEN)).to_bytes()
    found = replay.differences(content, again)
    assert "buildings · ferry-house · colour: 'green', now 'red'" in found
    assert "areas · 999901001-02 · all · counts · green: 2, now 0" in found


def test_the_command_replays_finds_what_differs_and_refuses_other_rules(inspected: Inspected, tmp_path: Path) -> None:
    inspected("ferry-house", "minor")
    frozen = freezing.freeze(DAY)
    call_command("board", "replay", "2020-03-16")
    kept = canonical.decode(bytes(frozen.content))
    kept["buildings"][0]["colour"] = "red"
    (tmp_path / "picture").write_bytes(canonical.encode(kept))
    with pytest.raises(CommandError, match="ferry-house · colour: 'red', now 'yellow'"):
        call_command("board", "replay", "2020-03-16", "--bytes", tmp_path / "picture")
    text = rules_in_force.definition(TEN).text.replace(b"value: 2", b"value: 3")
    (tmp_path / "rules").write_bytes(text)
    with pytest.raises(CommandError, match="not at hand"):
        call_command("board", "replay", "2020-03-16", "--rules", tmp_path / "rules")
    with pytest.raises(CommandError, match="never frozen"):
        call_command("board", "replay", "2020-03-15")


def test_the_page_of_a_day_shows_that_evening_and_not_today(
    inspected: Inspected, signed_in_as: Callable[..., Client]
) -> None:
    inspected("ferry-house", "serious")
    freezing.freeze(DAY)
    Place.objects.filter(code="ferry-house").update(name_en="Renamed House")
    with clock.frozen(TEN + timedelta(days=1)):
        inspected("ferry-house", "in-order")
        colouring.recolour()
        page = signed_in_as("district-commander").get("/board/days/2020-03-16/", HTTP_ACCEPT_LANGUAGE="en")
    text = page.content.decode()
    assert "Ferry House" in text
    assert "Renamed House" not in text
    assert "Serious problems found" in text
    assert 'class="b b-stop"' in text


def test_a_picture_that_was_changed_in_the_database_says_so(signed_in_as: Callable[..., Client]) -> None:
    frozen = freezing.freeze(DAY)
    changed = canonical.decode(bytes(frozen.content)) | {"log_size": 12}
    Snapshot.objects.filter(pk=frozen.pk).update(content=canonical.encode(changed))
    client = signed_in_as("district-commander")
    for path in ("/board/days/", "/board/days/2020-03-16/"):
        assert "does not match" in client.get(path, HTTP_ACCEPT_LANGUAGE="en").content.decode()


def test_two_days_stand_side_by_side(inspected: Inspected, signed_in_as: Callable[..., Client]) -> None:
    inspected("ferry-house", "minor")
    freezing.freeze(DAY)
    with clock.frozen(TEN + timedelta(days=1)):
        inspected("ferry-house", "serious")
        freezing.freeze(DAY + timedelta(days=1))
        page = signed_in_as("district-commander").get("/board/days/compare/", HTTP_ACCEPT_LANGUAGE="en")
    text = page.content.decode()
    row = text[text.index("board-changed") :]
    assert row.index("Ferry House") < row.index("Difficult") < row.index("Serious")
    assert "Reed Court" not in row[: row.index("</table>")]


def test_a_day_that_is_none_or_was_never_frozen_is_not_found(signed_in_as: Callable[..., Client]) -> None:
    freezing.freeze(DAY)
    with clock.frozen(TEN + timedelta(days=1)):
        freezing.freeze(DAY + timedelta(days=1))
        client = signed_in_as("district-commander")
        for path in ("2020-03-15/", "yesterday/", "compare/?a=2020-03-01", "compare/?a=x&b=y", "2020-99-99/bytes/"):
            assert client.get(f"/board/days/{path}").status_code == 404, path


def test_who_sees_a_part_of_the_city_sees_that_part_of_a_day(
    inspected: Inspected, signed_in_as: Callable[..., Client]
) -> None:
    inspected("ferry-house", "serious")
    inspected("lamp-tower", "serious")
    freezing.freeze(DAY)
    officer = signed_in_as("grid-officer", Area.objects.get(code="999901001-01"))
    page = officer.get("/board/days/2020-03-16/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Ferry House" in page
    assert "Lamp Tower" not in page
    assert officer.get("/board/days/2020-03-16/bytes/").status_code == 404


def test_the_bytes_are_handed_out_as_they_were_signed(signed_in_as: Callable[..., Client]) -> None:
    frozen = freezing.freeze(DAY)
    answer = signed_in_as("district-commander").get("/board/days/2020-03-16/bytes/")
    assert answer.content == bytes(frozen.content)
    assert signed_in_as("auditor").get("/board/days/2020-03-16/bytes/").status_code == 403


def test_the_wall_counts_down_to_ten_and_then_opens_the_days_picture(signed_in_as: Callable[..., Client]) -> None:
    client = signed_in_as("district-commander")
    with clock.frozen(TEN - timedelta(hours=11, minutes=41)):
        assert "11:41" in client.get("/board/wall/").content.decode()
    freezing.freeze(DAY)
    assert "/board/days/2020-03-16/" in client.get("/board/wall/").content.decode()


def test_whoever_may_not_see_health_finds_no_reason_on_a_days_page(
    inspected: Inspected, say: Say, signed_in_as: Callable[..., Client], post: Callable[..., Post]
) -> None:
    inspected("ferry-house")
    take_in(say("ferry-house", "fever-report", {"fever_reported": True}))
    freezing.freeze(DAY)
    page = signed_in_as("auditor").get("/board/days/2020-03-16/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "not shown here" in page
    assert "fever" not in page.lower()
