"""Text in the pack's languages: what the schema of a file says about it."""

from kaimen.kit.words import Words

__all__ = ["NAME", "SCHEMA", "Words"]

SCHEMA = {
    "type": "object",
    "properties": {"zh-Hans": {"type": "string", "minLength": 1}, "en": {"type": "string", "minLength": 1}},
    "required": ["zh-Hans", "en"],
    "additionalProperties": False,
}
NAME = SCHEMA | {  # what has a column: the name of an area or a place
    "properties": {
        "zh-Hans": {"type": "string", "minLength": 1, "maxLength": 120},
        "en": {"type": "string", "minLength": 1, "maxLength": 160},
    }
}
