"""YAML 1.2 with positions: plain data for the program, line numbers for the reader.

Dates and times stay text: what a pack says is what is signed. Duplicate keys are refused.
"""

import json
from dataclasses import dataclass
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from kaimen.packs.problems import Problem

Path = tuple[str | int, ...]


class _TextDates(RoundTripConstructor):  # type: ignore[misc]
    """Leaves `2020-03-16` and `22:00` as they are written."""


def _as_text(constructor: Any, node: Any) -> str:
    return str(node.value)


_TextDates.add_constructor("tag:yaml.org,2002:timestamp", _as_text)


@dataclass(frozen=True)
class Read:
    """One file: its data in JSON types and, where known, the line (from 1) of each path."""

    data: Any
    lines: dict[Path, int]

    def line(self, path: Path) -> int:
        """The line of `path`, or of the nearest thing around it."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path, 1)


def read(name: str, content: bytes) -> Read | Problem:
    """Read one file of a pack."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return Problem(name, content[: error.start].count(b"\n") + 1, "not UTF-8", "Save the file as UTF-8")
    return _read_json(name, text) if name.endswith((".json", ".geojson")) else _read_yaml(name, text)


def _read_json(name: str, text: str) -> Read | Problem:
    try:
        return Read(json.loads(text), {})
    except (json.JSONDecodeError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        return Problem(name, line, f"not JSON: {getattr(error, 'msg', 'nested too deeply')}", "Mend the JSON at this line")


def _read_yaml(name: str, text: str) -> Read | Problem:
    yaml = YAML(typ="rt", pure=True)
    yaml.version = None
    yaml.allow_duplicate_keys = False
    yaml.Constructor = _TextDates
    try:
        tree = yaml.load(StringIO(text))
        lines: dict[Path, int] = {(): 1}
        return Read(_plain(tree, (), lines), lines)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = str(error.problem or error.context or "not YAML").split("\n")[0]
        return Problem(name, mark.line + 1 if mark else 1, f"not YAML 1.2: {what}", "Mend the YAML at this line")
    except (YAMLError, RecursionError, ValueError) as error:
        return Problem(name, 1, f"not YAML 1.2: {str(error).splitlines()[0]}", "Mend the YAML")


def _plain(node: Any, path: Path, lines: dict[Path, int]) -> Any:
    """JSON types of ruamel's tree; keys become text, positions are noted."""
    if isinstance(node, dict):
        result = {}
        for key, value in node.items():
            below = (*path, str(key))
            lines[below] = node.lc.key(key)[0] + 1
            result[str(key)] = _plain(value, below, lines)
        return result
    if isinstance(node, list):
        for index in range(len(node)):
            lines[*path, index] = node.lc.item(index)[0] + 1
        return [_plain(value, (*path, index), lines) for index, value in enumerate(node)]
    if isinstance(node, bool) or node is None:
        return node
    if isinstance(node, int):
        return int(node)
    return float(node) if isinstance(node, float) else str(node)
