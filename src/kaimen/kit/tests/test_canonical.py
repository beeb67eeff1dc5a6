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


@given(st.binary(max_size=40))
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    try:
        value = canonical.decode(data)
    except canonical.NotCanonical:
        return
    assert cbor2.dumps(value, canonical=True) == data
