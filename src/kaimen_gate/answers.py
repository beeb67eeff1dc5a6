"""What a gate is told: built from the entry on disk, so that the first answer and a repeated one are the same."""

import json
from typing import Any, get_args

from kaimen_gate.place_list import PlaceList
from kaimen_gate.reasons import WORDS, Reason
from kaimen_gate.wire import Entry

_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_REASONS: dict[str, Reason] = {reason: reason for reason in get_args(Reason)}


def answer(entry: Entry, held: PlaceList | None) -> bytes:
    """The JSON for the scanner. The name is read from the list in force; the journal holds none."""
    reason = _REASONS[entry.reason]
    guard_zh, guard_en, person_zh, person_en = held.words(reason) if held else WORDS[reason]
    return as_json({
        "id": str(entry.id),
        "verdict": entry.verdict,
        "reason": reason,
        "guard": {"zh-Hans": guard_zh, "en": guard_en},
        "person_words": {"zh-Hans": person_zh, "en": person_en},
        "person": _person(entry, held),
        "at": entry.at.isoformat(timespec="milliseconds"),
        "data_age": entry.data_age,
    })  # fmt: skip


def as_json(value: dict[str, Any]) -> bytes:
    """UTF-8 without blanks."""
    return _JSON.encode(value).encode()


def _person(entry: Entry, held: PlaceList | None) -> dict[str, Any] | None:
    person = held.expects(entry.index) if held and entry.index is not None else None
    if person is None:
        return None
    zh, en = person.organisation
    return {"name": person.name, "organisation": {"zh-Hans": zh, "en": en}, "floor": person.floor}
