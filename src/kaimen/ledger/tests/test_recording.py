"""Recording: with the business or not at all, canonical, and silent about what is secret."""

import hashlib

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from kaimen.kit import canonical, clock
from kaimen.ledger import openings
from kaimen.ledger.actions import NotALeaf, ToRecord, publish, record, record_many
from kaimen.ledger.models import Opening, PendingLeaf, PublicObject
from kaimen.ledger.openings import OpeningKey

pytestmark = pytest.mark.django_db

SECRET = {"subject": "37029919900101001X", "colour": "red"}


def test_a_leaf_says_its_kind_its_time_and_what_is_public() -> None:
    before = int(clock.now().timestamp() * 1000)
    leaf = record("pack-loaded", {"new": b"\1" * 32})
    row = PendingLeaf.objects.get()
    said = canonical.decode(bytes(row.data))
    assert said == {"v": 1, "kind": "pack-loaded", "at": row.at, "id": leaf.bytes, "new": b"\1" * 32}
    assert before <= row.at <= int(clock.now().timestamp() * 1000)


def test_a_transaction_that_falls_takes_its_leaf_along() -> None:
    with transaction.atomic():
        record("evidence", {}, secret=SECRET)
        transaction.set_rollback(True)
    assert not PendingLeaf.objects.exists()
    assert not Opening.objects.exists()


def test_a_secret_stands_in_no_row_and_opens_to_its_commitment() -> None:
    leaf = record("evidence", {"source": "lab"}, secret=SECRET, emergency="covid-2020")
    data = bytes(PendingLeaf.objects.get().data)
    sealed = bytes(Opening.objects.get(pk=leaf).sealed)
    assert b"370299" not in data + sealed
    opened = OpeningKey.of("covid-2020").open(leaf, sealed)
    assert canonical.decode(opened.secret) == SECRET
    commitment = hashlib.sha256(b"kaimen commitment 1\0" + opened.salt + opened.secret).digest()
    assert canonical.decode(data)["c"] == commitment


def test_the_same_secret_twice_says_nothing_twice() -> None:
    record_many([ToRecord("evidence", {}, SECRET)] * 2)
    one, two = (canonical.decode(bytes(row.data))["c"] for row in PendingLeaf.objects.all())
    assert one != two


def test_an_opening_moved_to_another_leaf_does_not_open() -> None:
    one, two = record_many([ToRecord("evidence", {}, SECRET)] * 2)
    sealed = bytes(Opening.objects.get(pk=one).sealed)
    with pytest.raises(openings.NotOpened):
        OpeningKey.of(openings.STANDING).open(two, sealed)


def test_leaves_wait_in_the_order_they_were_recorded() -> None:
    leaves = record_many(ToRecord("list", {"n": n}) for n in range(50))
    assert list(PendingLeaf.objects.order_by("seq").values_list("leaf", flat=True)) == leaves


def test_recording_reads_nothing() -> None:
    with CaptureQueriesContext(connection) as asked, transaction.atomic():
        record("evidence", {}, secret=SECRET, emergency="covid-2020")
    assert [one["sql"] for one in asked if one["sql"].lstrip().upper().startswith("SELECT")] == []


@pytest.mark.parametrize("own", ["v", "kind", "at", "id", "c"])
def test_nobody_says_a_leafs_own_keys(own: str) -> None:
    with pytest.raises(NotALeaf, match=own):
        record("evidence", {own: 1})


def test_a_leaf_too_long_is_refused_with_the_way_out() -> None:
    with pytest.raises(NotALeaf, match="publish"):
        record("rules-published", {"text": "规则" * 20_000})
    digest = publish("规则".encode() * 20_000)
    assert publish("规则".encode() * 20_000) == digest
    assert hashlib.sha256(bytes(PublicObject.objects.get().data)).digest() == digest
