"""Files of a pack: plain data for the program, line numbers for the reader.

YAML 1.2, and of it only what a reader sees at a glance: no anchors, aliases, merges or tags, so that a small file is
small. Dates and times stay text: what a pack says is what is signed. Duplicate keys are refused, in JSON too.
"""

import json
import math
import re
from dataclasses import dataclass, field
from io import StringIO
from typing import Any
from unicodedata import category

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from kaimen.kit.words import Words
from kaimen.packs.json_lines import lines_of
from kaimen.packs.problems import Problem, Said, Wrong

Path = tuple[str | int, ...]
_TAG = "tag:yaml.org,2002:"
_DEEPEST = 40
_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_DEEP = Words("嵌套太深", "nested too deeply"), Words(f"最多嵌套 {_DEEPEST} 层", f"Nest {_DEEPEST} levels at most")
_OUT = Words("请把文字写在要用的地方", "Write the text out where it is needed")
_PLAIN = Words("请去掉标记：定义包只放普通数据", "Leave the tag out: a pack holds plain data")
_MEND = Words("请改正这一行的 YAML", "Mend the YAML at this line")
_DIRECTIVE = re.compile(r"\A(?:[ \t]*(?:#[^\n]*)?\r?\n)*%")  # `%YAML 1.1` would turn `on` into true


@dataclass
class Read:
    """One file: its data in JSON types and the line (from 1) of each path."""

    data: Any
    lines: dict[Path, int] | None = None
    text: str = field(default="", repr=False)  # of JSON: its lines are looked up only when somebody asks

    def line(self, path: Path) -> int:
        """The line of `path`, or of the nearest thing around it."""
        if self.lines is None:
            self.lines = lines_of(self.text)
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path, 1)


def read(name: str, content: bytes) -> Read | Problem:
    """Read one file of a pack."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        what = Words("不是 UTF-8 文字", "not UTF-8")
        return Problem(name, line, what, Words("请存成 UTF-8", "Save the file as UTF-8"))
    result = _read_json(name, text) if name.endswith((".json", ".geojson")) else _read_yaml(name, text)
    if isinstance(result, Read) and (unsound := _unsound(result.data)):
        path, what, remedy = unsound
        return Problem(name, result.line(path) if len(path) <= _DEEPEST else 1, what, remedy)
    return result


def _unsound(data: Any) -> tuple[Path, Words, Words] | None:
    """What no later step could store or show: text with control characters, nesting without end."""
    waiting: list[tuple[Path, Any]] = [((), data)]
    while waiting:
        path, value = waiting.pop()
        if len(path) > _DEEPEST:
            return path, *_DEEP
        if isinstance(value, dict):
            waiting += [((*path, key), key) for key in value if not _printable(key)]
            waiting += [((*path, key), below) for key, below in value.items()]
        elif isinstance(value, list):
            waiting += [((*path, index), below) for index, below in enumerate(value)]
        elif isinstance(value, str) and not _printable(value):
            shown = ascii(value[:40])
            what = Words(f"文字里有显示不出来的字符：{shown}", f"text with a character that cannot be shown: {shown}")
            return path, what, Words("请写普通文字", "Write plain text")
    return None


def _printable(text: str) -> bool:
    return text.isprintable() or all(c.isprintable() or c in "\n\t" or category(c) == "Zs" for c in text)


def _read_json(name: str, text: str) -> Read | Problem:
    try:
        data = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        return Problem(name, error.lineno, f"not JSON: {error.msg}", "Mend the JSON at this line")
    except RecursionError:
        return Problem(name, 1, *_DEEP)
    except ValueError as error:  # a number of thousands of digits, NaN, a key twice
        return Problem(name, 1, f"not JSON: {str(error)[:120]}", "Mend the JSON")
    return Read(data, None, text)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        twice = next(key for n, (key, _) in enumerate(pairs) if key in dict(pairs[:n]))
        raise ValueError(f"the key {twice[:60]!r} stands twice in one object")
    return result


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON")


def _read_yaml(name: str, text: str) -> Read | Problem:
    yaml = YAML(typ="safe", pure=True)
    lines: dict[Path, int] = {(): 1}
    if _DIRECTIVE.match(text):
        remedy = Words("请去掉：定义包用 YAML 1.2", "Leave it out: packs are YAML 1.2")
        return Problem(name, 1, Words("有指令行（%）", "a directive (%)"), remedy)
    try:
        root = yaml.compose(StringIO(text))
        return Read(None if root is None else _Plain(lines).of(root, ()), lines)
    except _Refused as refused:
        return Problem(name, refused.line, refused.what, refused.remedy)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = str(error.problem or error.context or "not YAML").split("\n")[0]
        return Problem(name, mark.line + 1 if mark else 1, _not_yaml(what), _MEND)
    except RecursionError:
        return Problem(name, 1, *_DEEP)
    except (YAMLError, ValueError) as error:
        return Problem(name, 1, _not_yaml(str(error).splitlines()[0]), Words("请改正 YAML", "Mend the YAML"))


def _not_yaml(told: str) -> Words:
    """What the reader of YAML says, who speaks English alone."""
    return Words(f"不是 YAML 1.2（{told[:120]}）", f"not YAML 1.2: {told[:120]}")


class _Refused(Wrong):
    """Something at a line of this file."""

    def __init__(self, node: Node, what: Said, remedy: Said) -> None:
        super().__init__(what, remedy)
        self.line: int = node.start_mark.line + 1


class _Plain:
    """JSON types of a YAML tree; keys become text, positions are noted."""

    def __init__(self, lines: dict[Path, int]) -> None:
        self.lines = lines
        self.seen: set[int] = set()

    def of(self, node: Node, path: Path) -> Any:
        """The data of `node`. Raises _Refused."""
        if id(node) in self.seen:
            raise _Refused(node, Words("这里用了别名（*）", "an alias (*) points here"), _OUT)
        if node.anchor:
            anchor = f"&{node.anchor[:40]}"
            raise _Refused(node, Words(f"这里有锚点（{anchor}）", f"an anchor ({anchor})"), _OUT)
        if len(path) > _DEEPEST:
            raise _Refused(node, *_DEEP)
        self.seen.add(id(node))
        self.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            _standard(node, "seq")
            return [self.of(below, (*path, index)) for index, below in enumerate(node.value)]
        return _scalar(node)

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        _standard(node, "map")
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = _key(key_node)
            if key in result:
                what = Words(f"键 {key[:60]!r} 出现两次", f"the key {key[:60]!r} stands twice")
                raise _Refused(key_node, what, Words("只留一个", "Keep one of the two"))
            below = (*path, key)
            self.lines[below] = key_node.start_mark.line + 1
            result[key] = self.of(value_node, below)
        return result


def _key(node: Node) -> str:
    if not isinstance(node, ScalarNode):
        what = Words("键是列表或一组键值", "a key that is a list or a mapping")
        raise _Refused(node, what, Words("键要用一个词", "Use a word as the key"))
    if node.value == "<<" and node.style is None:
        raise _Refused(node, Words("合并键（<<）", "a merge key (<<)"), Words("请把键逐个写出", "Write the keys out"))
    _scalar(node)
    return str(node.value)


def _standard(node: Node, tag: str) -> None:
    if str(node.ctag) not in ("", "None", _TAG + tag):
        raise _Refused(node, _tagged(node), _PLAIN)


def _tagged(node: Node) -> Words:
    tag = str(node.ctag)[:40]
    return Words(f"这里有标记（{tag}）", f"a tag ({tag})")


def _scalar(node: Any) -> Any:
    """A scalar as YAML 1.2's core schema reads it; what looks like a date stays text."""
    tag = str(node.ctag).removeprefix(_TAG)
    text = str(node.value)
    if tag in ("str", "timestamp"):
        return text
    match tag if node.style is None else "":  # a quoted text is text, unless a tag says otherwise
        case "null":
            return None
        case "bool":
            return text.lower() == "true"
        case "int":
            if not _WHOLE.fullmatch(text):
                remedy = Words("最多写 18 位数字，或加引号当文字", "Write up to 18 decimal digits, or quote it as text")
                raise _Refused(node, Words(f"数 {text[:40]}", f"the number {text[:40]}"), remedy)
            return int(text)
        case "float":
            number = float(text) if re.fullmatch(r"[-+.0-9eE]{1,40}", text) else math.nan
            if not math.isfinite(number):
                remedy = Words("请写有限的小数，或加引号当文字", "Write a finite decimal number, or quote it as text")
                raise _Refused(node, Words(f"数 {text[:40]}", f"the number {text[:40]}"), remedy)
            return number
    raise _Refused(node, _tagged(node), _PLAIN)
