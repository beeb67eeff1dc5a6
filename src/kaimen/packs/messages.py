"""JSON Schema's complaints, in words a clerk understands."""

from jsonschema import ValidationError


def in_words(error: ValidationError) -> tuple[str, str]:
    """(what is wrong, what would be right)."""
    where = ".".join(str(key) for key in error.absolute_path) or "the file"
    match error.validator:
        case "required":
            missing = [key for key in error.validator_value if key not in error.instance]
            return f"{where} lacks {', '.join(missing)}", "Add it"
        case "additionalProperties":
            known = sorted(error.schema.get("properties", {}))
            strange = [key for key in error.instance if key not in known]
            return f"{where} has an unknown key: {', '.join(strange)}", f"Known keys: {', '.join(known)}"
        case "enum":
            return f"{where} is {error.instance!r}", f"It may be: {', '.join(map(str, error.validator_value))}"
        case "type":
            return f"{where} is {error.instance!r}", f"It should be of type {error.validator_value}"
        case "pattern":
            return f"{where} is {error.instance!r}", f"It should match {error.validator_value}"
        case "format":
            return f"{where} is {error.instance!r}", f"It should be a {error.validator_value}"
    return f"{where}: {error.message}", "See the schema of this file (kaimen pack schema)"
