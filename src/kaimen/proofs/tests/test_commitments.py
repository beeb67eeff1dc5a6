"""A commitment opens with its own salt and secret and with no other."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaimen.proofs.commitments import commit, fresh_salt, opens

SALTS = st.binary(min_size=32, max_size=32)


def test_a_commitment_is_a_hash_over_label_salt_and_secret() -> None:
    salt = bytes(range(32))
    assert commit(salt, b"secret") == hashlib.sha256(b"kaimen commitment 1\x00" + salt + b"secret").digest()


@given(SALTS, st.binary(), SALTS, st.binary())
def test_a_commitment_opens_with_what_was_committed_to_only(
    salt: bytes, secret: bytes, other_salt: bytes, other_secret: bytes
) -> None:
    made = commit(salt, secret)
    assert opens(made, salt, secret)
    assert opens(made, other_salt, other_secret) == ((salt, secret) == (other_salt, other_secret))


def test_bytes_cannot_be_moved_between_salt_and_secret() -> None:
    made = commit(bytes(32), b"ab")
    assert not opens(made, bytes(32) + b"a", b"b")
    assert not opens(made, bytes(31), b"\x00ab")


def test_a_salt_has_32_bytes_and_is_never_the_same() -> None:
    assert len({fresh_salt() for _ in range(100)}) == 100
    with pytest.raises(ValueError, match="32 bytes, not 31"):
        commit(bytes(31), b"")
