"""What everybody may read, and what is left when an activation ends."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from kaimen.kit import clock
from kaimen.ledger.openings import STANDING, OpeningsGone
from kaimen.packs import Words
from kaimen.status import appeals, ending, evidence, lists, public_counts, queries
from kaimen.status.models import Evidence, Source, Standing, Subject
from kaimen.status.refusals import Refused
from kaimen.status.tests.conftest import MONDAY, replayed

pytestmark = pytest.mark.django_db
DAY = date(2020, 3, 16)


def test_changes_are_counted_by_day_rule_and_source(people_of, hospital, centre, genesis):
    about = people_of(3)
    evidence.receive([hospital.evidence(one, "test", test_result="positive") for one in about])
    with clock.frozen(MONDAY + timedelta(hours=15)):  # after midnight in the wall time of the pack
        evidence.receive([centre.evidence(about[0], "test", test_result="positive")])
    changes = public_counts.changes_by_day(DAY, DAY + timedelta(days=1))
    assert [(one.day, one.before, one.after, one.rule, one.people) for one in changes] == [
        (date(2020, 3, 17), "yellow", "red", "infected", 1),
        (DAY, "green", "yellow", "being-checked", 3),
    ]
    given = public_counts.sources_by_day(DAY, DAY)
    assert [(one.source, one.after, one.people) for one in given] == [(Words("云汀医院", "hospital"), "yellow", 3)]


def test_the_public_count_is_that_of_the_published_list(people_of, hospital, genesis, monkeypatch):
    assert public_counts.colours_now() == {}
    lists.publish(genesis)
    assert public_counts.colours_now() == {}


def test_batches_are_seen_by_who_may(people_of, hospital, genesis, post, district):
    evidence.receive([hospital.evidence(one, "test", test_result="positive") for one in people_of(2)])
    (batch,) = public_counts.batches_of(post("auditor", district))
    assert (batch.organisation.name, batch.acts) == ("云汀医院", 2)


def test_an_activation_ends_only_when_the_pack_says_its_emergency_is_over(genesis):
    with pytest.raises(Refused, match="not-over"):
        ending.end("epidemic")


def it_is_over(monkeypatch) -> None:
    """The pack says that the emergency has ended, and so nothing is sealed under its key any more."""
    monkeypatch.setattr(ending, "_over", lambda emergency: None)
    monkeypatch.setattr("kaimen.ledger.destroying.emergency_now", lambda: STANDING)


@pytest.mark.django_db(transaction=True)  # a file is only rewritten outside of any transaction
def test_at_the_end_what_was_held_is_gone_and_the_log_still_holds(person, subject, hospital, genesis, monkeypatch):
    evidence.receive([hospital.evidence(subject, "test", test_result="positive")])
    appeals.file(subject, "不对")
    lists.publish(genesis)
    before = replayed(genesis)
    assert before.sound
    it_is_over(monkeypatch)
    ended = ending.end("epidemic")
    assert ended.destroyed["evidence"] == ended.destroyed["appeal"] == ended.destroyed["subject"] == 1
    assert not any(model.objects.exists() for model in (Evidence, Standing, Subject))
    with pytest.raises(Refused, match="no-activation"):
        queries.own_colour(person)
    with pytest.raises(OpeningsGone):
        replayed(genesis)
    assert ending.end("epidemic").pk == ended.pk


@pytest.mark.django_db(transaction=True)  # a file is only rewritten outside of any transaction
def test_nothing_in_any_file_leads_from_the_log_to_a_person_after_the_end(
    person, subject, hospital, genesis, monkeypatch, settings
):
    envelope = hospital.evidence(subject, "test", test_result="positive")
    evidence.receive([envelope])
    wanted = [subject.pk.bytes, subject.pk.hex.encode(), bytes(subject.salt), bytes(subject.identity), envelope]
    it_is_over(monkeypatch)
    ending.end("epidemic")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA database_list")
        main = cursor.fetchone()[2]
    from pathlib import Path

    held = b"".join(path.read_bytes() for path in Path(main).parent.glob(Path(main).name + "*"))
    held += b"".join(path.read_bytes() for path in settings.KEYS.rglob("*") if path.is_file())
    assert [one for one in wanted if one in held] == []


def test_the_command_files_a_source_and_has_no_verb_that_sets_a_colour(district, capsys):
    call_command(
        "colours", "source", "central-hospital", code="91350100M000100Y43", name="云汀中心医院", area=district.code
    )
    assert Source.objects.get().slug == "central-hospital"
    for verb in ("set", "red", "decide"):
        with pytest.raises(CommandError):
            call_command("colours", verb)


def test_the_command_says_when_standings_were_written_by_hand(subject, hospital, genesis, capsys):
    evidence.receive([hospital.evidence(subject, "test", test_result="negative")])
    call_command("colours", "recount")
    Standing.objects.update(colour="red")
    with pytest.raises(CommandError):
        call_command("colours", "recount")
