"""Base45: what RFC 9285 prints, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaimen.kit import base45

# RFC 9285, sections 4.3 and 4.4
PRINTED = [(b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581"), (b"ietf!", "QED8WEX0"), (b"", "")]


@pytest.mark.parametrize(("data", "text"), PRINTED)
def test_the_examples_of_the_rfc_hold_both_ways(data: bytes, text: str) -> None:
    assert base45.encode(data) == text
    assert base45.decode(text) == data


@given(st.binary(max_size=300))
def test_what_was_encoded_is_decoded(data: bytes) -> None:
    assert base45.decode(base45.encode(data)) == data


@given(st.text(alphabet="0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:", max_size=30))
def test_every_text_of_the_alphabet_is_the_one_encoding_of_its_bytes_or_refused(text: str) -> None:
    try:
        data = base45.decode(text)
    except base45.NotBase45:
        return
    assert base45.encode(data) == text


@pytest.mark.parametrize("text", ["A", "ABCD", "GGW", ":::", "::", "ab8", "BB8\n", "ÄB8", "\x00BB", "BB８", "\ud800BB"])
def test_what_stands_for_no_bytes_is_refused(text: str) -> None:
    with pytest.raises(base45.NotBase45):
        base45.decode(text)


def test_the_largest_groups_are_read_and_the_next_are_not() -> None:
    assert base45.decode("FGW") == b"\xff\xff"
    assert base45.decode("U5") == b"\xff"
    for text in ("GGW", "V5"):
        with pytest.raises(base45.NotBase45):
            base45.decode(text)
