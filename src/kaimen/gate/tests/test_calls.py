"""Entries that call somebody are noted in the transaction that inserts them: each once, whatever is sent how often."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaimen.gate import calls, ingest
from kaimen.gate.call_models import Call
from kaimen.gate.models import ChainHead, EntryEvent
from kaimen.gate.tests.conftest import MONDAY, PaperNode
from kaimen_gate import wire

pytestmark = pytest.mark.django_db(databases=["default", "events"])
HERE = {"ferry-house": "ferry-house"}
USUAL: dict[str, Any] = {"reason": "on-list"}
FEVER: dict[str, Any] = {"reason": "fever", "reasons": ("fever",), "verdict": "desk", "temperature": 379}


def test_a_measured_fever_is_noted_with_its_entry_and_once(node, send):
    node.enter()
    fever = wire.read_entry(node.enter(**FEVER))
    for _ in range(3):
        send(node.batch())
    noted = Call.objects.get()
    assert (noted.kind, noted.about, noted.gate, noted.index, noted.at) == ("fever", fever.id, "ferry-house", 7, MONDAY)


def test_a_disputed_refusal_is_noted_about_the_refusal(node, send):
    refused = wire.read_entry(node.enter(verdict="refuse", reason="revoked", reasons=("revoked",)))
    node.enter(verdict="desk", reason="disputed", reasons=("disputed", "revoked"), override=str(refused.id))
    send(node.batch())
    noted = Call.objects.get()
    assert (noted.kind, noted.about, noted.reason) == ("obstruction", refused.id, "revoked")


def test_letting_in_after_a_second_measurement_calls_nobody_again(node, send):
    node.enter(**FEVER)
    node.enter(reason="let-in", reasons=("let-in", "fever"), override="measured-again", temperature=379)
    send(node.batch())
    assert Call.objects.count() == 1


def test_a_report_about_what_is_no_entry_is_about_itself(node, send):
    said = wire.read_entry(node.enter(verdict="desk", reason="fever-seen", reasons=("fever-seen",), override="tea"))
    send(node.batch())
    assert Call.objects.get().about == said.id


def test_a_batch_that_is_not_taken_notes_nothing(node, send):
    node.enter()
    clone = PaperNode(node.id, node.key, chain=list(node.chain))
    node.enter()
    clone.enter(**FEVER)
    send(node.batch())
    assert send(clone.batch()).status_code == 409
    assert not Call.objects.exists()


PIECES = st.lists(st.tuples(st.integers(0, 11), st.integers(1, 12)), max_size=8)


@given(pieces=PIECES, fevers=st.sets(st.integers(0, 11)))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_of_pieces_notes_every_fever_once(node, pieces, fevers):
    for model in (Call, EntryEvent, ChainHead):
        model.objects.all().delete()
    paper = PaperNode(node.id, node.key)
    for n in range(12):
        paper.enter(MONDAY + timedelta(minutes=n), **(FEVER if n in fevers else USUAL))
    for start, length in [*pieces, (0, 12), (0, 12)]:
        with suppress(ingest.ChainBroken):  # a piece that came too early
            ingest.take(paper.id.bytes, paper.chain[start : start + length], HERE)
    assert set(Call.objects.values_list("node_seq", flat=True)) == {n + 1 for n in fevers}
    assert Call.objects.count() == len(fevers)


def test_what_is_taken_waits_no_more(node, send):
    node.enter(**FEVER)
    send(node.batch())
    assert not calls.waiting(["obstruction"])
    (waiting,) = calls.waiting(["fever"])
    calls.taken(waiting)
    assert not calls.waiting(["fever"])
