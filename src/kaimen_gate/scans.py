"""A scan as it arrives over HTTP: one exact form, and an answer in words to every other."""

import json
import re
from typing import Any
from uuid import UUID

from kaimen_gate.decide import ByCode, ByName, Scan

LARGEST = 8 * 1024  # bytes of a request; any QR code fits
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_TAIL = re.compile(r"[0-9]{3}[0-9Xx]")
_LONGEST_NAME = 60
_FORM = (
    'Send {"id": a UUID, "place": a code, "direction": "in" or "out"} with either "code": what the scanner read, '
    'or "name" and "tail": the last four of the ID.'
)


class BadScan(ValueError):
    """A request that is no scan: what is wrong, and what would be right."""

    def __init__(self, error: str, remedy: str = _FORM) -> None:
        super().__init__(error)
        self.error, self.remedy = error, remedy


def read_scan(body: bytes) -> Scan:
    """Parse a request's body. Raises BadScan."""
    said = _object(body)
    if said.keys() not in ({"id", "place", "direction", "code"}, {"id", "place", "direction", "name", "tail"}):
        raise BadScan("These are not the fields of a scan.")
    for field, value in said.items():
        if type(value) is not str:
            raise BadScan(f"“{field}” is no text.")
    direction = said["direction"]
    if direction not in ("in", "out"):
        raise BadScan("“direction” is neither “in” nor “out”.")
    return Scan(_id(said["id"]), said["place"], direction, _shown(said))


def _object(body: bytes) -> dict[str, Any]:
    try:
        said = _JSON.decode(body.decode())
    except BadScan:
        raise
    except (ValueError, RecursionError) as error:
        raise BadScan("This is no JSON.") from error
    if not isinstance(said, dict):
        raise BadScan("This is no JSON object.")
    return said


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A name that comes twice is refused: two readers would not agree on which counts."""
    said = dict(pairs)
    if len(said) != len(pairs):
        raise BadScan("A field comes twice.")
    return said


_JSON = json.JSONDecoder(object_pairs_hook=_once)


def _id(text: str) -> UUID:
    if not _UUID.fullmatch(text):
        raise BadScan(
            "“id” is no UUID.", "Make a UUID of version 7 for each scan; send the same one when you try again."
        )
    return UUID(text)


def _shown(said: dict[str, str]) -> ByCode | ByName:
    if "code" in said:
        return ByCode(said["code"])
    if not said["name"].strip() or len(said["name"]) > _LONGEST_NAME:
        raise BadScan(f"“name” is empty or longer than {_LONGEST_NAME} characters.")
    if not _TAIL.fullmatch(said["tail"]):
        raise BadScan("“tail” is not the last four of an ID.", "Send three digits and a digit or X.")
    return ByName(said["name"], said["tail"])
