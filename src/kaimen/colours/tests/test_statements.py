"""A statement has one form. Whatever is missing, strange, too large or encoded otherwise is refused, and says where."""

import os
from dataclasses import fields, replace
from typing import Any

import cbor2
import pytest

from kaimen.colours import statements
from kaimen.colours.statements import Evidence, NotAStatement
from kaimen.kit import canonical
from kaimen.kit.keys import SigningKey

KEY = SigningKey.generate()
EVIDENCE = Evidence(
    genesis=bytes(32), id=bytes(range(16)), made=1_584_316_800_000, source="cdc", key=KEY.public.key_id,
    status="person", subject=bytes(16), of="test", says={"test_result": "positive"}, seen=1_584_316_800_000,
    until=1_585_000_000_000, basis="art. 39", identity=bytes(32),
)  # fmt: skip


def changed(**other: Any) -> bytes:
    """The content with some of it otherwise; `...` leaves a key out."""
    said = cbor2.loads(statements.content_of(EVIDENCE)) | other
    return canonical.encode({name: value for name, value in said.items() if value is not ...})


def test_a_statement_reads_as_it_was_written() -> None:
    signed = statements.read(statements.sign(EVIDENCE, KEY))
    assert signed.statement == EVIDENCE
    assert signed.signed_by(KEY.public)
    assert statements.sealed(signed.content, signed.signatures) == signed.to_bytes()


def test_a_changed_word_is_signed_by_nobody() -> None:
    signed = statements.read(statements.sign(EVIDENCE, KEY))
    other = statements.content_of(replace(EVIDENCE, says={"test_result": "negative"}))
    assert not replace(signed, content=other).signed_by(KEY.public)
    assert not signed.signed_by(SigningKey.generate().public)


def test_a_signature_over_the_bare_content_is_no_signature_of_a_statement() -> None:
    content = statements.content_of(EVIDENCE)
    bare = statements.read(statements.sealed(content, [(KEY.public.key_id, KEY.sign(content))]))
    assert not bare.signed_by(KEY.public)


@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"v": 2}, "v"), ({"v": True}, "v"), ({"kind": "verdict"}, "kind"), ({"kind": 1}, "kind"),
        ({"note": "bank"}, "note"), ({"seen": ...}, "seen"), ({"id": b"short"}, "id"), ({"id": "x" * 16}, "id"),
        ({"made": -1}, "made"), ({"made": 2**70}, "made"), ({"made": True}, "made"), ({"made": 1.0}, "made"),
        ({"source": "CDC"}, "source"), ({"source": ""}, "source"), ({"source": "x" * 61}, "source"),
        ({"says": {}}, "says"), ({"says": {"a": None}}, "says"), ({"says": {"A": 1}}, "says"),
        ({"says": {"a": 10**15}}, "says"), ({"says": {"a": "x" * 61}}, "says"), ({"says": {"a": 0.5}}, "says"),
        ({"says": {f"a{n}": 1 for n in range(41)}}, "says"), ({"says": {1: 1}}, "says"),
        ({"basis": "two\nlines"}, "basis"), ({"basis": ""}, "basis"), ({"identity": bytes(31)}, "identity"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(other: dict[str, Any], field: str) -> None:
    with pytest.raises(NotAStatement) as refused:
        statements.read_content(changed(**other))
    assert refused.value.field == field
    assert refused.value.should


@pytest.mark.parametrize(
    "envelope",
    [
        b"", b"\xff", cbor2.dumps([1, 2]), cbor2.dumps([b"", []]), cbor2.dumps({}), bytes(statements.LARGEST + 1),
        statements.sign(EVIDENCE, KEY) + b"\0", statements.sealed(statements.content_of(EVIDENCE), []),
        statements.sealed(statements.content_of(EVIDENCE), [(bytes(8), bytes(63))]),
        statements.sealed(statements.content_of(EVIDENCE), [(bytes(8), bytes(64))] * 2),
        statements.sealed(statements.content_of(EVIDENCE), [(bytes([n]) * 8, bytes(64)) for n in range(9)]),
    ],
)  # fmt: skip
def test_what_is_no_envelope_is_refused(envelope: bytes) -> None:
    with pytest.raises(NotAStatement):
        statements.read(envelope)


def test_another_encoding_of_the_same_content_is_refused() -> None:
    said = cbor2.loads(statements.content_of(EVIDENCE))
    other = cbor2.dumps(dict(reversed(said.items())))
    assert cbor2.loads(other) == said
    with pytest.raises(NotAStatement):
        statements.read_content(other)


def test_a_statement_that_could_not_be_read_is_not_written() -> None:
    with pytest.raises(NotAStatement):
        statements.content_of(replace(EVIDENCE, basis="x" * 201))


def test_who_has_salt_and_number_can_tell_whom_evidence_is_about_and_nobody_else() -> None:
    salt = os.urandom(16)
    number = "370299199001011236"
    assert statements.identity_of(salt, number) == statements.identity_of(salt, number)
    assert statements.identity_of(os.urandom(16), number) != statements.identity_of(salt, number)


def test_every_statement_is_checked_field_by_field_in_the_order_it_is_made() -> None:
    for kind, (cls, checks) in statements._SHAPES.items():
        assert [one.name for one in fields(cls)] == list(checks), kind
