"""One value, one encoding."""

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaimen.kit import canonical

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.text() | st.binary(),
    lambda below: st.lists(below, max_size=5) | st.dictionaries(st.text(max_size=8), below, max_size=5),
    max_leaves=20,
)


@given(VALUES)
def test_what_was_encoded_is_read_back(value: object) -> None:
    assert canonical.decode(canonical.encode(value)) == value


@given(st.dictionaries(st.text(), st.integers(0, 9), min_size=2))
def test_the_order_of_keys_does_not_change_the_bytes(value: dict[str, int]) -> None:
    assert canonical.encode(dict(reversed(value.items()))) == canonical.encode(value)


@given(VALUES, st.binary(min_size=1, max_size=4))
def test_bytes_behind_a_value_are_refused(value: object, more: bytes) -> None:
    with pytest.raises(canonical.NotCanonical):
        canonical.decode(canonical.encode(value) + more)


@pytest.mark.parametrize(
    "other",
    [
        b"\x18\x01",  # 1, in two bytes
        b"\x9f\x01\xff",  # a list of unknown length
        bytes.fromhex("a2616201616101"),  # keys out of order
        b"",
        b"\x81" * 2000 + b"\x01",  # nested beyond reason
    ],
)
def test_another_encoding_of_the_same_value_is_refused(other: bytes) -> None:
    with pytest.raises(canonical.NotCanonical):
        canonical.decode(other)


def test_references_that_double_at_every_level_are_refused_at_once() -> None:
    laugh = b"\x80"
    for level in reversed(range(100)):
        laugh = b"\x82\xd8\x1c" + laugh + b"\xd8\x1d\x18" + bytes([level])
    with pytest.raises(canonical.NotCanonical):
        canonical.decode(laugh)


@given(st.binary(max_size=40))
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    try:
        value = canonical.decode(data)
    except canonical.NotCanonical:
        return
    assert cbor2.dumps(value, canonical=True) == data


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=40) | st.binary(),
    lambda below: (
        st.lists(below, max_size=4)
        | st.dictionaries(st.text(max_size=30) | st.integers(-30, 300) | st.booleans(), below, max_size=5)
    ),
    max_leaves=12,
)


def _read(data: bytes) -> object:
    """The value of its encoding as the rule says it: decode, encode with everything sorted, compare."""
    try:
        value = cbor2.loads(data)
        same = cbor2.dumps(value, canonical=True) == data
    except (cbor2.CBORError, RecursionError, TypeError, ValueError, OverflowError, MemoryError):
        return canonical.NotCanonical
    return repr(value) if same else canonical.NotCanonical


def _decoded(data: bytes) -> object:
    try:
        return repr(canonical.decode(data))
    except canonical.NotCanonical:
        return canonical.NotCanonical


@given(ANYTHING, st.booleans())
def test_bytes_are_taken_exactly_when_encoding_anew_gives_them(value: object, sorted_: bool) -> None:
    data = cbor2.dumps(value, canonical=sorted_)
    assert _decoded(data) == _read(data)


@given(ANYTHING, st.integers(0, 10**6), st.integers(1, 255))
def test_changed_bytes_are_taken_exactly_when_encoding_anew_gives_them(value: object, at: int, change: int) -> None:
    data = bytearray(cbor2.dumps(value, canonical=True))
    data[at % len(data)] ^= change
    assert _decoded(bytes(data)) == _read(bytes(data))


@pytest.mark.parametrize(
    "value",
    [
        {"bb": 1, "c": 2},  # by length first
        {"a": {"é": 1, "zz": 2, "b": 3}},  # by bytes, not by letters
        [[{"b": 1, "a": 2}]],
        {"b": [1], "a": []},
        {f"{number:03}": number for number in reversed(range(100))},  # more keys than are remembered
        {"text": "x" * 5_000, "a": 1},  # longer than is looked through
    ],
)
def test_keys_out_of_order_are_refused_wherever_they_stand(value: object) -> None:
    with pytest.raises(canonical.NotCanonical):
        canonical.decode(cbor2.dumps(value))
    assert canonical.decode(canonical.encode(value)) == value


def test_what_is_nested_deeply_is_read_all_the_same() -> None:
    value: object = {"a": 1}
    for _ in range(100):
        value = [value]
    assert canonical.decode(canonical.encode(value)) == value
