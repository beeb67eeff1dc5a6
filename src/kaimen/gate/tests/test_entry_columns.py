"""A batch read column by column: what passes there passes entry by entry, and says the same."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaimen.gate import entry_columns
from kaimen.kit import canonical
from kaimen_gate import wire

NODE = UUID(int=7)
JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**64), 2**64), st.floats(allow_nan=False), st.binary(max_size=40),
    st.text(max_size=70), st.lists(st.text(max_size=3), max_size=3), st.dictionaries(st.text(max_size=2), st.none()),
    st.just(["on-list", 7]), st.just(["on-list"] * 61), st.just("x" * 61),
)  # fmt: skip


def entry(seq: int = 1, **about: Any) -> bytes:
    return wire.Entry(**{
        "id": UUID(int=9), "node": NODE, "epoch": 1, "seq": seq, "previous": bytes(32), "place": "ferry-house",
        "at": datetime(2020, 3, 16, 0, 12, 9, 481_000, UTC), "direction": "in", "verdict": "desk", "reason": "fever",
        "index": None, "how": "code", "data_age": 5, "reasons": ("fever", "colour-desk"), "temperature": 374, **about,
    }).to_bytes()  # fmt: skip


def whether(raws: Sequence[bytes]) -> str:
    """What reading entry by entry says of them: nothing, or the first complaint."""
    try:
        for raw in raws:
            wire.read_entry(raw)
    except wire.NotWire as error:
        return str(error)
    return ""


def same(raws: list[bytes]) -> None:
    complaint = whether(raws)
    if complaint:
        assert entry_columns._at_once(raws) is None
        with pytest.raises(wire.NotWire) as refused:
            entry_columns.read(raws)
        assert str(refused.value) == complaint
        return
    read, one_by_one = entry_columns.read(raws), entry_columns._one_by_one(raws)
    for name in read.__slots__:
        column, other = getattr(read, name), getattr(one_by_one, name)
        assert [tuple(one) if name == "reasons" else one for one in column] == list(other), name


def test_entries_of_a_batch_are_read_at_once():
    raws = [entry(1), entry(2, reason="on-list", reasons=("on-list",), verdict="enter", index=5, temperature=None)]
    assert entry_columns._at_once(raws) is not None
    same(raws)


def test_entries_of_an_older_form_are_read_one_by_one():
    raws = [entry(1), entry(2, version=1, reasons=(), temperature=None)]
    assert entry_columns._at_once(raws) is None
    assert list(entry_columns.read(raws).seq) == [1, 2]


def test_no_entries_are_no_columns():
    assert list(entry_columns.read([]).raw) == []


@given(field=st.integers(0, 19), value=JUNK, at=st.integers(0, 2))
@settings(max_examples=300, deadline=None)
def test_a_field_of_another_kind_is_found_wherever_it_stands(field: int, value: Any, at: int) -> None:
    raws = [entry(1), entry(2), entry(3)]
    fields = canonical.decode(raws[at])
    fields[field : field + 1] = [value]
    raws[at] = canonical.encode(fields)
    same(raws)


@given(at=st.integers(0, 140), byte=st.integers(0, 255))
@settings(max_examples=300, deadline=None)
def test_a_byte_changed_is_found_or_is_another_entry(at: int, byte: int) -> None:
    changed = bytearray(entry(2))
    changed[at % len(changed)] = byte
    same([entry(1), bytes(changed)])


@pytest.mark.parametrize(
    "other",
    [
        lambda raw: raw + b"\0",
        lambda raw: b"\x98\x12" + raw[1:],  # a longer head
        lambda raw: b"\x9f" + raw[1:] + b"\xff",  # of no said length
        lambda raw: raw.replace(b"\x02\x50", b"\x18\x02\x50", 1),  # a number in more bytes than it needs
        lambda raw: cbor2.dumps(cbor2.CBORTag(28, cbor2.loads(raw))),
    ],
)
def test_another_encoding_of_the_same_entry_is_refused(other):
    raws = [entry(1), other(entry(2))]
    assert whether(raws)
    same(raws)


def test_where_one_entry_ends_and_the_next_begins_is_not_left_open():
    both = entry(1) + entry(2)
    for cut in (1, 40, len(entry(1)) - 1, len(entry(1)) + 1):
        same([both[:cut], both[cut:]])
