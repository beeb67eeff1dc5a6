"""What a page hands to the browser to sign: the values of each statement, and the words to show them by.

The browser (`static/status/sign.js`) shows the words from these values, makes the bytes of the same values, signs, and
sends back what it signed. What is secret stays there; what is shown and what is signed cannot differ.

- `Signing(post, keys, items)` → `as_json()` for `json_script`; an `Item` is one statement with its `Row`s.
- `signed_in(text)`: what came back. Raises Refused.
"""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Literal

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kaimen.colours import statements
from kaimen.colours.moments import moment
from kaimen.colours.statements import Statement
from kaimen.colours.terms import EvidenceKind, FieldOf
from kaimen.kit import clock
from kaimen.packs import Words
from kaimen.register.models import Post
from kaimen.rules.tree import Type
from kaimen.status import source_keys
from kaimen.status.models import Genesis, Source, SourceKey
from kaimen.status.refusals import Refused

PERSON_DOMAIN, PLACE_DOMAIN = "kaimen identity 1\0", "kaimen place 1\0"


@dataclass(frozen=True)
class Row:
    """One line the reader sees: where in the statement its value stands, and how it is said."""

    at: str  # "says.test_result"; "identity" is the document number itself
    label: str
    words: Mapping[str, str] = field(default_factory=dict)
    as_: Literal["text", "moment", "count"] = "text"

    def as_json(self) -> dict[str, Any]:
        """As the browser reads it."""
        return {"at": self.at, "label": self.label, "words": dict(self.words), "as": self.as_}


@dataclass(frozen=True)
class Identity:
    """Of what the browser computes whom evidence is about."""

    domain: str
    salt: bytes
    word: str  # the number on the document; the code of a building


@dataclass(frozen=True)
class Item:
    """One statement to sign. `says` has no source and key yet: they are those of the key in the browser."""

    says: Mapping[str, Any]
    rows: Sequence[Row]
    identity: Identity | None = None
    content: bytes = b""  # what the server wrote: signed only if the browser makes the same of `says`
    text: str = ""  # id of the element whose text the statement's digest is of

    def as_json(self) -> dict[str, Any]:
        """As the browser reads it."""
        about = self.identity
        made = {"statement": plain(self.says), "rows": [row.as_json() for row in self.rows]}
        if about is not None:
            made["identity"] = {"domain": about.domain, "salt": plain(about.salt), "word": about.word}
        if self.content:
            made["content"] = plain(self.content)
        return made | ({"text": self.text} if self.text else {})


@dataclass(frozen=True)
class Signing:
    """All a page asks to sign, and the keys that may."""

    post: Post
    keys: Sequence[Mapping[str, str]]
    items: Sequence[Item]
    only: Literal["envelope", "signature"] = "envelope"
    fills: Mapping[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """For `json_script`."""
        return {
            "post": str(self.post.pk),
            "keys": list(self.keys),
            "items": [one.as_json() for one in self.items],
            "only": self.only,
            "fills": self.fills,
            "zone": settings.TIME_ZONE,
        }


def keys_for(by: Post, kind: str) -> list[dict[str, str]]:
    """The officer's keys that may sign `kind` now, as the browser knows them."""
    held = source_keys.of_post(by)
    return [_entry(key) for key in held if any(kind in one.kinds for one in source_keys.accreditations_of(key))]


def keys_of(by: Post, source: Source) -> list[dict[str, str]]:
    """The officer's keys that may sign something for a source now."""
    held = [key for key in source_keys.of_post(by) if key.source_id == source.pk]
    return [_entry(key) for key in held if source_keys.accreditations_of(key)]


def _entry(key: SourceKey) -> dict[str, str]:
    return {"public": bytes(key.public_key).hex(), "source": key.source.slug}


def sources_in(by: Post) -> dict[str, str]:
    """What the officer's sources are called, by the name statements use."""
    language = get_language() or ""
    return {key.source.slug: key.source.title(language) for key in source_keys.of_post(by)}


def by_source(genesis: Genesis, kind: type[statements.BySource], **about: Any) -> dict[str, Any]:
    """The values of a statement whose id, source and key the browser fills in."""
    common = {"kind": kind.kind, "genesis": bytes(genesis.leaf_hash), "id": None, "made": moment(clock.now())}
    return common | {"source": "", "key": b""} | about


def values_of(statement: Statement) -> dict[str, Any]:
    """The values of a statement that is written already."""
    said = {one.name: getattr(statement, one.name) for one in fields(statement)}
    return {"kind": statement.kind} | said


def field_rows(kind: EvidenceKind, language: str) -> list[Row]:
    """A row for each field of a kind of evidence."""
    fields_ = kind.fields.items()
    return [Row(f"says.{name}", one.title.to(language), _field_words(one, language)) for name, one in fields_]


def _field_words(one: FieldOf, language: str) -> dict[str, str]:
    if one.type is Type.BOOLEAN:
        return {"true": _("Yes"), "false": _("No")}
    return {code: title.to(language) for code, title in one.codes.items()}


def to_words(words: Words) -> str:
    """A text of the rules in the reader's language."""
    return words.to(get_language() or "zh-hans")


def signed_in(text: str) -> list[bytes]:
    """What the browser signed, one a line. Raises Refused."""
    try:
        found = [base64.b64decode(line, validate=True) for line in text.split()]
    except (binascii.Error, ValueError):
        found = []
    if not found:
        raise Refused("form", _("Nothing signed has arrived."), _("Load the page again and sign anew."))
    return found


def plain(value: Any) -> Any:
    """A value as JSON brings it: bytes as `{"$": hex}`."""
    if isinstance(value, bytes):
        return {"$": value.hex()}
    if isinstance(value, Mapping):
        return {name: plain(one) for name, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list | tuple) else value
