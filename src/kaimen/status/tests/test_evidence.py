"""Evidence comes in by one door; a colour follows from it and from nothing else."""

from datetime import timedelta

import pytest

from kaimen.kit import clock
from kaimen.status import evidence, queries
from kaimen.status.models import Decision, Evidence, Standing
from kaimen.status.tests.conftest import MONDAY, state

pytestmark = pytest.mark.django_db


def test_without_evidence_everybody_is_green(person, subject, rules):
    assert queries.own_colour(person).colour.slug == "green"
    assert not Decision.objects.exists()


def test_evidence_of_one_source_makes_yellow_and_says_why(person, subject, hospital):
    assert state(evidence.receive([hospital.evidence(subject, "test", test_result="positive")])) == ["taken"]
    mine = queries.own_colour(person)
    assert (mine.colour.slug, mine.rule.slug) == ("yellow", "being-checked")
    assert [(one.source.zh, one.says) for one in mine.because] == [("云汀医院", {"test_result": "positive"})]
    assert (mine.since, mine.until) == (MONDAY, MONDAY + timedelta(days=7))
    assert Decision.objects.get().after == "yellow"


def test_red_needs_two_organisations(person, subject, hospital, centre):
    evidence.receive([hospital.evidence(subject, "test", test_result="positive")] * 2)
    evidence.receive([hospital.evidence(subject, "test", test_result="positive")])
    assert queries.own_colour(person).colour.slug == "yellow"
    evidence.receive([centre.evidence(subject, "test", test_result="positive")])
    mine = queries.own_colour(person)
    assert (mine.colour.slug, len(mine.because)) == ("red", 2)


def test_the_same_statement_twice_is_one(subject, hospital):
    envelope = hospital.evidence(subject, "test", test_result="positive")
    assert state(evidence.receive([envelope, envelope])) == ["taken", "known"]
    assert Evidence.objects.count() == 1


def test_a_withdrawal_turns_it_back(person, subject, hospital):
    envelope = hospital.evidence(subject, "test", test_result="positive")
    evidence.receive([envelope])
    assert state(evidence.receive([hospital.withdrawal(envelope)])) == ["taken"]
    assert queries.own_colour(person).colour.slug == "green"
    assert [one.why for one in Decision.objects.order_by("made_at", "id")] == ["evidence", "withdrawal"]


def test_a_standing_written_by_hand_is_seen_by_nobody(person, subject, hospital):
    evidence.receive([hospital.evidence(subject, "test", test_result="negative")])
    Standing.objects.update(colour="red")
    with clock.frozen(MONDAY + timedelta(hours=1)):
        assert queries.own_colour(person).colour.slug == "green"
