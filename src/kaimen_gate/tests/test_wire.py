"""What node and centre say to each other is read back as it was said, and anything else is NotWire."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaimen.kit import canonical
from kaimen.kit.keys import SigningKey
from kaimen_gate import wire

KEY, STRANGER = SigningKey.generate(), SigningKey.generate()
NODE = UUID(int=7)
MOMENTS = st.integers(0, 253_402_300_799_999).map(lambda ms: datetime.fromtimestamp(ms / 1000, UTC))
WHOLE = st.integers(0, 2**63 - 1)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
ENTRIES = st.builds(
    wire.Entry, id=st.uuids(), node=st.uuids(), epoch=WHOLE, seq=WHOLE, previous=st.binary(min_size=32, max_size=32),
    place=TEXT, at=MOMENTS, direction=st.sampled_from(wire.DIRECTIONS), verdict=st.sampled_from(wire.VERDICTS),
    reason=TEXT, index=st.none() | WHOLE, how=TEXT, data_age=WHOLE,
)  # fmt: skip
SAID_MORE = st.fixed_dictionaries({
    "also": st.lists(TEXT, max_size=5), "temperature": st.none() | st.integers(0, 999), "override": TEXT,
    "second": st.none() | WHOLE,
})  # fmt: skip
MAYBE = st.none() | MOMENTS
PEOPLE = st.builds(
    wire.Expected, WHOLE, TEXT, st.just(0), TEXT, TEXT, st.sampled_from(wire.COMES_AS), st.none() | WHOLE,
    st.none() | WHOLE, TEXT, st.integers(0, wire.ASSURANCES - 1),
)  # fmt: skip
TREES = st.recursive(st.booleans() | st.integers(0, 99) | TEXT, lambda below: st.lists(below, max_size=3), max_leaves=5)
MAPS = st.dictionaries(TEXT, TREES, max_size=3)
SNAPSHOTS = st.builds(
    wire.Snapshot, place=TEXT, title=st.tuples(TEXT, TEXT), version=WHOLE, made_at=MOMENTS, opens=TEXT, closes=TEXT,
    zone=TEXT, keys=st.lists(st.builds(wire.PassKey, st.binary(min_size=33, max_size=33), MAYBE, MAYBE)).map(tuple),
    organisations=st.lists(st.tuples(TEXT, TEXT, st.booleans()), min_size=1).map(tuple),
    people=st.lists(PEOPLE | st.builds(wire.Expected, WHOLE, TEXT, st.just(0), TEXT, TEXT)).map(tuple),
    revoked=st.frozensets(WHOLE), words=st.dictionaries(TEXT, st.tuples(TEXT, TEXT, TEXT, TEXT)),
    post=st.sampled_from(wire.POSTS), parameters=st.dictionaries(TEXT, MAPS, max_size=2), building=TEXT,
    rules=st.lists(st.builds(wire.Rule, TEXT, st.none() | st.sampled_from(wire.VERDICTS), st.none() | MAPS),
                   max_size=3).map(tuple),
    cards=st.dictionaries(st.binary(min_size=16, max_size=16), WHOLE, max_size=3).map(
        lambda found: tuple(wire.Card(*one) for one in sorted(found.items()))),
    supervisors=st.frozensets(WHOLE, max_size=3),
    lift=st.none() | st.builds(wire.Lift, st.integers(1, 99), st.lists(TEXT, max_size=3).map(tuple)),
)  # fmt: skip
ENTRY = wire.Entry(
    UUID(int=1), NODE, 3, 1, wire.FIRST_LINK, "ferry-house", datetime(2020, 3, 16, tzinfo=UTC), "in", "enter",
    "on-list", 5, "code", 60,
)  # fmt: skip
SNAPSHOT = wire.Snapshot(
    "ferry-house", ("渡口", "Ferry"), 2, datetime(2020, 3, 16, tzinfo=UTC), "06:00", "22:00", "Asia/Shanghai",
    (wire.PassKey(KEY.public.raw),), (("厂", "Works", True),), (wire.Expected(5, "王样", 0, "3", "000X"),),
    frozenset({9}), {"on-list": ("a", "b", "c", "d")},
)  # fmt: skip
# Anything CBOR can say, tags that Python types hide behind included.
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.binary(max_size=40)
    | st.datetimes(timezones=st.just(UTC)) | st.decimals() | st.uuids(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=4),
    max_leaves=8,
)  # fmt: skip


def signed(kind: bytes, body: Any) -> bytes:
    """A message of any body with a signature that holds."""
    content = cbor2.dumps(body, canonical=True)
    return canonical.encode([content, KEY.sign(kind + b"\0" + content)])


def refused(read: Callable[[], object]) -> None:
    """Reading either works or raises NotWire."""
    try:
        read()
    except wire.NotWire:
        return


@given(ENTRIES)
def test_an_entry_is_read_as_it_was_written(entry: wire.Entry) -> None:
    assert wire.read_entry(entry.to_bytes()) == entry


@given(ENTRIES, SAID_MORE)
def test_an_entry_keeps_every_reason_and_what_a_person_answers_for(entry: wire.Entry, more: dict[str, Any]) -> None:
    also = tuple(more.pop("also"))
    entry = replace(entry, reasons=(entry.reason, *also), **more)
    assert wire.read_entry(entry.to_bytes()) == entry


@given(ENTRIES)
def test_an_entry_of_version_1_is_still_read_and_written_as_it_was(entry: wire.Entry) -> None:
    first = replace(entry, version=1)
    assert len(canonical.decode(first.to_bytes())) == 14
    assert wire.read_entry(first.to_bytes()) == first


@given(SNAPSHOTS)
@settings(max_examples=50)
def test_a_snapshot_is_read_as_it_was_written(snapshot: wire.Snapshot) -> None:
    assert wire.read_snapshot(wire.write_snapshot(snapshot, KEY), KEY.public) == snapshot


@given(st.lists(st.binary(max_size=50)))
@settings(max_examples=50)
def test_a_batch_is_read_as_it_was_written(entries: list[bytes]) -> None:
    data = wire.write_batch(entries, NODE, KEY)
    assert wire.batch_sender(data) == NODE
    assert wire.read_batch(data, KEY.public) == entries


@given(st.binary())
@settings(max_examples=500)
def test_any_bytes_are_a_message_or_not_wire(data: bytes) -> None:
    refused(lambda: wire.read_entry(data))
    refused(lambda: wire.read_snapshot(data, KEY.public))
    refused(lambda: wire.read_batch(data, KEY.public))
    refused(lambda: wire.batch_sender(data))


@given(st.integers(0, 17), ANYTHING)
@settings(max_examples=500)
def test_an_entry_with_anything_in_one_field_is_an_entry_or_not_wire(field: int, value: Any) -> None:
    fields = canonical.decode(ENTRY.to_bytes())
    fields[field] = value
    refused(lambda: wire.read_entry(cbor2.dumps(fields, canonical=True)))


@given(st.sampled_from([*sorted(vars(SNAPSHOT)), "v"]), ANYTHING)
@settings(max_examples=300)
def test_a_snapshot_with_anything_in_one_field_is_a_snapshot_or_not_wire(field: str, value: Any) -> None:
    body = canonical.decode(canonical.decode(wire.write_snapshot(SNAPSHOT, KEY))[0])
    body[field] = value
    refused(lambda: wire.read_snapshot(signed(b"snapshot", body), KEY.public))


@given(ANYTHING)
@settings(max_examples=300)
def test_anything_signed_is_a_message_or_not_wire(body: Any) -> None:
    refused(lambda: wire.read_snapshot(signed(b"snapshot", body), KEY.public))
    refused(lambda: wire.read_batch(signed(b"batch", body), KEY.public))
    refused(lambda: wire.read_batch(cbor2.dumps(body, canonical=True), KEY.public))
    refused(lambda: wire.batch_sender(signed(b"batch", body)))
    refused(lambda: wire.batch_sender(cbor2.dumps([body, body], canonical=True)))


@pytest.mark.parametrize(
    ("field", "value"),
    [(0, True), (1, "x" * 16), (3, True), (4, -1), (5, "x" * 32), (6, "x" * 61), (7, 2**62), (8, 2), (8, -1), (9, 3),
     (9, False), (11, -1), (11, 2**63), (13, 1.0), (0, 3), (14, ["another"]), (14, ["on-list"] * 61), (14, "on-list"),
     (15, 1000), (15, 36.6), (16, None), (17, -1)],
)  # fmt: skip
def test_an_entry_with_a_field_out_of_bounds_is_refused(field: int, value: Any) -> None:
    fields = canonical.decode(ENTRY.to_bytes())
    fields[field] = value
    with pytest.raises(wire.NotWire):
        wire.read_entry(canonical.encode(fields))


@pytest.mark.parametrize(
    ("field", "value"),
    [("people", [[5, "王样", 1, "3", "000X"]]), ("people", {}), ("keys", [b"short"]), ("title", "ab"), ("v", True),
     ("organisations", [["厂", "Works", 1]]), ("words", {"on-list": "abcd"}), ("revoked", [-1]), ("made_at", 2**62),
     ("revoked", [2, 2]), ("supervisors", [2, 1]), ("people", [[5, "王样", 0, "3", "000X", 0, None, None, "", 0]]),
     ("people", [[5, "王", 0, "3", "", 6, None, None, "", 0]]), ("post", 5), ("post", "desk"),
     ("people", [[5, "王", 0, "3", "", 1, None, None, "", 3]]), ("keys", [[bytes(33), 1]]),
     ("rules", [["a", 3, None]]), ("rules", [["a", 0, "yes"]]), ("rules", [["a", 0, None]] * 201), ("parameters", []),
     ("cards", [[bytes(16), 1], [bytes(16), 2]]), ("cards", [[bytes(15), 1]]), ("lift", [0, []]), ("lift", [6])],
)  # fmt: skip
def test_a_snapshot_with_a_field_out_of_bounds_is_refused(field: str, value: Any) -> None:
    body = canonical.decode(canonical.decode(wire.write_snapshot(SNAPSHOT, KEY))[0])
    body[field] = value
    with pytest.raises(wire.NotWire):
        wire.read_snapshot(signed(b"snapshot", body), KEY.public)


def test_what_another_key_signed_or_what_was_signed_as_something_else_is_refused() -> None:
    with pytest.raises(wire.NotWire, match="does not hold"):
        wire.read_snapshot(wire.write_snapshot(SNAPSHOT, STRANGER), KEY.public)
    with pytest.raises(wire.NotWire, match="does not hold"):
        wire.read_batch(wire.write_snapshot(SNAPSHOT, KEY), KEY.public)
