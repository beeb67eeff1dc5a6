"""Signing keys: made once, kept by their owner, and they verify nothing but what they signed."""

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaimen.kit.keys import NotAKey, PublicKey, SigningKey

KEY = SigningKey.generate()


@given(st.binary(max_size=200))
def test_a_signature_holds_for_its_message_and_no_other(message: bytes) -> None:
    signature = KEY.sign(message)
    assert len(signature) == 64
    assert KEY.public.verifies(signature, message)
    assert not KEY.public.verifies(signature, message + b"\0")
    assert not SigningKey.generate().public.verifies(signature, message)


@given(st.binary(max_size=80))
def test_no_bytes_pass_for_a_signature(signature: bytes) -> None:
    assert not KEY.public.verifies(signature, b"message")


def test_a_public_key_survives_the_way_over_the_wire() -> None:
    again = PublicKey.from_raw(KEY.public.raw)
    assert len(again.raw) == 33
    assert again.key_id == KEY.public.key_id
    assert again.verifies(KEY.sign(b"x"), b"x")


@given(st.binary(max_size=70))
def test_bytes_that_are_no_key_are_refused_in_words(raw: bytes) -> None:
    try:
        key = PublicKey.from_raw(raw)
    except NotAKey as refused:
        assert "33 bytes" in str(refused)  # noqa: PT017 — either way is right
    else:
        assert key.raw == raw


def test_a_kept_key_is_made_once_and_its_owner_only_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "centre"
    key = SigningKey.kept_at(path)
    assert SigningKey.kept_at(path).public.raw == key.public.raw
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_holds_no_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "centre").write_bytes(b"not a key")
    with pytest.raises(NotAKey):
        SigningKey.kept_at(tmp_path / "centre")
