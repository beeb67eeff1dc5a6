"""A scan as it arrives over HTTP: one exact form, and an answer in words to every other."""

import json
import re
from typing import Any
from uuid import UUID

from kaimen_gate.reports import REPORTS
from kaimen_gate.scan import ByCard, ByCode, ByHand, ByName, Overriding, Reporting, Scan
from kaimen_gate.wire import DIRECTIONS

LARGEST = 8 * 1024  # bytes of a request; any QR code fits
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_TAIL = re.compile(r"[0-9]{3}[0-9Xx]")
_CODE = re.compile(r"[a-z][a-z0-9-]{0,59}")
_CARD = re.compile(r"[0-9A-Za-z:-]{1,40}")
_DEGREES = re.compile(r"[0-9]{1,2}(\.[0-9])?")
_LONGEST_NAME = 60
_LONGEST_FLOOR = 20

_ALWAYS = {"id", "place", "direction"}
_FORMS: tuple[set[str], ...] = (
    {"code"}, {"card"}, {"name", "tail"}, {"manual"}, {"manual", "name", "tail"},
)  # fmt: skip
_BESIDES = {"temperature", "floor", "vehicle"}
_OVERRIDE = {"after", "override"}
_VOUCHING = {"host", "document", "second"}
_REPORT = {"report"}
_FORM = (
    'Send {"id": a UUID, "place": a code, "direction": "in" or "out"} with one of: "code": what the scanner read; '
    '"card": its number; "name" and "tail": the last four of the ID; "manual": a coded reason, with or without "name" '
    'and "tail". "temperature", "floor" and "vehicle" may stand beside it. To let somebody in all the same: "after": '
    'the id of their scan, and "override": a coded reason, with "host" or "document" and, after a refusal, "second". '
    'To report: "report": "fever" or "dispute", with "after": the id of the scan it is about.'
)


class BadScan(ValueError):
    """A request that is no scan: what is wrong, and what would be right."""

    def __init__(self, error: str, remedy: str = _FORM) -> None:
        super().__init__(error)
        self.error, self.remedy = error, remedy


def read_scan(body: bytes) -> Scan:
    """Parse a request's body. Raises BadScan."""
    said = _object(body)
    given = said.keys() - _ALWAYS
    if not said.keys() >= _ALWAYS or not _is_a_form(given):
        raise BadScan("These are not the fields of a scan.")
    for field, value in said.items():
        if type(value) is not (bool if field == "vehicle" else str):
            raise BadScan(f"“{field}” is no {'true or false' if field == 'vehicle' else 'text'}.")
    direction = next((one for one in DIRECTIONS if one == said["direction"]), None)
    if direction is None:
        raise BadScan("“direction” is neither “in” nor “out”.")
    shown = _shown(said)
    if isinstance(shown, Overriding | Reporting) and direction == "out":
        raise BadScan("Nobody is kept from leaving.", "Send “direction”: “in”.")
    temperature = read_temperature(said["temperature"]) if "temperature" in said else None
    floor = said.get("floor", "")
    if len(floor) > _LONGEST_FLOOR:
        raise BadScan(f"“floor” is longer than {_LONGEST_FLOOR} characters.")
    return Scan(_id("id", said["id"]), said["place"], direction, shown, temperature, floor, said.get("vehicle", False))


def _is_a_form(given: set[str]) -> bool:
    simple = given - _BESIDES in _FORMS or given - {"after"} == _REPORT
    return simple or _OVERRIDE <= given <= _OVERRIDE | _VOUCHING


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


def _id(field: str, text: str) -> UUID:
    if not _UUID.fullmatch(text):
        raise BadScan(
            f"“{field}” is no UUID.", "Make a UUID of version 7 for each scan; send the same one when you try again."
        )
    return UUID(text)


def _shown(said: dict[str, Any]) -> ByCode | ByCard | ByName | ByHand | Overriding | Reporting:
    if "report" in said:
        return _reporting(said)
    if "override" in said:
        return _overriding(said)
    if "code" in said:
        return ByCode(said["code"])
    if "card" in said:
        if not _CARD.fullmatch(said["card"]):
            raise BadScan("“card” is no number of a card.", "Send up to 40 letters, digits, colons and hyphens.")
        return ByCard(said["card"])
    named = _named(said) if "name" in said else None
    if "manual" in said:
        return ByHand(_coded(said, "manual"), named)
    assert named is not None
    return named


def _named(said: dict[str, Any]) -> ByName:
    if not said["name"].strip() or len(said["name"]) > _LONGEST_NAME:
        raise BadScan(f"“name” is empty or longer than {_LONGEST_NAME} characters.")
    if not _TAIL.fullmatch(said["tail"]):
        raise BadScan("“tail” is not the last four of an ID.", "Send three digits and a digit or X.")
    return ByName(said["name"], said["tail"])


def _overriding(said: dict[str, Any]) -> Overriding:
    for field in ("host", "document"):
        if field in said and (not said[field].strip() or len(said[field]) > _LONGEST_NAME):
            raise BadScan(f"“{field}” is empty or longer than {_LONGEST_NAME} characters.")
    after = _id("after", said["after"])
    vouching = {field: said[field] for field in sorted(_VOUCHING) if field in said}
    return Overriding(after, _coded(said, "override"), **vouching)


def _reporting(said: dict[str, Any]) -> Reporting:
    if said["report"] not in REPORTS:
        raise BadScan("“report” is nothing that is reported.", f"There are: {', '.join(REPORTS)}.")
    return Reporting(_id("after", said["after"]) if "after" in said else None, said["report"])


def _coded(said: dict[str, Any], field: str) -> str:
    code = said[field]
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        raise BadScan(f"“{field}” is no coded reason.", "Send one of those that the name list of this place brings.")
    return code


def read_temperature(text: str) -> int:
    """Tenths of a degree. Raises BadScan."""
    if type(text) is not str or not _DEGREES.fullmatch(text):
        raise BadScan("“temperature” is no temperature.", "Send degrees Celsius as text, with one place: “36.6”.")
    whole, _, tenths = text.partition(".")
    return int(whole) * 10 + int(tenths or 0)
