"""JSON Schema's complaints, in words a clerk understands."""

from collections.abc import Callable
from typing import Any

from jsonschema import ValidationError

InWords = tuple[str, str]  # what is wrong, what would be right
_SHAPES = {
    "object": "keys with values", "array": "a list", "string": "text (in quotes where it looks like a number)",
    "integer": "a whole number", "number": "a number", "boolean": "true or false", "null": "empty",
}  # fmt: skip


def in_words(error: ValidationError) -> InWords:
    """(what is wrong, what would be right)."""
    where = ".".join(str(key) for key in error.absolute_path)[-120:] or "the file"
    say = _SAY.get(str(error.validator))
    if say is None:
        return f"{where}: {error.message[:200]}", "See the schema of this file (kaimen pack schema)"
    return say(where, error, error.validator_value)


def path_of(error: Any) -> tuple[str | int, ...]:
    """Where it is wrong: a key that should not be there is pointed at itself."""
    path = tuple(error.absolute_path)
    return (*path, _unknown(error)[0]) if error.validator == "additionalProperties" else path


def _unknown(error: Any) -> list[str]:
    return [key for key in error.instance if key not in error.schema.get("properties", {})]


def _is(where: str, error: Any) -> str:
    return f"{where} is {_short(error.instance)}"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _missing(where: str, error: Any, wanted: Any) -> InWords:
    return f"{where} lacks {', '.join(key for key in wanted if key not in error.instance)}", "Add it"


def _strange(where: str, error: Any, wanted: Any) -> InWords:
    known = sorted(error.schema.get("properties", {}))
    strange = ", ".join(map(_short, _unknown(error)[:5]))
    return f"{where} has an unknown key: {strange}", f"Known keys: {', '.join(known)}"


def _shape(where: str, error: Any, wanted: Any) -> InWords:
    names = [wanted] if isinstance(wanted, str) else wanted
    return _is(where, error), f"It should be {' or '.join(_SHAPES[name] for name in names)}"


def _too_short(where: str, error: Any, wanted: Any) -> InWords:
    return f"{where} is empty or too short", f"It needs {wanted} at least"


def _too_long(where: str, error: Any, wanted: Any) -> InWords:
    return f"{where} is too long", f"It may hold {wanted} at most"


_SAY: dict[str, Callable[[str, Any, Any], InWords]] = {
    "required": _missing,
    "additionalProperties": _strange,
    "type": _shape,
    "enum": lambda where, error, wanted: (_is(where, error), f"It may be: {', '.join(map(str, wanted))}"),
    "const": lambda where, error, wanted: (_is(where, error), f"It should be {wanted}"),
    "pattern": lambda where, error, wanted: (_is(where, error), f"It should match {wanted}"),
    "minimum": lambda where, error, wanted: (_is(where, error), f"It should be {wanted} at least"),
    "maximum": lambda where, error, wanted: (_is(where, error), f"It should be {wanted} at most"),
    "uniqueItems": lambda where, error, wanted: (f"{where} holds something twice", "Keep one of the two"),
    "minItems": _too_short,
    "minLength": _too_short,
    "minProperties": _too_short,
    "maxItems": _too_long,
    "maxLength": _too_long,
    "maxProperties": _too_long,
}
