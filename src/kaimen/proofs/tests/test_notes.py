"""Signed notes: byte for byte those of others, and nothing that was changed counts."""

import base64
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from kaimen.proofs.notes import (
    COSIGNATURE,
    LogKey,
    NotANote,
    Note,
    NotSigned,
    Signature,
    VerifierKey,
    WitnessKey,
    checked_name,
    verifier_keys,
)

# The example every implementation of signed notes is tried on.
KNOWN_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
KNOWN_SECRET = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
KNOWN_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
KNOWN_LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)

LOG, WITNESS = LogKey.generate("log.example/east"), WitnessKey.generate("court.example/w1")
AT = datetime(2020, 3, 16, 14, 0, tzinfo=UTC)
TEXT = "log.example/east\n3\nsome root\n"
NOTE = Note(TEXT, (LOG.sign(TEXT), WITNESS.cosign(TEXT, AT)))


def test_the_known_note_is_read_and_holds() -> None:
    key = VerifierKey.read(KNOWN_KEY)
    note = Note.read(f"{KNOWN_TEXT}\n{KNOWN_LINE}")
    assert key.signed(note)
    assert (str(key), str(note)) == (KNOWN_KEY, f"{KNOWN_TEXT}\n{KNOWN_LINE}")
    with pytest.raises(NotSigned):
        key.signed(Note.read(f"{KNOWN_TEXT.replace('answer', 'Answer')}\n{KNOWN_LINE}"))


def test_the_known_note_is_made_byte_for_byte() -> None:
    key = LogKey("PeterNeumann", Ed25519PrivateKey.from_private_bytes(KNOWN_SECRET))
    assert (str(key.verifier), f"{key.sign(KNOWN_TEXT)}\n") == (KNOWN_KEY, KNOWN_LINE)


def test_a_cosignature_is_made_over_what_the_standard_says() -> None:
    signature = WITNESS.cosign(TEXT, AT)
    seconds = int(AT.timestamp())
    assert int.from_bytes(signature.value[:8]) == seconds
    message = f"cosignature/v1\ntime {seconds}\n{TEXT}".encode()
    Ed25519PublicKey.from_public_bytes(WITNESS.verifier.raw).verify(signature.value[8:], message)
    assert WITNESS.verifier.cosigned(NOTE) == AT


def test_a_note_is_read_back_as_it_was_written() -> None:
    assert Note.read(str(NOTE)) == Note.read(str(NOTE).encode()) == NOTE
    several = Note("one\n\ntwo\n", NOTE.signatures)
    assert Note.read(str(several)) == several


def test_lines_of_unknown_keys_are_left_alone() -> None:
    stranger = LogKey.generate("log.example/east")  # of the same name
    note = NOTE.also(stranger.sign(TEXT))
    assert LOG.verifier.signed(note)
    assert not VerifierKey(LOG.name, LOG.algorithm, WITNESS.verifier.raw).signed(note)
    assert WitnessKey.generate("court.example/w1").verifier.cosigned(note) is None


def test_a_key_of_one_kind_says_nothing_with_lines_of_the_other() -> None:
    as_witness = VerifierKey(LOG.name, COSIGNATURE, LOG.verifier.raw)
    assert not WITNESS.verifier.signed(NOTE)
    assert as_witness.cosigned(NOTE) is None
    assert as_witness.key_id != LOG.verifier.key_id


@given(st.data())
@settings(max_examples=200)
def test_one_changed_bit_in_text_or_signature_is_found(data: st.DataObject) -> None:
    text = bytearray(TEXT.encode())
    values = [bytearray(one.value) for one in NOTE.signatures]
    part = data.draw(st.sampled_from([text, *values]))
    bit = data.draw(st.integers(0, len(part) * 8 - 1))
    part[bit // 8] ^= 1 << bit % 8
    lines = tuple(
        Signature(one.name, one.key_id, bytes(value)) for one, value in zip(NOTE.signatures, values, strict=True)
    )
    note = Note(text.decode("latin-1"), lines)
    found = 0
    for check in (LOG.verifier.signed, WITNESS.verifier.cosigned):
        try:
            check(note)
        except NotSigned:
            found += 1
    assert found == (2 if part is text else 1)


def test_of_two_lines_of_one_key_both_must_hold_and_the_earlier_counts() -> None:
    later = WITNESS.cosign(TEXT, AT + timedelta(hours=1))
    assert WITNESS.verifier.cosigned(Note(TEXT, (later, *NOTE.signatures))) == AT
    assert WITNESS.verifier.cosigned(NOTE.also(later)) == AT + timedelta(hours=1)
    broken = Signature(LOG.name, LOG.verifier.key_id, bytes(64))
    with pytest.raises(NotSigned):
        LOG.verifier.signed(Note(TEXT, (*NOTE.signatures, broken)))


@pytest.mark.parametrize("value", [b"\x00", bytes(71), bytes(73), (2**63).to_bytes(8) + bytes(64), b"\xff" * 72])
def test_a_cosignature_of_another_form_does_not_hold(value: bytes) -> None:
    with pytest.raises(NotSigned):
        WITNESS.verifier.cosigned(Note(TEXT, (Signature(WITNESS.name, WITNESS.verifier.key_id, value),)))


@pytest.mark.parametrize(
    "text",
    [
        "", "\n", "\n\n", "a", "a\n", "a\n\n", "a\n\nb\n", "a\n\n— x\n", "a\n\n— x AAAA\n", "a\n\n— x AAAAAA==",
        "a\n\n— x AAAAAAA=\n\n", "a\n\n— x+y AAAAAAA=\n", "a\n\n—  AAAAAAA=\n", "a\n\n- x AAAAAAA=\n",
        "a\n\n— x AAAAAAB=\n", "a\n\n— x AAAA AAA=\n", "a\r\n\n— x AAAAAAA=\n", "a\n\n— x\u00a0y AAAAAAA=\n",
        "\n\n— x AAAAAAA=\n", "a\ud800\n\n— x AAAAAAA=\n", "a\n\n" + "— x AAAAAAA=\n" * 65,
        "a" * 300_000 + "\n\n— x AAAAAAA=\n",
    ],
)  # fmt: skip
def test_what_is_no_note_is_refused_in_words(text: str) -> None:
    with pytest.raises(NotANote) as refused:
        Note.read(text)
    assert 3 < len(str(refused.value)) < 300


def test_sixteen_signatures_are_read() -> None:
    assert len(Note.read("a\n\n" + "— x AAAAAAA=\n" * 16).signatures) == 16
    with pytest.raises(NotANote, match="not UTF-8"):
        Note.read(b"\xff\n\n")


@given(st.text() | st.text().map(lambda text: f"a\n\n— {text}\n") | st.binary())
@settings(max_examples=500)
def test_whatever_is_read_as_a_note_is_written_again_as_it_was(text: str | bytes) -> None:
    try:
        note = Note.read(text)
    except NotANote:
        return
    assert str(note).encode() == (text if isinstance(text, bytes) else text.encode())


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "x+y+z", "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", KNOWN_KEY.replace("c74f", "c74e"),
        KNOWN_KEY.replace("Peter", "peter"), KNOWN_KEY[:-4], KNOWN_KEY.replace("ARpc", "Ahpc"), KNOWN_KEY + "AAAA",
        KNOWN_KEY.replace("TW", "T!"), "码" + KNOWN_KEY,
    ],
)  # fmt: skip
def test_what_is_no_verifier_key_is_refused(text: str) -> None:
    with pytest.raises(NotANote):
        VerifierKey.read(text)


def test_keys_of_logs_and_witnesses_are_read_from_a_configuration() -> None:
    keys = verifier_keys([str(LOG.verifier), f" {WITNESS.verifier}\n"])
    assert keys == (LOG.verifier, WITNESS.verifier)


def test_a_key_is_kept_in_a_file_only_its_owner_reads(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "log.pem"
    first = LogKey.kept_at(path, "log.example/east")
    assert LogKey.kept_at(path, "log.example/east").verifier == first.verifier
    assert path.stat().st_mode & 0o077 == 0
    path.write_bytes(b"nothing")
    with pytest.raises(NotANote, match="PKCS#8"):
        LogKey.kept_at(path, "log.example/east")


def test_nobody_is_called_by_a_name_a_note_cannot_carry() -> None:
    for name in ("", "two words", "a+b", "a\tb", "a\nb", "x" * 256, "a\u2003b"):
        with pytest.raises(NotANote):
            checked_name(name)
    with pytest.raises(NotANote, match="newline"):
        LOG.sign("no end")
    with pytest.raises(ValueError, match="aware"):
        WITNESS.cosign(TEXT, datetime(2020, 3, 16))


def test_a_witness_proves_a_request_of_its_own_and_no_other() -> None:
    time = "2020-03-16T14:00:00+00:00"
    proof = WITNESS.ask("/log/openings/000", time)
    assert WITNESS.verifier.asked(proof, "/log/openings/000", time)
    assert not WITNESS.verifier.asked(proof, "/log/openings/001", time)
    assert not WITNESS.verifier.asked(proof, "/log/openings/000", time.replace("14", "15"))
    assert not WitnessKey.generate(WITNESS.name).verifier.asked(proof, "/log/openings/000", time)
    assert not WITNESS.verifier.asked(b"", "/log/openings/000", time)
