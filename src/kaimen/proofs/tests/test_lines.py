"""Proofs checked line by line: an answer to every line, and a bad one stops no other."""

import base64
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaimen.proofs.lines import LONGEST, answer, answers
from kaimen.proofs.merkle import EMPTY_ROOT, consistency_path, inclusion_path, leaf_hash, root_of

HASHES = [leaf_hash(n.to_bytes(2)) for n in range(13)]


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


INCLUSION: dict[str, Any] = {
    "id": "a", "kind": "inclusion", "leaf_index": 5, "tree_size": 13, "leaf_hash": b64(HASHES[5]),
    "root": b64(root_of(HASHES)), "proof": [b64(step) for step in inclusion_path(HASHES, 5)],
}  # fmt: skip
CONSISTENCY: dict[str, Any] = {
    "id": 7, "kind": "consistency", "size1": 6, "size2": 13, "root1": b64(root_of(HASHES[:6])),
    "root2": b64(root_of(HASHES)), "proof": [b64(step) for step in consistency_path(HASHES, 6)],
}  # fmt: skip


def test_a_proof_that_holds_is_valid_and_another_is_not() -> None:
    assert answer(json.dumps(INCLUSION)) == {"id": "a", "valid": True}
    assert answer(json.dumps(CONSISTENCY)) == {"id": 7, "valid": True}
    assert answer(json.dumps(INCLUSION | {"leaf_index": 6})) == {"id": "a", "valid": False}
    assert answer(json.dumps(CONSISTENCY | {"size1": 7})) == {"id": 7, "valid": False}


def test_a_hash_may_be_in_hexadecimal_digits() -> None:
    in_hex = {"leaf_hash": HASHES[5].hex(), "root": root_of(HASHES).hex().upper()}
    proof = [step.hex() for step in inclusion_path(HASHES, 5)]
    assert answer(json.dumps(INCLUSION | in_hex)) == {"id": "a", "valid": True}
    assert answer(json.dumps(INCLUSION | in_hex | {"proof": proof})) == {"id": "a", "valid": True}


def test_two_trees_of_one_size_need_roots_that_are_hashes() -> None:
    for root in ("", b64(b"short"), b64(bytes(33))):
        same = {"size1": 13, "root1": root, "root2": root, "proof": []}
        assert answer(json.dumps(CONSISTENCY | same))["valid"] is False


def test_an_id_that_json_cannot_say_does_not_spoil_the_answer() -> None:
    line = json.dumps(INCLUSION | {"id": float("nan")}).encode()
    said = list(answers(io.BytesIO(line)))
    assert said == [b'{"id": null, "valid": true}']


def test_an_empty_proof_may_be_written_as_nothing() -> None:
    alone = {"leaf_index": 0, "tree_size": 1, "leaf_hash": b64(HASHES[0]), "root": b64(HASHES[0])}
    nothing: tuple[list[str] | None, ...] = ([], None)
    for proof in nothing:
        assert answer(json.dumps(INCLUSION | alone | {"proof": proof}))["valid"] is True
    same = {"size1": 13, "root1": CONSISTENCY["root2"], "proof": []}
    assert answer(json.dumps(CONSISTENCY | same))["valid"] is True
    empty = {"size1": 0, "size2": 0, "root1": b64(EMPTY_ROOT), "root2": b64(EMPTY_ROOT), "proof": []}
    assert answer(json.dumps(CONSISTENCY | empty))["valid"] is True


@pytest.mark.parametrize(
    "change",
    [
        {"leaf_index": 2**64 - 1}, {"leaf_index": -1}, {"tree_size": 0}, {"tree_size": 10**30}, {"leaf_hash": ""},
        {"root": b64(b"short")}, {"proof": []}, {"proof": [*INCLUSION["proof"], ""]}, {"proof": [""]},
    ],
)  # fmt: skip
def test_numbers_and_hashes_out_of_bounds_are_not_valid_and_no_error(change: dict[str, Any]) -> None:
    assert answer(json.dumps(INCLUSION | change)) == {"id": "a", "valid": False}


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"kind": "other"}, "kind"), ({"leaf_index": "5"}, "leaf_index"), ({"leaf_index": 5.0}, "leaf_index"),
        ({"leaf_index": True}, "leaf_index"), ({"tree_size": None}, "tree_size"), ({"leaf_hash": 5}, "leaf_hash"),
        ({"leaf_hash": "!"}, "leaf_hash"), ({"root": "码"}, "root"), ({"root": None}, "root"),
        ({"proof": "x"}, "proof"), ({"proof": [5]}, r"proof[0]"), ({"proof": ["AA"]}, r"proof[0]"),
        ({"proof": [""] * 300}, "at most 256"),
    ],
)  # fmt: skip
def test_what_asks_nothing_is_told_where_it_is_wrong(change: dict[str, Any], word: str) -> None:
    said = answer(json.dumps(INCLUSION | change))
    assert (said["id"], said["valid"]) == ("a", False)
    assert word in said["error"]


def test_a_line_that_is_not_understood_stops_no_other() -> None:
    good = json.dumps(INCLUSION).encode()
    long = b'{"id": "' + b"x" * (3 * LONGEST) + b'"}'
    lines = [good, b"", b"{", b"[]", b"\xff", b'{"id": 1}', b"[" * 100_000, b"1" * 5_000, long, b"  ", good]
    said = [json.loads(one) for one in answers(io.BytesIO(b"\n".join(lines)))]
    assert [one["valid"] for one in said] == [True, *[False] * 7, True]
    assert [one["id"] for one in said] == ["a", None, None, None, 1, None, None, None, "a"]
    assert all("error" in one for one in said[1:-1])


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_any_line_gets_an_answer(line: bytes | str) -> None:
    assert answer(line)["valid"] is False


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=4), st.data())
def test_any_value_in_any_place_gets_an_answer(value: object, data: st.DataObject) -> None:
    asked = data.draw(st.sampled_from([INCLUSION, CONSISTENCY]))
    place = data.draw(st.sampled_from(sorted(asked)))
    assert set(answer(json.dumps(asked | {place: value}))) <= {"id", "valid", "error"}


def test_a_hash_has_one_base64() -> None:
    leaf = bytes(32)
    alone = {"leaf_index": 0, "tree_size": 1, "leaf_hash": b64(leaf), "root": b64(leaf), "proof": []}
    assert answer(json.dumps(INCLUSION | alone))["valid"] is True
    for other in (b64(leaf)[:-2] + "B=", b64(leaf).rstrip("="), b64(leaf) + "=", b64(leaf)[:-4] + " AAA="):
        assert answer(json.dumps(INCLUSION | alone | {"root": other}))["error"] == "root is a text in base64"
