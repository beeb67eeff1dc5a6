"""JSON Schema's complaints, in words a clerk understands."""

from typing import Any

from jsonschema import ValidationError

_SHAPES = {
    "object": "keys with values", "array": "a list", "string": "text (in quotes where it looks like a number)",
    "integer": "a whole number", "number": "a number", "boolean": "true or false", "null": "empty",
}  # fmt: skip


def in_words(error: ValidationError) -> tuple[str, str]:
    """(what is wrong, what would be right)."""
    where = ".".join(str(key) for key in error.absolute_path)[-120:] or "the file"
    is_ = f"{where} is {_short(error.instance)}"
    wanted: Any = error.validator_value
    match error.validator:
        case "required":
            missing = [key for key in wanted if key not in error.instance]
            return f"{where} lacks {', '.join(missing)}", "Add it"
        case "additionalProperties":
            known = sorted(error.schema.get("properties", {}))
            strange = [_short(key) for key in error.instance if key not in known]
            return f"{where} has an unknown key: {', '.join(strange[:5])}", f"Known keys: {', '.join(known)}"
        case "enum":
            return is_, f"It may be: {', '.join(map(str, wanted))}"
        case "const":
            return is_, f"It should be {wanted}"
        case "type":
            names = [wanted] if isinstance(wanted, str) else wanted
            return is_, f"It should be {' or '.join(_SHAPES[name] for name in names)}"
        case "pattern":
            return is_, f"It should match {wanted}"
        case "minimum" | "maximum":
            return is_, f"It should be {wanted} at {'least' if error.validator == 'minimum' else 'most'}"
        case "uniqueItems":
            return f"{where} holds something twice", "Keep one of the two"
        case "minItems" | "minLength" | "minProperties":
            return f"{where} is empty or too short", f"It needs {wanted} at least"
        case "maxItems" | "maxLength" | "maxProperties":
            return f"{where} is too long", f"It may hold {wanted} at most"
    return f"{where}: {error.message[:200]}", "See the schema of this file (kaimen pack schema)"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
