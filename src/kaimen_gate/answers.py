"""What a gate is told: built from the entry on disk, so that the first answer and a repeated one are the same."""

import json
from typing import Any

from kaimen_gate.place_list import PlaceList
from kaimen_gate.reasons import UNKNOWN, WORDS, Words
from kaimen_gate.wire import Entry

_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def answer(entry: Entry, held: PlaceList | None) -> bytes:
    """The JSON for the scanner. Names and words are read from the list in force; the journal holds none."""
    reason = entry.reason
    guard_zh, guard_en, person_zh, person_en = _words(reason, held)
    return as_json({
        "id": str(entry.id),
        "verdict": entry.verdict,
        "reason": reason,
        "reasons": [_also(one, held) for one in entry.reasons],
        "guard": {"zh-Hans": guard_zh, "en": guard_en},
        "person_words": {"zh-Hans": person_zh, "en": person_en},
        "person": _person(entry, held),
        "at": entry.at.isoformat(timespec="milliseconds"),
        "data_age": entry.data_age,
        "overrides": _overrides(entry, held),
    })  # fmt: skip


def as_json(value: dict[str, Any]) -> bytes:
    """UTF-8 without blanks."""
    return _JSON.encode(value).encode()


def _words(reason: str, held: PlaceList | None) -> Words:
    return held.words(reason) if held else WORDS.get(reason, UNKNOWN)


def _also(reason: str, held: PlaceList | None) -> dict[str, Any]:
    guard_zh, guard_en, _, _ = _words(reason, held)
    return {"code": reason, "guard": {"zh-Hans": guard_zh, "en": guard_en}}


def _person(entry: Entry, held: PlaceList | None) -> dict[str, Any] | None:
    person = held.expects(entry.index, entry.at.timestamp()) if held and entry.index is not None else None
    if person is None:
        return None
    zh, en = person.organisation
    said = {"name": person.name, "organisation": {"zh-Hans": zh, "en": en}, "floor": person.floor}
    if person.comes_as != "staff":
        said |= {"comes_as": person.comes_as, "host": person.host}
    return said


def _overrides(entry: Entry, held: PlaceList | None) -> list[dict[str, Any]]:
    """The coded reasons for which this person may be let in all the same; `second` tells that a supervisor has to."""
    if held is None or entry.verdict == "enter":
        return []
    against = {reason for reason in entry.reasons if reason not in held.book.noted}
    return [
        {"code": one.code, "title": {"zh-Hans": one.zh, "en": one.en}, "asks": one.asks,
         "second": entry.verdict == "refuse"}
        for one in held.overrides.values()
        if against <= set(one.lifts)
    ]  # fmt: skip
