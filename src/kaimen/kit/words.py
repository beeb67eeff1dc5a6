"""Text in two languages: what a pack says to people, and what a check says to whoever writes a pack. Pure."""

from dataclasses import dataclass


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
