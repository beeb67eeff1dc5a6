"""Text in the pack's languages."""

from dataclasses import dataclass

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


@dataclass(frozen=True)
class Words:
    """One text in Simplified Chinese and English."""

    zh: str
    en: str

    @classmethod
    def of(cls, data: dict[str, str]) -> "Words":
        """From `{zh-Hans: …, en: …}`, which the schema has checked."""
        return cls(data["zh-Hans"], data["en"])

    def to(self, language: str) -> str:
        """The text for a reader of `language` ("zh-hans", "en-gb" …)."""
        return self.en if language.lower().startswith("en") else self.zh
