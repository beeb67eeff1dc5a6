"""Entries arrive from nodes: late, twice, overlapping, out of order, forged, forked."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaimen.gate import ingest, queries
from kaimen.gate.models import ChainBreak, ChainHead, EntryCount, EntryEvent, Node, NodeRevoked
from kaimen.gate.tests.conftest import MONDAY, PaperNode
from kaimen.kit.keys import SigningKey
from kaimen_gate import wire

pytestmark = pytest.mark.django_db(databases=["default", "events"])
DAY = MONDAY.date()
HERE = {"ferry-house": "ferry-house", "ferry-house-south": "ferry-house"}


def recount() -> Counter[tuple[Any, ...]]:
    """What the counters ought to say, from the entries' own bytes."""
    counted: Counter[tuple[Any, ...]] = Counter()
    for raw in EntryEvent.objects.values_list("raw", flat=True):
        entry = wire.read_entry(bytes(raw))
        local = entry.at + timedelta(hours=8)
        key = (local.date(), HERE[entry.place], entry.place, local.hour * 4 + local.minute // 15)
        counted[*key, wire.DIRECTIONS.index(entry.direction), wire.VERDICTS.index(entry.verdict)] += 1
    return counted


def counters() -> Counter[tuple[Any, ...]]:
    rows = EntryCount.objects.values_list("day", "place", "gate", "quarter", "direction", "verdict", "n")
    return Counter({tuple(row[:-1]): row[-1] for row in rows})


def test_a_batch_is_acknowledged_and_counted(node, send):
    for minute in range(3):
        node.enter(MONDAY + timedelta(minutes=minute))
    answer = send(node.batch())
    assert answer.json() == {"acknowledged": 3, "inserted": 3}
    assert queries.inside(DAY) == {"ferry-house": 3}
    assert queries.entries_by_quarter(DAY)[32:34] == [3, 0]  # 08:12–08:14 lies before 08:15


def test_a_batch_sent_three_times_counts_once(node, send):
    for _ in range(5):
        node.enter()
    assert [send(node.batch()).json()["inserted"] for _ in range(3)] == [5, 0, 0]
    assert sum(queries.entered(DAY).values()) == sum(queries.entries_by_quarter(DAY)) == 5


def test_an_overlapping_batch_adds_only_what_is_new(node, send):
    for _ in range(6):
        node.enter()
    send(node.batch(node.chain[:4]))
    assert send(node.batch(node.chain[2:])).json() == {"acknowledged": 6, "inserted": 2}
    assert counters() == recount()


def test_a_gap_is_told_from_a_fork_and_says_where_to_go_on(node, send):
    for _ in range(6):
        node.enter()
    send(node.batch(node.chain[:2]))
    answer = send(node.batch(node.chain[4:]))
    assert (answer.status_code, answer.json()["acknowledged"]) == (409, 2)
    assert not ChainBreak.objects.exists()


def test_a_cloned_node_is_detected_recorded_and_not_counted(node, send):
    node.enter()
    clone = PaperNode(node.id, node.key, chain=list(node.chain))
    node.enter(reason="on-list")
    clone.enter(reason="not-on-list", verdict="desk")
    send(node.batch())
    answer = send(clone.batch())
    assert answer.status_code == 409
    assert bytes(ChainBreak.objects.get().offered) == clone.chain[-1]
    assert EntryEvent.objects.count() == 2
    assert counters() == recount()


def test_a_clone_that_went_on_ahead_is_detected_by_the_link(node, send):
    node.enter()
    clone = PaperNode(node.id, node.key, chain=list(node.chain))
    node.enter()
    clone.enter(index=8)
    clone.enter(index=9)
    send(node.batch())
    assert send(clone.batch(clone.chain[2:])).status_code == 409
    assert ChainBreak.objects.get().node_seq == 3


def test_an_entry_altered_within_a_signed_chain_is_refused(node, send):
    node.enter()
    node.enter()
    first = wire.read_entry(node.chain[0])
    node.chain[0] = wire.Entry(**{**vars(first), "index": 99}).to_bytes()
    assert send(node.batch()).status_code == 409
    assert not EntryEvent.objects.exists()


def test_a_batch_signed_with_another_key_is_refused(node, send):
    node.enter()
    node.key = SigningKey.generate()
    answer = send(node.batch())
    assert (answer.status_code, answer.json()["error"]) == (400, "the signature of this batch does not hold")


def test_a_node_cannot_send_anothers_entries(node, send):
    other = PaperNode(Node.objects.create(name="x", public_key=b"\2" * 33).pk, SigningKey.generate())
    answer = send(node.batch([other.enter()]))
    assert answer.status_code == 400
    assert "names another node" in answer.json()["error"]


def test_a_node_cannot_count_people_into_a_building_where_it_does_not_stand(node, send):
    node.enter(place="lamp-tower")
    assert send(node.batch()).status_code == 400
    assert queries.inside(DAY) == {}


def test_a_revoked_node_is_not_heard(node, send):
    NodeRevoked.objects.create(node_id=node.id, reason="stolen")
    node.enter()
    assert send(node.batch()).status_code == 401


def test_a_node_nobody_enrolled_is_not_heard(node, send):
    node.id = node.id.__class__(int=1)
    node.enter()
    assert send(node.batch()).status_code == 401


@pytest.mark.parametrize("body", [b"", b"\xff", b"\x80", b"\x82\x40\x40", b"x" * 2000], ids=repr)
def test_rubbish_is_refused_in_words(client, district, body):
    answer = client.post("/api/gate/entries", body, content_type="application/cbor")
    assert answer.status_code == 400
    assert answer.json()["remedy"]


def test_a_batch_too_large_is_refused_before_it_is_read(client: Client, district):
    answer = client.post("/api/gate/entries", b"x" * (4 * 1024 * 1024 + 1), content_type="application/cbor")
    assert answer.status_code == 413


@pytest.mark.parametrize("length", ["x", "-1", "9" * 5_000])
def test_a_length_that_is_none_is_refused_and_no_fault_of_the_server(client: Client, district, length):
    answer = client.post("/api/gate/entries", b"x", content_type="application/cbor", CONTENT_LENGTH=length)
    assert answer.status_code == 413


def test_a_time_beyond_all_calendars_is_refused_not_a_failure(node, send):
    node.enter(at=MONDAY.replace(year=9999, month=12, day=31))
    assert send(node.batch()).status_code == 400


def test_a_fresh_disk_begins_a_new_epoch(node, send):
    node.enter()
    send(node.batch())
    fresh = PaperNode(node.id, node.key, epoch=2)
    fresh.enter()
    assert send(fresh.batch()).json() == {"acknowledged": 1, "inserted": 1}
    assert ChainHead.objects.count() == 2


def test_an_entrance_counts_for_its_building(node, send, ferry_house):
    Node.objects.get(pk=node.id).places.add(ferry_house.parts.get(code="ferry-house-south"))
    node.enter()
    node.enter(place="ferry-house-south", direction="out", reason="left")
    send(node.batch())
    assert queries.inside(DAY) == {}
    assert counters() == recount()


def test_more_leaving_than_came_is_nobody_inside(node, send):
    node.enter(direction="out", reason="left")
    send(node.batch())
    assert queries.inside(DAY) == {}


def test_late_in_the_evening_the_local_day_counts_not_the_utc_one(node, send):
    node.enter(at=MONDAY.replace(hour=16, minute=30))  # 00:30 on the 17th
    send(node.batch())
    assert queries.entered(DAY) == {}
    assert queries.entries_by_quarter(DAY + timedelta(days=1))[2] == 1


WHAT = st.lists(st.tuples(st.sampled_from(["in", "out"]), st.integers(0, 1400)), min_size=30, max_size=30)
PIECES = st.lists(st.tuples(st.integers(0, 29), st.integers(1, 30)), min_size=1, max_size=12)


@given(pieces=PIECES, what=WHAT)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_schedule_of_loss_overlap_and_resending_ends_at_the_truth(node, pieces, what):
    """Whatever pieces arrive in whatever order, nothing counts twice; the last full sending makes it whole."""
    EntryEvent.objects.all().delete()
    EntryCount.objects.all().delete()
    ChainHead.objects.all().delete()
    paper = PaperNode(node.id, node.key)
    for direction, minute in what:
        paper.enter(MONDAY + timedelta(minutes=minute), direction=direction)
    for start, length in pieces:
        held = ChainHead.objects.filter(node=paper.id.bytes).values_list("node_seq", flat=True).first() or 0
        if start > held:
            with pytest.raises(ingest.ChainBroken) as gap:
                ingest.take(paper.id.bytes, paper.chain[start : start + length], HERE)
            assert (gap.value.forked, gap.value.acknowledged) == (False, held)
        else:
            ingest.take(paper.id.bytes, paper.chain[start : start + length], HERE)
        assert counters() == recount()
    assert ingest.take(paper.id.bytes, paper.chain, HERE).acknowledged == 30
    assert EntryEvent.objects.count() == 30
    assert counters() == recount()
