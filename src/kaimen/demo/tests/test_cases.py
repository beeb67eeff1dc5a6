"""Colours of the demonstration: by the product's own judging, from what offices signed, in the order of time."""

from collections import Counter
from datetime import time

from kaimen.board import colouring
from kaimen.colours.leaves import Opening
from kaimen.colours.moments import moment
from kaimen.colours.replay import Logged, Replay
from kaimen.demo import history
from kaimen.demo import sample as samples
from kaimen.demo.definitions import Sample
from kaimen.demo.models import SampleProgress
from kaimen.demo.personas import account_of
from kaimen.demo.rounds import moment_of
from kaimen.kit import clock
from kaimen.ledger import advancing, queries
from kaimen.ledger.models import PublicObject
from kaimen.status import queries as colours
from kaimen.status.activations import activation
from kaimen.status.models import Appeal, Declaration, Evidence, Standing


def test_the_employee_behind_the_door_has_a_colour_worth_a_look(filled: SampleProgress, sample: Sample) -> None:
    person = account_of("resident").person
    assert person is not None
    with clock.frozen(moment_of(sample, 0, time(8))):
        mine = colours.own_colour(person)
    assert (mine.colour.slug, mine.rule.slug) == ("yellow", "fever-or-symptoms")
    assert mine.decision is not None
    assert queries.receipt_for(mine.decision.leaf) is not None


def test_red_needs_two_organisations_and_an_answer_took_one_piece_away(filled: SampleProgress) -> None:
    standing = Counter(Standing.objects.values_list("colour", flat=True))
    assert standing == {"yellow": 2, "red": 1, "green": 1}
    assert [hasattr(one, "finding") for one in Appeal.objects.order_by("made_at")] == [True, False]


def test_what_is_due_on_the_day_happens_once_however_often_it_is_done(filled: SampleProgress, sample: Sample) -> None:
    steps = history.of_the_day(sample, samples.plan_of(sample).buildings[: samples.FIRST])
    assert steps == sorted(steps, key=lambda step: step.at)
    for _ in range(2):
        for step in steps:
            with clock.frozen(step.at):
                history.done(step)
    assert Declaration.objects.count() == 1
    assert Appeal.objects.filter(finding=None).count() == 1
    assert Evidence.objects.count() == sum(
        act.does == "evidence" for case in sample.cases for act in case.acts for _ in range(case.people)
    )


def test_a_witness_that_works_everything_out_again_finds_nothing_wrong(filled: SampleProgress, sample: Sample) -> None:
    for step in history.of_the_day(sample, samples.plan_of(sample).buildings[: samples.FIRST]):
        with clock.frozen(step.at):
            history.done(step)
            colouring.recolour()  # as the worker does each minute
    with clock.frozen(moment_of(sample, 0, time(21))):
        advancing.advance()
    objects = {bytes(one.digest): bytes(one.data) for one in PublicObject.objects.all()}
    replay = Replay(bytes(activation().leaf_hash), objects.get)
    for leaf in queries.leaves():
        found = queries.opening_of(leaf.id)
        replay.take(Logged(leaf.index, leaf.data, Opening(found.salt, found.secret) if found else None))
    report = replay.report(moment(moment_of(sample, 0, time(21))))
    assert [str(one) for one in report.alarms] == []
