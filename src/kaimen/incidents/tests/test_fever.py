"""A fever at a door: one referral for each event truly received, its offices told, a clock until somebody closes it."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaimen.gate import calls, ingest
from kaimen.gate.call_models import Call
from kaimen.gate.models import ChainHead, EntryEvent
from kaimen.incidents import actions, jobs, queries
from kaimen.incidents.models import Act, Incident
from kaimen.incidents.tests.conftest import FEVER, MONDAY, PaperNode
from kaimen.kit import clock
from kaimen.notify.models import Delivery, Message
from kaimen.register.access import NotAllowed
from kaimen.register.models import Place
from kaimen_gate import wire

pytestmark = pytest.mark.django_db(databases=["default", "events"])
HERE = {"ferry-house": "ferry-house"}


def texts(post):
    return sorted(Message.objects.filter(to=post.person).values_list("text", flat=True))


def test_a_fever_reaches_the_grid_officer_and_the_health_office_with_a_clock(called, somebody, officer, health, team):
    called(**FEVER)
    (waiting,) = queries.waiting(officer)
    assert (waiting.incident.kind, waiting.incident.person, waiting.clock.words) == ("fever", somebody, "还剩 30 分钟")
    assert [one.incident for one in queries.waiting(health)] == [waiting.incident]
    assert (texts(officer), texts(health), texts(team)) == (["incident-waits"], ["incident-waits"], [])


def test_an_officer_of_another_grid_is_neither_told_nor_shown(called, post, district):
    elsewhere = district.children.create(code="x", level="street", path=f"{district.path}x/", name="别处")
    other = post("grid-officer", elsewhere)
    called(**FEVER)
    assert (queries.waiting(other), texts(other)) == ([], [])


def test_sent_three_times_in_pieces_and_shuffled_it_is_one_referral(node, send, officer):
    for n in range(6):
        node.enter(MONDAY + timedelta(minutes=n), **(FEVER if n == 3 else {}))
    for piece in (node.chain[:2], node.chain, node.chain[3:], node.chain[:5], node.chain):
        send(node.batch(piece))
        actions.answer_calls()
    assert Incident.objects.count() == 1
    assert texts(officer) == ["incident-waits"]


def test_a_worker_killed_between_the_effect_and_ticking_it_off_fires_it_once(called, node, officer, monkeypatch):
    def killed(_call):
        raise KeyboardInterrupt

    monkeypatch.setattr(calls, "taken", killed)
    with pytest.raises(KeyboardInterrupt):
        called(**FEVER)
    monkeypatch.undo()
    assert Call.objects.get().taken_at is None
    assert actions.answer_calls() == 1
    assert (Incident.objects.count(), texts(officer)) == (1, ["incident-waits"])


def test_a_worker_killed_before_the_effect_leaves_nothing_half_done(called, officer, monkeypatch):
    def killed(*_a, **_k):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("kaimen.notify.actions.send", killed)
        with pytest.raises(KeyboardInterrupt):
            called(**FEVER)
        assert not Incident.objects.exists()
    actions.answer_calls()
    assert (Incident.objects.count(), texts(officer)) == (1, ["incident-waits"])


def test_measured_and_then_pressed_by_the_guard_is_one_referral(called, node, officer):
    called(**FEVER)
    first = wire.read_entry(node.chain[-1])
    called(reason="fever-seen", reasons=("fever-seen", "fever"), verdict="desk", override=str(first.id))
    assert Incident.objects.count() == 1


def test_a_fever_of_nobody_who_was_scanned_is_still_a_referral(called, officer):
    called(reason="fever-seen", reasons=("fever-seen",), verdict="desk", index=None, how="manual")
    assert queries.waiting(officer)[0].incident.person is None


PIECES = st.lists(st.tuples(st.integers(0, 9), st.integers(1, 10), st.booleans()), max_size=8)


@given(pieces=PIECES, fevers=st.sets(st.integers(0, 9), max_size=3))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_of_pieces_and_workers_is_one_referral_a_fever(node, officer, pieces, fevers):
    for model in (Act, Incident, Delivery, Message, Call, EntryEvent, ChainHead):
        model.objects.all().delete()
    paper = PaperNode(node.id, node.key)
    for n in range(10):
        paper.enter(MONDAY + timedelta(minutes=n), **(FEVER if n in fevers else {}))
    for start, length, worker in [*pieces, (0, 10, True)]:
        with suppress(ingest.ChainBroken):  # a piece that came too early
            ingest.take(paper.id.bytes, paper.chain[start : start + length], HERE)
        if worker:
            jobs.incidents_open()
            Call.objects.update(taken_at=None)  # killed before it ticked them off
    jobs.incidents_open()
    truth = {wire.read_entry(paper.chain[n]).id for n in fevers}
    assert set(Incident.objects.values_list("entry", flat=True)) == truth
    assert Message.objects.count() == len(fevers)


def test_taking_over_and_closing_stand_on_record(called, officer, health):
    called(**FEVER)
    incident = Incident.objects.get()
    actions.take_over(officer, incident)
    actions.take_over(officer, incident)
    actions.close(health, incident, "sent-to-clinic")
    assert [(act.does, act.by, act.outcome) for act in incident.acts.all()] == [
        ("taken", officer, ""), ("done", health, "sent-to-clinic"),
    ]  # fmt: skip
    assert queries.waiting(officer) == []
    assert queries.done_lately(officer)[0].outcome == "已送发热门诊"


def test_what_is_closed_is_not_closed_again(called, officer):
    called(**FEVER)
    incident = Incident.objects.get()
    actions.close(officer, incident, "normal-again")
    with pytest.raises(actions.NotPossible):
        actions.close(officer, incident, "sent-to-clinic")
    with pytest.raises(actions.NotPossible):
        actions.take_over(officer, incident)


def test_an_outcome_nobody_defined_closes_nothing(called, officer):
    called(**FEVER)
    with pytest.raises(actions.NotPossible):
        actions.close(officer, Incident.objects.get(), "cured")
    assert not Act.objects.exists()


def test_an_office_that_it_does_not_concern_may_not_touch_it(called, team):
    called(**FEVER)
    with pytest.raises(NotAllowed):
        actions.close(team, Incident.objects.get(), "sent-to-clinic")


def test_overdue_the_office_and_the_level_above_are_told_once(called, officer, post, district):
    above = post("district-commander", district)
    called(**FEVER)
    assert actions.say_late() == 0
    with clock.frozen(MONDAY + timedelta(minutes=31)):
        jobs.incidents_late(clock.now())
        jobs.incidents_late(clock.now())
        assert queries.watched(above)[0].clock.state == "over"
    assert texts(above) == ["incident-late"]
    assert texts(officer) == ["incident-late", "incident-waits"]


def test_a_fever_closed_in_time_is_never_late(called, officer):
    called(**FEVER)
    actions.close(officer, Incident.objects.get(), "normal-again")
    with clock.frozen(MONDAY + timedelta(hours=2)):
        assert actions.say_late() == 0


def test_a_place_nobody_holds_is_told_to_the_level_above(called, post, district):
    above = post("district-commander", district)
    called(**FEVER)
    assert texts(above) == ["incident-waits"]


def test_a_notice_says_neither_what_it_is_nor_whom(called, somebody, officer):
    called(**FEVER)
    for message in Message.objects.all():
        said = f"{message.title}{message.title_en}{message.short}{message.short_en}{message.long}{message.long_en}"
        assert not [word for word in ("热", "ever", "37.9", somebody.name) if word in said]


class Killed(BaseException):
    """The worker's process ends here."""


def test_killed_before_any_statement_of_the_work_it_is_one_referral_in_the_end(called, node, send, officer):
    """However far it came: what was not committed is gone, what was is found again."""
    node.enter(**FEVER)
    send(node.batch())
    statement = 0
    for statement in range(200):
        Call.objects.update(taken_at=None)
        if not killed_at(statement):
            break
        actions.answer_calls()
        assert (Incident.objects.count(), texts(officer)) == (1, ["incident-waits"])
        if statement % 2:
            continue  # the next worker finds what this one left; every other time it begins anew
        for model in (Incident, Delivery, Message):
            model.objects.all().delete()
    assert statement > 3


def killed_at(statement):
    """Work until the statement of this number, in either file, and end there; whether there was one."""
    count = 0

    def count_down(execute, sql, params, many, context):
        nonlocal count
        count += 1
        if count == statement + 1:  # once: what follows is the roll-back that a file does when it is opened again
            raise Killed
        return execute(sql, params, many, context)

    with connections["default"].execute_wrapper(count_down), connections["events"].execute_wrapper(count_down):
        try:
            actions.answer_calls()
        except Killed:
            return True
    return False


def test_names_are_forgotten_when_the_pack_says_and_what_happened_stays(called, somebody, officer):
    called(**FEVER)
    actions.close(officer, Incident.objects.get(), "normal-again")
    with clock.frozen(MONDAY + timedelta(days=29)):
        assert actions.forget_names() == 0
    with clock.frozen(MONDAY + timedelta(days=31)):
        jobs.incidents_forget(clock.now())
    kept = Incident.objects.get()
    assert (kept.person, kept.entry, kept.acts.count()) == (None, None, 1)


def test_names_are_forgotten_at_once_when_no_emergency_is_in_force(called, somebody, officer, monkeypatch):
    called(**FEVER)
    called(**{**FEVER, "index": 7})
    actions.close(officer, Incident.objects.earliest("id"), "normal-again")
    monkeypatch.setattr("kaimen.register.emergencies.slug_in_force", lambda: None)
    assert actions.forget_names() == 1
    assert Incident.objects.exclude(person=None).count() == 1  # what is open still needs whoever it is about


def test_a_call_that_cannot_be_opened_keeps_no_other_waiting(called, node, send, officer):
    node.enter(**FEVER)
    node.enter(MONDAY + timedelta(minutes=1), **FEVER)
    send(node.batch())
    Call.objects.filter(node_seq=1).update(gate="no-such-house")
    with pytest.raises(Place.DoesNotExist):
        actions.answer_calls()
    assert (Incident.objects.count(), texts(officer)) == (1, ["incident-waits"])
    Call.objects.filter(node_seq=1).update(gate="ferry-house")
    actions.answer_calls()
    assert Incident.objects.count() == 2
