"""A rule's tree as JSON, for programs that do not read the rule's text: the scanner (`static/rules/evaluate.js`).

    {"version": 1, "tree": {"node": "compare", "operator": ">=", "left": …, "right": …, "at": [0, 24]},
     "parameters": {"fever": {"type": "decimal", "dated": [["2020-01-25", "37.3"]]}}}

Numbers are written as text, so that no reader rounds them. One tree has one document, and one text (`canonical`).
What is read is not trusted: every key, value and depth is checked, then the tree as a whole (`well_formed`).
"""

import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any, get_args

from kaimen.rules import tree as nodes
from kaimen.rules.limits import DEEPEST, LONGEST_NAME, LONGEST_STRING, LONGEST_TEXT, MOST_TOKENS
from kaimen.rules.sizes import MOST_DIGITS, MOST_PLACES
from kaimen.rules.tree import Literal, Node, Parameter, Span, Type, Value, walk
from kaimen.rules.values import day
from kaimen.rules.vocabulary import ParameterValues
from kaimen.rules.well_formed import NotATree, check

VERSION = 1
KINDS: dict[str, type[Node]] = {
    "literal": nodes.Literal, "field": nodes.Field, "parameter": nodes.Parameter, "as-of": nodes.AsOf,
    "not": nodes.Not, "and": nodes.And, "or": nodes.Or, "compare": nodes.Compare, "in": nodes.In,
    "between": nodes.Between, "is-absent": nodes.IsAbsent, "negate": nodes.Negate, "arithmetic": nodes.Arithmetic,
    "days-between": nodes.DaysBetween, "add-days": nodes.AddDays, "least": nodes.Least,
}  # fmt: skip
_NAMES = {kind: name for name, kind in KINDS.items()}
_WRITTEN = {
    Type.INTEGER: re.compile(rf"-?[0-9]{{1,{MOST_DIGITS}}}"),
    Type.DECIMAL: re.compile(rf"-?[0-9]{{1,{MOST_DIGITS}}}(\.[0-9]{{1,{MOST_PLACES}}})?"),
}


def to_json(tree: Node, parameters: Mapping[str, ParameterValues] | None = None) -> dict[str, Any]:
    """The document of a tree, with those of `parameters` that it reads. Their sources stay behind."""
    read = sorted({node.name for node in walk(tree) if isinstance(node, Parameter)})
    document: dict[str, Any] = {"version": VERSION, "tree": _write(tree)}
    if read and parameters is not None:
        document["parameters"] = {name: _write_parameter(parameters[name]) for name in read}
    return document


def canonical(document: Mapping[str, Any]) -> bytes:
    """The one text of a document, to be hashed or signed."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def from_json(document: object) -> Node:
    """The tree a document holds. Raises NotATree, whatever `document` is."""
    parameters = parameters_from_json(document)
    tree = _Reader().node(_document(document)["tree"])
    check(tree, parameters)
    return tree


def parameters_from_json(document: object) -> dict[str, ParameterValues]:
    """The parameters a document holds, without their sources. Raises NotATree."""
    given = _document(document).get("parameters", {})
    if not isinstance(given, dict) or len(given) > MOST_TOKENS:
        raise NotATree(f"{_shown(given)} holds no parameters")
    return {_text(name, LONGEST_NAME): _read_parameter(one) for name, one in given.items()}


# Writing


def _write(value: object) -> Any:
    match value:
        case Span(start=start, end=end):
            return [start, end]
        case bool() | str():
            return value
        case tuple():
            return [_write(one) for one in value]
        case Literal(value=held, type=kind, span=span):
            return {"node": "literal", "type": str(kind), "value": _write_value(held), "at": _write(span)}
    assert isinstance(value, Node)
    written = {_key(field.name): _write(getattr(value, field.name)) for field in fields(value)}
    return {"node": _NAMES[type(value)], **written}


def _key(name: str) -> str:
    return "at" if name == "span" else name


def _write_value(value: Value) -> bool | str:
    match value:
        case bool() | str():
            return value
        case date():
            return value.isoformat()
        case Decimal():
            return format(value, "f")
    return str(value)


def _write_parameter(parameter: ParameterValues) -> dict[str, Any]:
    dated = [[since.isoformat(), _write_value(value)] for since, value, _ in parameter.dated]
    return {"type": str(parameter.type), "dated": dated}


# Reading


def _document(data: object) -> dict[str, Any]:
    document = _object(data, ("version", "tree"), ("parameters",))
    if document["version"] is not VERSION:
        raise NotATree(f"version {_shown(document['version'])}: this program reads version {VERSION}")
    return document


class _Reader:
    """Reads nodes, and counts how many and how deep."""

    def __init__(self) -> None:
        self._count = self._depth = 0
        self._read: dict[str, Callable[[object], object]] = {
            "operand": self.node, "left": self.node, "right": self.node, "low": self.node, "high": self.node,
            "earlier": self.node, "later": self.node, "start": self.node, "days": self.node,
            "operands": self._nodes, "options": self._nodes, "at": _span, "type": _type,
            "name": lambda data: _text(data, LONGEST_NAME), "greatest": _boolean, "absent": _absence,
        }  # fmt: skip

    def node(self, data: object) -> Node:
        if not isinstance(data, dict) or not isinstance(name := data.get("node"), str) or name not in KINDS:
            raise NotATree(f"{_shown(data)} is no node this program knows")
        self._count, self._depth = self._count + 1, self._depth + 1
        if self._count > MOST_TOKENS or self._depth > DEEPEST:
            raise NotATree(f"at most {MOST_TOKENS} nodes, {DEEPEST} inside each other")
        kind = KINDS[name]
        keys = {field.name: _key(field.name) for field in fields(kind)}
        given = _object(data, ("node", *keys.values()))
        node = kind(**{attribute: self._attribute(kind, key, given) for attribute, key in keys.items()})
        self._depth -= 1
        return node

    def _attribute(self, kind: type[Node], key: str, given: dict[str, Any]) -> Any:
        if key == "value":
            return _value(given["value"], _type(given["type"]))
        if key == "operator":
            return _one_of(given["operator"], get_args(nodes.Sum if kind is nodes.Arithmetic else nodes.Comparison))
        return self._read[key](given[key])

    def _nodes(self, data: object) -> tuple[Node, ...]:
        return tuple(self.node(one) for one in _list(data))


def _object(data: object, needed: Collection[str], others: Collection[str] = ()) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise NotATree(f"{_shown(data)} is no object")
    missing, unknown = set(needed) - data.keys(), data.keys() - set(needed) - set(others)
    if missing or unknown:
        raise NotATree(f"missing: {sorted(missing)}; not known: {sorted(map(_shown, unknown))}")
    return data


def _list(data: object) -> list[Any]:
    if not isinstance(data, list) or len(data) > MOST_TOKENS:
        raise NotATree(f"{_shown(data)} is no list of at most {MOST_TOKENS}")
    return data


def _span(data: object) -> Span:
    ends = _list(data)
    if len(ends) != 2 or any(type(end) is not int for end in ends) or not 0 <= ends[0] <= ends[1] <= LONGEST_TEXT:
        raise NotATree(f"{_shown(data)} is no place in a text")
    return Span(*ends)


def _one_of(data: object, words: Collection[str]) -> str:
    if not isinstance(data, str) or data not in words:
        raise NotATree(f"{_shown(data)} is none of {', '.join(words)}")
    return data


def _type(data: object) -> Type:
    return Type(_one_of(data, tuple(Type)))


def _absence(data: object) -> str:
    return _one_of(data, get_args(nodes.Absence))


def _boolean(data: object) -> bool:
    if not isinstance(data, bool):
        raise NotATree(f"{_shown(data)} is neither true nor false")
    return data


def _text(data: object, longest: int) -> str:
    if (
        not isinstance(data, str)
        or len(data) > longest
        or any(one < " " or "\ud800" <= one <= "\udfff" for one in data)
    ):
        raise NotATree(f"{_shown(data)} is no text of at most {longest} readable characters")
    return data


def _value(data: object, kind: Type) -> Value:
    if kind is Type.BOOLEAN:
        return _boolean(data)
    if kind is Type.STRING:
        return _text(data, LONGEST_STRING)
    if isinstance(data, str):
        if kind is Type.DATE and (found := day(data)) is not None:
            return found
        if kind in _WRITTEN and _WRITTEN[kind].fullmatch(data):
            return int(data) if kind is Type.INTEGER else Decimal(data)
    raise NotATree(f"{_shown(data)} is no {kind}")


def _read_parameter(data: object) -> ParameterValues:
    given = _object(data, ("type", "dated"))
    kind = _type(given["type"])
    dated = tuple(_read_step(step, kind) for step in _list(given["dated"]))
    days = [since for since, _, _ in dated]
    if days != sorted(set(days)):
        raise NotATree("the days of a parameter rise")
    return ParameterValues(kind, dated)


def _read_step(data: object, kind: Type) -> tuple[date, Value, str]:
    step = _list(data)
    since = _value(step[0], Type.DATE) if len(step) == 2 else None
    if not isinstance(since, date):
        raise NotATree(f"{_shown(data)} is no day with a value")
    return since, _value(step[1], kind), ""


def _shown(data: object) -> str:
    if isinstance(data, str | bool) or data is None or (isinstance(data, int) and data.bit_length() < 100):
        return repr(data)[:40]
    return f"a {type(data).__name__}"
