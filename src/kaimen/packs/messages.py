"""JSON Schema's complaints, in words a clerk understands."""

from collections.abc import Callable
from typing import Any

from jsonschema import ValidationError

from kaimen.kit.words import Words

InWords = tuple[Words, Words]  # what is wrong, what would be right
_SHAPES = {
    "object": Words("带值的键", "keys with values"),
    "array": Words("列表", "a list"),
    "string": Words("文字（看上去像数的，加引号）", "text (in quotes where it looks like a number)"),
    "integer": Words("整数", "a whole number"),
    "number": Words("数", "a number"),
    "boolean": Words("true 或 false", "true or false"),
    "null": Words("空", "empty"),
}


def in_words(error: ValidationError) -> InWords:
    """(what is wrong, what would be right)."""
    where = ".".join(str(key) for key in error.absolute_path)[-120:]
    at = Words(where or "文件", where or "the file")
    say = _SAY.get(str(error.validator))
    if say is None:
        told = error.message[:200]
        remedy = Words("见这种文件的格式（kaimen pack schema）", "See the schema of this file (kaimen pack schema)")
        return Words(f"{at.zh}：{told}", f"{at.en}: {told}"), remedy
    return say(at, error, error.validator_value)


def path_of(error: Any) -> tuple[str | int, ...]:
    """Where it is wrong: a key that should not be there is pointed at itself."""
    path = tuple(error.absolute_path)
    return (*path, _unknown(error)[0]) if error.validator == "additionalProperties" else path


def _unknown(error: Any) -> list[str]:
    return [key for key in error.instance if key not in error.schema.get("properties", {})]


def _is(at: Words, error: Any) -> Words:
    value = _short(error.instance)
    return Words(f"{at.zh} 是 {value}", f"{at.en} is {value}")


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _missing(at: Words, error: Any, wanted: Any) -> InWords:
    missing = ", ".join(key for key in wanted if key not in error.instance)
    return Words(f"{at.zh} 缺少 {missing}", f"{at.en} lacks {missing}"), Words("请补上", "Add it")


def _strange(at: Words, error: Any, wanted: Any) -> InWords:
    known = ", ".join(sorted(error.schema.get("properties", {})))
    strange = ", ".join(map(_short, _unknown(error)[:5]))
    what = Words(f"{at.zh} 有不认识的键：{strange}", f"{at.en} has an unknown key: {strange}")
    return what, Words(f"可用的键：{known}", f"Known keys: {known}")


def _shape(at: Words, error: Any, wanted: Any) -> InWords:
    shapes = [_SHAPES[name] for name in ([wanted] if isinstance(wanted, str) else wanted)]
    right = Words(" 或 ".join(one.zh for one in shapes), " or ".join(one.en for one in shapes))
    return _is(at, error), Words(f"应为{right.zh}", f"It should be {right.en}")


def _too_short(at: Words, error: Any, wanted: Any) -> InWords:
    what = Words(f"{at.zh} 是空的或太短", f"{at.en} is empty or too short")
    return what, Words(f"至少要有 {wanted}", f"It needs {wanted} at least")


def _too_long(at: Words, error: Any, wanted: Any) -> InWords:
    what = Words(f"{at.zh} 太长", f"{at.en} is too long")
    return what, Words(f"最多 {wanted}", f"It may hold {wanted} at most")


def _should(zh: str, en: str) -> Callable[[Words, Any, Any], InWords]:
    """What the value is, and what it should be: `{}` stands for what is wanted."""

    def say(at: Words, error: Any, wanted: Any) -> InWords:
        right = ", ".join(map(str, wanted)) if isinstance(wanted, list) else wanted
        return _is(at, error), Words(zh.format(right), en.format(right))

    return say


def _twice(at: Words, error: Any, wanted: Any) -> InWords:
    return Words(f"{at.zh} 里有重复的", f"{at.en} holds something twice"), Words("只留一个", "Keep one of the two")


_SAY: dict[str, Callable[[Words, Any, Any], InWords]] = {
    "required": _missing,
    "additionalProperties": _strange,
    "type": _shape,
    "enum": _should("可以是：{}", "It may be: {}"),
    "const": _should("应为 {}", "It should be {}"),
    "pattern": _should("写法应符合 {}", "It should match {}"),
    "minimum": _should("最小为 {}", "It should be {} at least"),
    "maximum": _should("最大为 {}", "It should be {} at most"),
    "uniqueItems": _twice,
    "minItems": _too_short,
    "minLength": _too_short,
    "minProperties": _too_short,
    "maxItems": _too_long,
    "maxLength": _too_long,
    "maxProperties": _too_long,
}
