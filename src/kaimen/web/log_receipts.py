"""A receipt checked by the server, for browsers that cannot: the one you check answers, and the page says so."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from kaimen.kit import canonical
from kaimen.kit.words import Words
from kaimen.proofs.merkle import leaf_hash
from kaimen.proofs.notes import COSIGNATURE, NotANote, VerifierKey
from kaimen.proofs.receipts import NotAReceipt, Proved, Receipt, ReceiptRefused, verify

MOST_KEYS = 32


@dataclass(frozen=True)
class Checked:
    """What a receipt proves: names and values as the leaf has them, and what its commitment hides."""

    proved: Proved
    leaf_hash: str
    at: datetime
    public: tuple[tuple[str, str], ...]
    secret: tuple[tuple[str, str], ...]
    witnessed: tuple[tuple[str, datetime], ...]


def read_keys(text: str) -> list[VerifierKey]:
    """Verifier keys, one a line. Raises NotANote for a line that is none."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_KEYS:
        raise NotANote(f"{len(lines)} keys; at most {MOST_KEYS}")
    return [VerifierKey.read(line) for line in lines]


def checked(text: str, keys: list[VerifierKey]) -> Checked:
    """What a receipt proves to somebody who trusts these keys. Raises NotAReceipt, ReceiptRefused."""
    shown = _read(text)
    witnesses = [key for key in keys if key.algorithm == COSIGNATURE]
    signed = {id_ for id_, _value in shown.signatures}
    log = next((key for key in keys if key.algorithm != COSIGNATURE and key.key_id in signed), None)
    if log is None:
        raise ReceiptRefused("no log whose key you trust has signed it", "您信任的台账密钥都没有签过这份回执")
    proved = verify(shown, log, witnesses)
    return Checked(
        proved,
        leaf_hash(shown.leaf).hex(),
        datetime.fromtimestamp(proved.leaf.at / 1000, UTC),
        tuple(pairs(proved.leaf.said)),
        tuple(_secret(proved.secret)),
        tuple(sorted(proved.witnessed.items())),
    )


def _read(text: str) -> Receipt:
    """The receipt; with spaces behind it that came along when it was copied, or that belong to it."""
    try:
        return Receipt.read(text)
    except NotAReceipt:
        if text == text.rstrip():
            raise
        return Receipt.read(text.rstrip())


def pairs(said: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Names and values as they are shown: bytes in hexadecimal, lists in square brackets."""
    return ((str(name), written(value)) for name, value in said.items())


def written(value: Any) -> str:
    """A value of canonical CBOR as text, the same as `written` of receipt.js gives."""
    match value:
        case None:
            return "–"
        case bool():
            return "true" if value else "false"
        case bytes():
            return value.hex()
        case list():
            return "[" + ", ".join(map(written, value)) + "]"
        case dict():
            return "{" + ", ".join(f"{name}: {written(one)}" for name, one in value.items()) + "}"
    return str(value)


def _secret(secret: bytes | None) -> Iterator[tuple[str, str]]:
    """What is hidden, where it is a map of names; else its bytes."""
    if secret is None:
        return iter(())
    try:
        said = canonical.decode(secret)
    except canonical.NotCanonical:
        said = None
    return pairs(said) if isinstance(said, dict) else iter([("", secret.hex())])


def refused_words(error: Exception) -> Words:
    """Why a receipt was refused, in both languages."""
    words = getattr(error, "words", None)
    return words if isinstance(words, Words) else Words(str(error), str(error))
