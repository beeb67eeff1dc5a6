"""Foreign CBOR: read as an independent reader reads it, or refused; never more work than its bytes are worth."""

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaimen.passes.cbor import DEPTH, NotCbor, Tagged, read_first, read_whole

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**64), 2**64 - 1) | st.text() | st.binary()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda below: st.lists(below, max_size=5)
    | st.dictionaries(st.integers(-9, 9) | st.text(max_size=8) | st.binary(max_size=8), below, max_size=5),
    max_leaves=20,
)  # fmt: skip


@given(VALUES, st.booleans())
def test_what_an_independent_writer_wrote_is_read(value: object, canonical: bool) -> None:
    assert read_whole(cbor2.dumps(value, canonical=canonical)) == value


@pytest.mark.parametrize(
    ("data", "value"),
    [
        ("9f0102ff", [1, 2]), ("bf616101ff", {"a": 1}), ("7f61616162ff", "ab"), ("5f41004101ff", b"\0\1"),
        ("9fff", []), ("f7", None), ("f93c00", 1.0),
    ],
)  # fmt: skip
def test_lengths_that_are_not_told_before_are_read_to_their_end(data: str, value: object) -> None:
    assert read_whole(bytes.fromhex(data)) == value


def test_a_tag_is_told_and_nothing_is_made_of_it() -> None:
    assert read_whole(bytes.fromhex("c24101")) == Tagged(2, b"\x01")
    assert read_whole(bytes.fromhex("d82343282b29")) == Tagged(35, b"(+)")


@pytest.mark.parametrize(
    "data",
    [
        "", "ff", "1c", "1f", "3f", "df00", "18", "5affffffff00", "9bffffffffffffffff00",
        "bbffffffffffffffff0000", "bf6161019f", "c074323032", "81ff", "a1ff", "a101ff", "9f", "bf01ff", "5f6100ff",
        "5f5f4100ffff", "7f41ff", "61ff", "62c328", "f97e00",
        "f97c00", "e0", "f820", "a201020103", "a18001", "a1f501", "a1f93c0001", "0000",
    ],
)  # fmt: skip
def test_what_is_no_cbor_or_more_than_anybody_needs_is_refused(data: str) -> None:
    with pytest.raises(NotCbor):
        read_whole(bytes.fromhex(data))


def test_sixteen_levels_are_read_and_no_more() -> None:
    assert read_whole(b"\x81" * (DEPTH - 1) + b"\x00")
    with pytest.raises(NotCbor):
        read_whole(b"\x81" * DEPTH + b"\x00")


@pytest.mark.parametrize("step", [b"\x81", b"\x9f", b"\xa1\x00", b"\xbf\x00", b"\xc1", b"\xd8\x1c"])
def test_depth_is_bounded(step: bytes) -> None:
    with pytest.raises(NotCbor):
        read_whole(step * 100_000)


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    try:
        _, end = read_first(data)
    except NotCbor:
        return
    assert 0 < end <= len(data)
