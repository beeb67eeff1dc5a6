"""Proofs checked line by line: JSON in, JSON out. A bad line is one answer; the others are checked all the same."""

import json
import re
from collections.abc import Iterator
from typing import IO, Any

from kaimen.proofs.merkle import verify_consistency, verify_inclusion
from kaimen.proofs.notes import NotANote, from_base64

LONGEST = 1024 * 1024  # bytes of a line
_HEX = re.compile(r"[0-9a-fA-F]{64}", re.ASCII)
_MOST = 256  # hashes in a proof; none that holds has more than 64


class NotAProof(ValueError):
    """A line that asks nothing; the message says what is wrong and what would be right."""


def answers(lines: IO[bytes]) -> Iterator[bytes]:
    """The answer to each line that is not empty, as it comes, without its end."""
    while line := lines.readline(LONGEST + 1):
        if len(line) > LONGEST and not line.endswith(b"\n"):
            while (rest := lines.readline(LONGEST)) and not rest.endswith(b"\n"):
                pass
        if line.strip():
            yield _json(answer(line))


def answer(line: bytes | str) -> dict[str, Any]:
    """`{"id", "valid"}` for one line; with `error`, and `valid` false, where it asks nothing that could be checked."""
    asked: Any = None
    try:
        asked = _parsed(line)
        return {"id": asked.get("id"), "valid": _valid(asked)}
    except NotAProof as error:
        return {"id": asked.get("id") if asked else None, "valid": False, "error": str(error)}


def _json(said: dict[str, Any]) -> bytes:
    try:
        return json.dumps(said, allow_nan=False).encode()
    except (ValueError, RecursionError):  # an id that JSON cannot say
        return json.dumps(said | {"id": None}).encode()


def _parsed(line: bytes | str) -> dict[str, Any]:
    if len(line) > LONGEST:
        raise NotAProof(f"a line is at most {LONGEST} bytes long")
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise NotAProof("the line is no JSON") from error
    if not isinstance(asked, dict):
        raise NotAProof('a line is an object: {"id": …, "kind": "inclusion" or "consistency", …}')
    return asked


def _valid(asked: dict[str, Any]) -> bool:
    if asked.get("kind") == "inclusion":
        index, size, path = _number(asked, "leaf_index"), _number(asked, "tree_size"), _path(asked)
        leaf, root = _hash(asked.get("leaf_hash"), "leaf_hash"), _hash(asked.get("root"), "root")
        return verify_inclusion(leaf, index, size, path, root)
    if asked.get("kind") == "consistency":
        size1, size2, path = _number(asked, "size1"), _number(asked, "size2"), _path(asked)
        root1, root2 = _hash(asked.get("root1"), "root1"), _hash(asked.get("root2"), "root2")
        return verify_consistency(size1, size2, root1, root2, path)
    raise NotAProof('kind is "inclusion" or "consistency"')


def _number(asked: dict[str, Any], name: str) -> int:
    number = asked.get(name)
    if type(number) is not int:
        raise NotAProof(f"{name} is a whole number")
    return number


def _hash(text: Any, name: str) -> bytes:
    """A hash in base64, or in 64 hexadecimal digits: as base64 those would be 48 bytes, and no hash has so many."""
    if isinstance(text, str) and _HEX.fullmatch(text):
        return bytes.fromhex(text)
    return _base64(text, name)


def _path(asked: dict[str, Any]) -> list[bytes]:
    proof = asked.get("proof", ())
    if proof is None:  # how some programs write an empty list
        return []
    if not isinstance(proof, list) or len(proof) > _MOST:
        raise NotAProof(f"proof is a list of at most {_MOST} hashes in base64")
    return [_hash(step, f"proof[{at}]") for at, step in enumerate(proof)]


def _base64(text: Any, name: str) -> bytes:
    """Bytes have one base64; another one of the same bytes is refused, as it is in a note."""
    try:
        if isinstance(text, str):
            return from_base64(text)
    except NotANote:
        pass
    raise NotAProof(f"{name} is a text in base64")
