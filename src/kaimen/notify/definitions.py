"""What a city says to people (texts/*.yaml): notices and letters in both languages. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any, Literal

from kaimen.packs import Found, Kind, Words, Wrong, kind, words

Channel = Literal["in-app", "sms", "e-mail", "print"]
CHANNELS: tuple[Channel, ...] = ("in-app", "sms", "e-mail", "print")
SHORT_LIMIT = 300  # characters: what a text message may hold before the network cuts it into many


class MissingPlaceholder(ValueError):
    """A text was asked for without a value it names."""


@dataclass(frozen=True)
class Text:
    """One notice: `short` is sent by text message, `long` is read in the app, in a mail and on paper."""

    slug: str
    title: Words
    placeholders: Mapping[str, str]  # name → what stands there
    channels: tuple[Channel, ...]
    short: Words | None
    long: Words | None

    def check(self, about: Mapping[str, Any]) -> None:
        """Raise MissingPlaceholder unless `about` has exactly the declared names."""
        missing = [name for name in self.placeholders if name not in about]
        strange = [name for name in about if name not in self.placeholders]
        if missing or strange:
            said = [f"lacks {', '.join(missing)}"] if missing else []
            said += [f"does not know {', '.join(strange)}"] if strange else []
            raise MissingPlaceholder(f"the text {self.slug} {' and '.join(said)}")


def fill(pattern: str, about: Mapping[str, str]) -> str:
    """`pattern` with {names} replaced. Values are text only: a value is never read as a pattern again."""
    return "".join(
        literal + (about[name] if name is not None else "") for literal, name, _, _ in Formatter().parse(pattern)
    )


def names_in(pattern: str) -> Iterator[str]:
    """The placeholders of a pattern. Raises ValueError for a lone brace, an empty or a decorated name."""
    for _, name, spec, conversion in Formatter().parse(pattern):
        if name is None:
            continue
        if not name.isidentifier() or spec or conversion:
            raise ValueError(f"{{{name}}} is no plain name")
        yield name


def _texts(found: Found) -> Iterable[Text]:
    data = found.data
    if data["text"] != found.slug:
        what = f"text is {data['text']!r} but the file is named {found.slug!r}"
        raise Wrong(what, "Give both the same name", ("text",))
    text = Text(
        slug=found.slug,
        title=Words.of(data["title"]),
        placeholders=data.get("placeholders", {}),
        channels=tuple(data["channels"]),
        short=Words.of(data["short"]) if "short" in data else None,
        long=Words.of(data["long"]) if "long" in data else None,
    )
    _check_forms(text)
    for key in ("title", "short", "long"):
        for language, pattern in data.get(key, {}).items():
            _check_names(pattern, text.placeholders, (key, language))
    _check_used(text, data)
    yield text


def _check_forms(text: Text) -> None:
    if "sms" in text.channels and text.short is None:
        raise Wrong("sms is a channel but there is no short form", "Add short, in both languages", ("channels",))
    if set(text.channels) - {"sms"} and text.long is None:
        raise Wrong("a channel needs the long form", "Add long, in both languages", ("channels",))


def _check_names(pattern: str, known: Mapping[str, str], path: tuple[str, str]) -> None:
    try:
        names = list(names_in(pattern))
    except ValueError as error:
        raise Wrong(
            f"a placeholder does not read: {error}", "Write {name}; for a brace write {{ or }}", path
        ) from error
    for name in names:
        if name not in known:
            raise Wrong(
                f"unknown placeholder {{{name}}}",
                f"Declared under placeholders: {', '.join(known) or 'none'}",
                path,
            )


def _check_used(text: Text, data: Mapping[str, Any]) -> None:
    used = {name for key in ("title", "short", "long") for one in data.get(key, {}).values() for name in names_in(one)}
    for name in text.placeholders:
        if name not in used:
            raise Wrong(f"{name} is declared but never used", "Use it or take it out", ("placeholders", name))


_SHORT = words.SCHEMA | {
    "properties": {one: {"type": "string", "minLength": 1, "maxLength": SHORT_LIMIT} for one in ("zh-Hans", "en")}
}
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["text", "title", "channels"],
    "properties": {
        "text": {"type": "string", "pattern": "^[a-z][a-z0-9-]{0,59}$"},
        "title": words.SCHEMA,
        "placeholders": {
            "type": "object",
            "propertyNames": {"pattern": "^[a-z][a-z_]*$"},
            "additionalProperties": {"type": "string", "minLength": 1},
        },
        "channels": {"type": "array", "items": {"enum": list(CHANNELS)}, "minItems": 1, "uniqueItems": True},
        "short": _SHORT,
        "long": words.SCHEMA,
    },
}

TEXTS = kind(Kind(name="text", pattern="texts/*.yaml", schema=SCHEMA, parse=_texts))
