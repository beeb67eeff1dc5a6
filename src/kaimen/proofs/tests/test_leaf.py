"""A leaf is read whole or refused in words."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaimen.kit import canonical
from kaimen.proofs.leaf import LATEST, NotALeaf, read_leaf

SAID: dict[str, Any] = {"v": 1, "kind": "evidence", "at": 1_584_352_800_000, "id": bytes(16), "c": bytes(32), "x": 1}


def test_a_leaf_says_its_kind_its_moment_its_id_and_what_its_kind_adds() -> None:
    leaf = read_leaf(canonical.encode(SAID))
    assert (leaf.kind, leaf.at, leaf.id, leaf.commitment) == ("evidence", 1_584_352_800_000, bytes(16), bytes(32))
    assert leaf.said["x"] == 1
    assert read_leaf(canonical.encode({key: SAID[key] for key in ("v", "kind", "at", "id")})).commitment is None


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2}, {"v": True}, {"kind": ""}, {"kind": "x" * 41}, {"kind": b"x"}, {"kind": "X"},
        {"kind": "\x1b[2J"}, {"at": -1}, {"at": 1.5}, {"at": True},
        {"at": LATEST}, {"id": bytes(15)}, {"id": "x"}, {"c": None}, {"c": bytes(31)},
    ],
)  # fmt: skip
def test_a_leaf_with_something_else_in_a_place_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(NotALeaf):
        read_leaf(canonical.encode(SAID | change))


def test_other_encodings_and_other_values_are_no_leaves() -> None:
    for data in (b"", b"\x01", b"\xa0", canonical.encode([1]), canonical.encode(SAID) + b"\x00", bytes(70_000)):
        with pytest.raises(NotALeaf):
            read_leaf(data)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_leaf_or_are_refused(data: bytes) -> None:
    with suppress(NotALeaf):
        assert canonical.encode(dict(read_leaf(data).said)) == data
