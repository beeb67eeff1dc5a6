"""Everything this part does stands in the log so that an outsider who replays it finds nothing wrong."""

from datetime import timedelta

import pytest

from kaimen.kit import clock
from kaimen.status import appeals, authorities, evidence, jobs, lists, queries
from kaimen.status.models import Decision, PublishedList
from kaimen.status.tests.conftest import MONDAY, replayed, state

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def colour(person) -> str:
    return queries.own_colour(person).colour.slug


def test_a_life_of_colours_replays_without_an_alarm(person, subject, hospital, centre, accredit, genesis):
    reviewer = accredit("review", ("finding",), "云汀复核处")
    first = hospital.evidence(subject, "test", test_result="positive")
    evidence.receive([first])
    with clock.frozen(MONDAY + timedelta(hours=1)):
        second = centre.evidence(subject, "test", test_result="positive")
        evidence.receive([second])
        assert colour(person) == "red"
        lists.publish(genesis)
        appeal = appeals.file(subject, "样本不是我的")
    with clock.frozen(MONDAY + timedelta(hours=2)):
        contested = [one.pk.bytes for one in appeal.evidence.all()]
        envelope = reviewer.finding(appeal.leaf.bytes, strikes=tuple(contested[:1]), upholds=tuple(contested[1:]))
        appeals.answer(_reviewer(person, reviewer), appeal, envelope)
        assert colour(person) == "yellow"
        lists.publish(genesis)
    with clock.frozen(MONDAY + 7 * DAY + timedelta(hours=1, seconds=10)):
        jobs.colours_end(clock.now())
        assert colour(person) == "green"
        lists.publish(genesis)
        report = replayed(genesis)
    assert [str(one) for one in report.alarms] == []
    assert len(report.lists) == PublishedList.objects.count() == 3
    assert [one.why for one in Decision.objects.order_by("made_at", "id")] == ["evidence", "evidence", "appeal", "time"]


def _reviewer(person, reviewer):
    from kaimen.register.models import Post

    return Post.objects.create(
        person=reviewer.officer.person, role="appeal-reviewer", area=person.area, since=MONDAY.date()
    )


def test_an_appeal_nobody_answers_lapses_and_the_list_says_so_at_once(person, subject, hospital, genesis):
    evidence.receive([hospital.evidence(subject, "test", test_result="positive")])
    appeals.file(subject, "我没有检测过")
    with clock.frozen(MONDAY + DAY + timedelta(seconds=5)):
        lists.publish(genesis)  # before the job has come round
        assert PublishedList.objects.latest("made_at").counts == {}
        jobs.appeals_lapse(clock.now())
        assert colour(person) == "green"
        report = replayed(genesis)
    assert [str(one) for one in report.alarms] == []


def test_more_than_the_packs_number_waits_for_another_organisation(people_of, hospital, centre, genesis):
    subjects = people_of(22)
    envelopes = [hospital.evidence(one, "test", test_result="positive") for one in subjects]
    assert state(evidence.receive(envelopes)) == ["taken"] * 20 + ["waits"] * 2
    assert Decision.objects.count() == 20
    own = hospital.approval(*envelopes[20:])
    assert state(evidence.receive([own])) == ["refused:same-organisation"]
    assert state(evidence.receive([centre.approval(*envelopes[20:])])) == ["taken"]
    assert Decision.objects.count() == 22
    lists.publish(genesis)
    assert [str(one) for one in replayed(genesis).alarms] == []


def test_new_rules_judge_everybody_anew_at_their_moment(person, subject, hospital, keepers, ratified, genesis):
    evidence.receive([hospital.evidence(subject, "test", test_result="positive")])
    text = authorities.rules_of_pack(_pack(), "person").replace(b"lasts: P7D", b"lasts: P2D")
    ratified(authorities.propose_rules(keepers[0].post, "person", text, MONDAY + DAY))
    with clock.frozen(MONDAY + DAY + timedelta(seconds=1)):
        jobs.rules_take_effect(clock.now())
        assert queries.own_colour(person).until == MONDAY + 2 * DAY
    with clock.frozen(MONDAY + 2 * DAY):
        jobs.colours_end(clock.now())
        assert colour(person) == "green"
        assert [str(one) for one in replayed(genesis).alarms] == []


def _pack():
    from kaimen.register import packs_in_force

    return packs_in_force.pack()


def test_a_key_ended_from_before_takes_its_evidence_along(person, subject, hospital, keepers, ratified, genesis):
    evidence.receive([hospital.evidence(subject, "test", test_result="positive")])
    with clock.frozen(MONDAY + timedelta(hours=3)):
        accreditation = hospital.row.accreditations.get()
        ratified(authorities.propose_end(keepers[0].post, accreditation, MONDAY))
        assert colour(person) == "green"
        again = hospital.evidence(subject, "test", test_result="positive")
        assert state(evidence.receive([again])) == ["refused:key-ended"]
        assert [str(one) for one in replayed(genesis).alarms] == []
