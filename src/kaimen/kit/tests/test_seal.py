"""A sealed value opens where it was sealed, and nowhere else."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaimen.kit.seal import NotOpened, Sealer

SEALER = Sealer(bytes(32), bytes(range(32)))


@given(st.text(max_size=60))
def test_what_was_sealed_opens_in_its_place(text: str) -> None:
    sealed = SEALER.seal(text, column="person.phone", row="1")
    assert SEALER.open(sealed, column="person.phone", row="1") == text
    assert text.encode() not in sealed or len(text) < 3


@pytest.mark.parametrize(("column", "row"), [("person.phone", "2"), ("person.national_id", "1"), ("person.phon", "e1")])
def test_moved_to_another_row_or_column_it_does_not_open(column: str, row: str) -> None:
    sealed = SEALER.seal("13900000000", column="person.phone", row="1")
    with pytest.raises(NotOpened):
        SEALER.open(sealed, column=column, row=row)


@given(st.integers(0, 500), st.integers(1, 255))
def test_one_altered_byte_is_noticed(at: int, difference: int) -> None:
    sealed = bytearray(SEALER.seal("13900000000", column="person.phone", row="1"))
    sealed[at % len(sealed)] ^= difference
    with pytest.raises(NotOpened):
        SEALER.open(bytes(sealed), column="person.phone", row="1")


@given(st.binary(max_size=60))
def test_no_bytes_raise_anything_but_a_refusal(sealed: bytes) -> None:
    with pytest.raises(NotOpened):
        SEALER.open(sealed, column="person.phone", row="1")


def test_the_same_value_seals_differently_and_its_blind_index_is_the_same() -> None:
    first, second = (SEALER.seal("x", column="person.phone", row="1") for _ in range(2))
    assert first != second
    assert SEALER.blind("x", column="person.phone") == SEALER.blind("x", column="person.phone")
    assert SEALER.blind("x", column="person.phone") != SEALER.blind("x", column="person.national_id")
    assert SEALER.blind("x", column="person.phone") != SEALER.blind("y", column="person.phone")


def test_the_keys_are_kept(tmp_path: Path) -> None:
    assert Sealer.kept_at(tmp_path / "sealing") == Sealer.kept_at(tmp_path / "sealing")


def test_a_key_file_cut_short_is_refused(tmp_path: Path) -> None:
    (tmp_path / "sealing").write_bytes(bytes(63))
    with pytest.raises(ValueError, match="63 bytes"):
        Sealer.kept_at(tmp_path / "sealing")
