"""Rules asked in bulk: one line of JSON in, one line of JSON out. A line that cannot be answered says why; none stops.

In:  {"id", "when", "fields": {name: {"type", "absent"}}, "parameters", "row", "as_of"}
Out: {"id", "value": true | false | null} or {"id", "error": {"at", "message"}}, `at` an offset in `when`.

A parameter is a value, or {"type", "value", "from"}, or dated: {day: value}, or a list of {"from", "value"}, either of
them also as "values" beside a "type"; a value may come as {"value", "source"}. Decimals are JSON numbers or text, dates
text like 2020-03-16. A row without a key, and null, are absent.
"""

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice, product
from typing import Any

from kaimen.kit.words import Words
from kaimen.rules.compiling import Rules, compile_rules
from kaimen.rules.formatting import digest, formatted
from kaimen.rules.parsing import Expression, parse
from kaimen.rules.refusals import RuleRefused
from kaimen.rules.tree import AsOf, Field, Parameter, Type, Value, walk
from kaimen.rules.values import ValueRefused, day, read_row, read_value
from kaimen.rules.vocabulary import FieldType, ParameterValues, Vocabulary, VocabularyRefused
from kaimen.rules.wording import say, shown

_KEPT = 1_000  # rules, so that one rule asked of many rows is read once
_READINGS = 64  # of parameters whose type is not given
_LEVELS = 20  # of lists and objects in a line
_LONGEST_INTEGER = 400  # digits: far out of range, and cheap to read
_ALWAYS = date.min
_BESIDE = {"type", "source"}  # of dated values
_SINCE = ("from", "since", "date", "valid_from", "effective_from")  # as people call the first day of a value
_ENDS = {"to", "until", "valid_to", "effective_to"}  # refused: a value holds until the next
_read_before: dict[tuple[str, str, str], tuple[Expression, Rules]] = {}
_TYPES = Words("、".join(Type), ", ".join(Type))


class LineRefused(ValueError):
    """Raised for a line that is no question: what is wrong, what would be right, and where in the rule."""

    def __init__(self, message: Words, remedy: Words, at: int = 0) -> None:
        super().__init__(f"{message.en}. {remedy.en}.")
        self.message, self.remedy, self.at = message, remedy, at


def answer(line: bytes, language: str = "en") -> bytes:
    """The line that answers the question `line`; both without a line break. Never raises."""
    return _answer(line, language, lambda asked: {"value": _value(asked)})


def form(line: bytes, language: str = "en") -> bytes:
    """The rule of `line` in its one form and the digest of what it means, as {"id", "when", "digest"}. Never raises."""
    return _answer(line, language, _form)


def _answer(line: bytes, language: str, say_of: Callable[[dict[str, Any]], dict[str, Any]]) -> bytes:
    asked: dict[str, Any] = {}
    try:
        asked = _object(line)
        _check_levels(asked)
        said = say_of(asked)
    except RuleRefused as refused:
        first = refused.refusals[0]
        said = {"error": {"at": first.span.start, "message": first.to(language)}}
    except LineRefused as refused:
        said = {"error": {"at": refused.at, "message": _sentences(refused, language)}}
    name = asked.get("id")
    return _json({"id": None if _deeper(name, _LEVELS) else name, **said})


def _json(said: dict[str, Any]) -> bytes:
    try:
        return json.dumps(said, ensure_ascii=False, default=_number, allow_nan=False).encode()
    except UnicodeEncodeError:  # half of a surrogate pair, in the id
        return json.dumps(said, default=_number, allow_nan=False).encode()
    except ValueError:  # an id that is no number
        return _json(said | {"id": None})


def _number(value: Decimal) -> float | str:
    """A decimal in the id, as the number it was."""
    return float(value) if math.isfinite(float(value)) else str(value)


def _sentences(refused: LineRefused | ValueRefused | VocabularyRefused, language: str) -> str:
    message, remedy = refused.message.to(language), refused.remedy.to(language)
    return f"{message}. {remedy}." if language.lower().startswith("en") else f"{message}。{remedy}。"


def _wrong(zh: str, en: str, zh_remedy: str, en_remedy: str) -> LineRefused:
    return LineRefused(*say("wrong-line", what=Words(zh, en), remedy=Words(zh_remedy, en_remedy)))


def _object(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line.decode("utf-8-sig"), parse_float=_point, parse_int=_whole, parse_constant=float)
    except (ValueError, RecursionError) as error:
        what = shown(str(error), 80)
        raise _wrong(
            f"不是 JSON（{what}）", f"it is no JSON ({what})", "每行写一个 JSON 对象", "Write one JSON object a line"
        ) from None
    if not isinstance(found, dict):
        raise _wrong("不是对象", "it is no object", "写成 {…}", "Write {…}")
    return found


def _point(text: str) -> Decimal | float:
    """A number with a point or an exponent; one that no decimal holds is refused where its value is read."""
    try:
        return Decimal(text)
    except ArithmeticError:
        return math.nan


def _whole(text: str) -> int | Decimal:
    return int(text) if len(text) <= _LONGEST_INTEGER else Decimal(text)


def _check_levels(asked: dict[str, Any]) -> None:
    if _deeper(asked, _LEVELS):
        raise _wrong(f"嵌套超过 {_LEVELS} 层", f"more than {_LEVELS} levels", "每行写一个 JSON 对象，少些层次",
                     "Write one JSON object a line, of fewer levels")  # fmt: skip


def _deeper(value: Any, levels: int) -> bool:
    """Whether lists and objects stand more than `levels` deep inside each other."""
    if not isinstance(value, dict | list):
        return False
    below = value.values() if isinstance(value, dict) else value
    return not levels or any(_deeper(one, levels - 1) for one in below)


def _form(asked: dict[str, Any]) -> dict[str, Any]:
    expression, _ = _read(asked)
    return {"when": formatted(expression), "digest": digest(expression).hex()}


def _read(asked: dict[str, Any]) -> tuple[Expression, Rules]:
    when = asked.get("when")
    if not isinstance(when, str):
        raise _wrong("没有 when", "there is no when", "when 是规则的文字", "when is the text of the rule")
    fields, parameters = _mapping(asked, "fields"), _mapping(asked, "parameters")
    parameters.pop("as_of", None)
    return _rule(when, fields, parameters)


def _value(asked: dict[str, Any]) -> bool | None:
    as_of = _as_of(asked)
    expression, rules = _read(asked)
    try:
        row = read_row(_mapping(asked, "row"), expression.vocabulary.types)
    except ValueRefused as refused:
        at = next((one.span.start for one in walk(expression.tree) if isinstance(one, Field)
                   and one.name == refused.name), 0)  # fmt: skip
        raise LineRefused(refused.message, refused.remedy, at) from None
    return _asked(expression, rules, row, as_of)


def _asked(expression: Expression, rules: Rules, row: Mapping[str, Value | None], as_of: date | None) -> bool | None:
    if as_of is None:
        needs = next((one for one in walk(expression.tree) if _needs_day(one, expression)), None)
        if needs is not None:
            raise LineRefused(*say("day-needed"), needs.span.start)
    found = rules(row, as_of or date.max)[0]
    assert found is None or isinstance(found, bool)
    return found


def _needs_day(node: object, expression: Expression) -> bool:
    if isinstance(node, Parameter):
        return any(since != _ALWAYS for since, _, _ in expression.vocabulary.parameters[node.name].dated)
    return isinstance(node, AsOf)


def _mapping(asked: dict[str, Any], key: str) -> dict[str, Any]:
    found = asked.get(key)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise _wrong(f"{key} 不是对象", f"{key} is no object", "写成 {…}", "Write {…}")
    return dict(found)


def _as_of(asked: dict[str, Any]) -> date | None:
    parameters = asked.get("parameters")
    written = asked.get("as_of")
    if written is None and isinstance(parameters, dict):
        written = parameters.get("as_of")
    if written is None:
        return None
    found = day(written) if isinstance(written, str) else None
    if found is None:
        raise LineRefused(*say("wrong-value", name="as_of", value=shown(str(written)), type=Type.DATE,
                               remedy=Words("写日期，例如 2020-03-16", "Give a day like 2020-03-16")))  # fmt: skip
    return found


def _rule(when: str, fields: dict[str, Any], parameters: dict[str, Any]) -> tuple[Expression, Rules]:
    """A rule ready to be asked; one that was asked before is not read again."""
    key = when, repr(fields), repr(parameters)
    found = _read_before.get(key)
    if found is None:
        if len(_read_before) >= _KEPT:
            _read_before.clear()
        found = _read_before[key] = _first_reading(when, fields, parameters)
    return found


def _first_reading(when: str, fields: dict[str, Any], parameters: dict[str, Any]) -> tuple[Expression, Rules]:
    """A rule read in the first way in which its parameters can be read; refused as in the first way when in none."""
    types = {name: _field(name, one) for name, one in fields.items()}
    refusals: list[RuleRefused] = []
    for values in islice(_readings(parameters), _READINGS):
        try:
            expression = parse(when, Vocabulary(types, values))
        except RuleRefused as refused:
            refusals.append(refused)
        except (VocabularyRefused, ValueRefused) as refused:
            raise LineRefused(refused.message, refused.remedy) from None
        else:
            return expression, compile_rules([expression])
    raise refusals[0]


def _field(name: str, said: Any) -> FieldType:
    said = {"type": said} if isinstance(said, str) else said
    absent = said.get("absent") if isinstance(said, dict) else None
    absent = {None: "unknown", False: "false"}.get(absent, absent) if not isinstance(absent, dict | list) else absent
    if not isinstance(said, dict) or said.get("type") not in list(Type) or absent not in ("unknown", "false"):
        where = shown(name)
        raise _wrong(
            f"字段 {where} 的 type 或 absent 不对", f"type or absent of the field {where} is not right",
            f"type 是 {_TYPES.zh} 之一，absent 是 unknown 或 false",
            f"type is one of {_TYPES.en}; absent is unknown or false",
        )  # fmt: skip
    return FieldType(Type(said["type"]), "false" if absent == "false" else "unknown")


def _readings(parameters: dict[str, Any]) -> Iterator[dict[str, ParameterValues]]:
    """Every way to read the parameters. One whose type is not given is what its text looks like, or else text."""
    read = {name: _written(name, said) for name, said in parameters.items()}
    for types in product(*(_types(said, read[name]) for name, said in parameters.items())):
        yield {name: _parameter(name, kind, read[name]) for name, kind in zip(read, types, strict=True)}


def _written(name: str, said: Any) -> dict[date, Any]:
    """The values of a parameter by the first day they hold."""
    found = _dated(said)
    if found is None:
        raise _unreadable(name)
    return found


def _unreadable(name: str) -> LineRefused:
    where = shown(name)
    return _wrong(
        f"参数 {where} 读不懂", f"the parameter {where} cannot be read",
        '写成值，或 {"type", "value"}，或 {"type", "values": {日期: 值}}',
        'Give a value, or {"type", "value"}, or {"type", "values": {day: value}}',
    )  # fmt: skip


def _types(said: Any, dated: dict[date, Any]) -> Sequence[Type | None]:
    if isinstance(said, dict) and said.get("type") is not None:
        return [Type(said["type"]) if said["type"] in list(Type) else None]
    values = [one for one in dated.values() if one is not None]
    if values and all(isinstance(one, str) for one in values):
        return [*(kind for kind in (Type.DATE, Type.DECIMAL) if _all_read(values, kind)), Type.STRING]
    kinds = (Type.BOOLEAN, Type.INTEGER, Type.DECIMAL)
    return [next((kind for kind in kinds if values and _all_read(values, kind)), None)]


def _all_read(values: list[Any], kind: Type) -> bool:
    try:
        return all(read_value("", one, kind) is not None for one in values)
    except ValueRefused:
        return False


def _parameter(name: str, kind: Type | None, written: dict[date, Any]) -> ParameterValues:
    if kind is None:
        raise _unreadable(name)
    dated = []
    for since, value in sorted(written.items()):
        try:
            read = read_value(name, value, kind)
        except ValueRefused as refused:
            raise LineRefused(refused.message, refused.remedy) from None
        if read is not None:
            dated.append((since, read, ""))
    return ParameterValues(kind, tuple(dated))


def _dated(said: Any) -> dict[date, Any] | None:
    """The values of a parameter by the first day they hold; one without days holds always. None: cannot be read."""
    if isinstance(said, dict) and "values" in said:
        return _dated(said["values"]) if isinstance(said["values"], dict | list) else None
    if isinstance(said, dict) and "value" not in said:
        said = [{"from": since, "value": value} for since, value in said.items() if since not in _BESIDE]
    if not isinstance(said, list):
        said = [said if isinstance(said, dict) else {"value": said}]
    steps = [_step(one) for one in said]
    found = {step[0]: step[1] for step in steps if step}
    return found if len(found) == len(steps) else None  # every step was read, and no day stands there twice


def _step(said: Any) -> tuple[date, Any] | None:
    """The first day of one value, and the value, without the source that may stand beside it."""
    if not isinstance(said, dict) or "value" not in said or said.keys() & _ENDS:
        return None
    value = said["value"]
    if isinstance(value, dict) and "value" in value:
        value = value["value"]
    since = next((said[key] for key in _SINCE if key in said), None)
    first = _ALWAYS if since is None else day(since) if isinstance(since, str) else None
    return None if first is None or isinstance(value, dict | list) else (first, value)
