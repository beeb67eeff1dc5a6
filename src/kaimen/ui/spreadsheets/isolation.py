"""Reads a file in a child process of its own, so that a hostile one takes nothing with it.

The child gets the bytes on its standard input and answers in JSON; it may not use more memory or time than `limits`
allows, write a file, or leave a core dump.
"""

import json
import resource
import subprocess
import sys
from datetime import date, datetime
from typing import Any

from kaimen.ui.spreadsheets import limits
from kaimen.ui.spreadsheets.cells import Row, Sheet, Value, Workbook
from kaimen.ui.spreadsheets.refusal import NotRead

_PROGRAM = "from kaimen.ui.spreadsheets.isolation import answer; answer()"


def read(content: bytes) -> Workbook:
    """Read an .xls, .xlsx, .ods or .csv, whatever its name says. Raises NotRead."""
    try:
        child = subprocess.run(  # noqa: S603 — no shell, and nothing of the file on the line
            [sys.executable, "-I", "-c", _PROGRAM],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=limits.PATIENCE,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired as error:
        raise NotRead("bomb") from error
    if child.returncode != 0:
        raise NotRead("bomb")
    told = json.loads(child.stdout)
    if "refused" in told:
        raise NotRead(told["refused"], **told["about"])
    return _workbook(told)


def answer() -> None:
    """What the child does: bound itself, read, answer."""
    for what, most in (
        (resource.RLIMIT_AS, limits.MEMORY),
        (resource.RLIMIT_CPU, limits.SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    from kaimen.ui.spreadsheets.reading import read_here  # noqa: PLC0415 — loads the reading library under the limits

    told: dict[str, Any]
    try:
        workbook = read_here(sys.stdin.buffer.read())
        told = {"format": workbook.format, "sheets": [_told(sheet) for sheet in workbook.sheets]}
    except NotRead as refusal:
        told = {"refused": refusal.reason, "about": refusal.about}
    sys.stdout.write(json.dumps(told))


def _told(sheet: Sheet) -> list[Any]:
    return [sheet.name, [[row.number, [_plain(value) for value in row.values]] for row in sheet.rows]]


def _plain(value: Value) -> Any:
    """JSON for a cell; a date is a list, which nothing else is."""
    return [value.isoformat()] if isinstance(value, date) else value


def _workbook(told: dict[str, Any]) -> Workbook:
    return Workbook(
        told["format"],
        tuple(
            Sheet(name, tuple(Row(number, tuple(map(_value, values))) for number, values in rows))
            for name, rows in told["sheets"]
        ),
    )


def _value(plain: Any) -> Value:
    if isinstance(plain, list):
        text = plain[0]
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    assert plain is None or isinstance(plain, str | int | float)
    return plain
