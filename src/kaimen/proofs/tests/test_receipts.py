"""A receipt proves its one leaf to whoever trusts the log and its witnesses; a changed one proves nothing."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaimen.kit import canonical
from kaimen.proofs import checkpoints, receipts
from kaimen.proofs.checkpoints import Checkpoint
from kaimen.proofs.commitments import Opening, commit
from kaimen.proofs.merkle import inclusion_path, leaf_hash, root_of
from kaimen.proofs.notes import LogKey, VerifierKey, WitnessKey
from kaimen.proofs.receipts import LARGEST, PREFIX, NotAReceipt, Receipt, ReceiptRefused

LOG = LogKey.generate("log.example/east")
COURT, UNIVERSITY = WitnessKey.generate("court.example"), WitnessKey.generate("university.example")
BOTH = (COURT.verifier, UNIVERSITY.verifier)
AT = datetime(2020, 3, 16, 14, 0, tzinfo=UTC)
OPENING = Opening(bytes(range(32)), b"about whom, from what, by which rule")
SIZE, INDEX = 1_000, 613


def leaf(n: int) -> bytes:
    said = {"v": 1, "kind": "colour", "at": 1_584_352_800_000 + n, "id": n.to_bytes(16), "from": "green", "to": "red"}
    return canonical.encode(said | {"c": commit(OPENING.salt, OPENING.secret)})


LEAVES = [leaf(n) for n in range(SIZE)]
HASHES = [leaf_hash(one) for one in LEAVES]
NOTE = checkpoints.cosigned(checkpoints.signed(Checkpoint(LOG.name, SIZE, root_of(HASHES)), LOG), COURT, AT)
RECEIPT = receipts.receipt(LEAVES[INDEX], INDEX, inclusion_path(HASHES, INDEX), NOTE, OPENING)


def refusal(shown: Receipt, log: VerifierKey = LOG.verifier, quorum: int = 1) -> str:
    """Why it proves nothing."""
    with pytest.raises(ReceiptRefused) as refused:
        receipts.verify(shown, log, BOTH, quorum=quorum)
    return str(refused.value)


def test_a_receipt_proves_its_leaf_its_place_who_saw_it_and_what_it_hides() -> None:
    proved = receipts.verify(Receipt.read(str(RECEIPT)), LOG.verifier, BOTH, quorum=1)
    assert (proved.leaf.said["to"], proved.index, proved.secret) == ("red", INDEX, OPENING.secret)
    assert proved.checkpoint == Checkpoint(LOG.name, SIZE, root_of(HASHES))
    assert proved.witnessed == {"court.example": AT}


def test_a_receipt_without_its_opening_proves_the_same_and_tells_nothing() -> None:
    closed = replace(RECEIPT, opening=None)
    assert receipts.verify(closed, LOG.verifier).secret is None
    assert OPENING.secret not in closed.to_bytes()


def test_a_receipt_of_a_city_fits_one_code() -> None:
    deep = replace(RECEIPT, path=(bytes(32),) * 20, size=1_000_000)  # a district of a million leaves, one witness
    assert len(deep.to_bytes()) <= 1_100
    assert len(str(deep)) <= 1_700
    assert set(str(deep)) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")


def test_every_leaf_of_a_log_has_its_receipt() -> None:
    for index in range(0, SIZE, 37):
        shown = receipts.receipt(LEAVES[index], index, inclusion_path(HASHES, index), NOTE)
        assert receipts.verify(Receipt.read(str(shown)), LOG.verifier).leaf.id == index.to_bytes(16)


def test_another_leaf_place_size_or_path_was_never_signed() -> None:
    changed = [
        replace(RECEIPT, leaf=LEAVES[INDEX + 1]), replace(RECEIPT, index=INDEX - 1), replace(RECEIPT, size=SIZE + 1),
        replace(RECEIPT, path=(bytes(32), *RECEIPT.path[1:])),
    ]  # fmt: skip
    for shown in changed:
        assert "does not hold" in refusal(shown)
    assert "not that of this place" in refusal(replace(RECEIPT, path=RECEIPT.path[:-1]))
    assert "did not sign" in refusal(replace(RECEIPT, signatures=RECEIPT.signatures[1:]))
    assert "did not sign" in refusal(RECEIPT, log=LogKey.generate(LOG.name).verifier)


def test_as_many_witnesses_as_are_asked_for_must_have_seen_it() -> None:
    assert refusal(RECEIPT, quorum=2) == "1 witnesses saw this tree; 2 are asked for"
    twice = replace(RECEIPT, signatures=(*RECEIPT.signatures, RECEIPT.signatures[1]))
    assert refusal(twice, quorum=2) == "1 witnesses saw this tree; 2 are asked for"


def test_an_opening_of_something_else_is_refused() -> None:
    assert "committed to" in refusal(replace(RECEIPT, opening=replace(OPENING, secret=b"another")))
    bare = canonical.encode({"v": 1, "kind": "list", "at": 1, "id": bytes(16)})
    alone = checkpoints.signed(Checkpoint(LOG.name, 1, leaf_hash(bare)), LOG)
    assert "committed to" in refusal(receipts.receipt(bare, 0, (), alone, OPENING), quorum=0)


def test_what_was_signed_but_is_no_leaf_is_refused() -> None:
    alone = checkpoints.signed(Checkpoint(LOG.name, 1, leaf_hash(b"text")), LOG)
    assert "no canonical CBOR" in refusal(receipts.receipt(b"text", 0, (), alone), quorum=0)


@given(st.data())
@settings(max_examples=150)
def test_one_bit_turned_in_a_receipt_is_found(data: st.DataObject) -> None:
    raw = bytearray(RECEIPT.to_bytes())
    bit = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[bit // 8] ^= 1 << bit % 8
    with pytest.raises((NotAReceipt, ReceiptRefused)):
        receipts.verify(Receipt.from_bytes(bytes(raw)), LOG.verifier, (COURT.verifier,), quorum=1)


@given(st.text() | st.binary(max_size=300).map(lambda data: data.decode("latin-1")) | st.text("0A:% ", max_size=40))
def test_no_text_gets_anything_but_an_answer(text: str) -> None:
    for shown in (text, PREFIX + text, str(RECEIPT)[: len(text)], str(RECEIPT) + text):
        with suppress(NotAReceipt):
            assert str(Receipt.read(shown)) == shown


@pytest.mark.parametrize(
    "parts",
    [
        [], {}, 1, [1, 0, 1, b"", b"", []], [2, 0, 1, b"", b"", [], None], [1, 1, 1, b"", b"", [], None],
        [1, -1, 1, b"", b"", [], None], [1, 0, 2**63, b"", b"", [], None], [1, True, 2, b"", b"", [], None],
        [1, 0, 1, "x", b"", [], None], [1, 0, 1, b"", bytes(31), [], None], [1, 0, 1, b"", bytes(64 * 32), [], None],
        [1, 0, 1, b"", b"", [[b"1234"]], None], [1, 0, 1, b"", b"", [[b"123", b""]], None],
        [1, 0, 1, b"", b"", [1], None], [1, 0, 1, b"", b"", [], []], [1, 0, 1, b"", b"", [], [bytes(31), b""]],
        [1, 0, 1, b"", b"", [], None, None], [1, 0, 1, bytes(LARGEST), b"", [], None],
    ],
)  # fmt: skip
def test_other_parts_are_no_receipt(parts: object) -> None:
    with pytest.raises(NotAReceipt):
        Receipt.from_bytes(canonical.encode(parts))


def test_ten_million_characters_are_refused_at_once() -> None:
    with pytest.raises(NotAReceipt, match="at most"):
        Receipt.read(PREFIX + "0" * 10_000_000)
    with pytest.raises(NotAReceipt, match="begins with"):
        Receipt.read("KM1:" + str(RECEIPT)[4:])


def test_a_refusal_is_said_in_both_languages() -> None:
    with pytest.raises(ReceiptRefused) as refused:
        receipts.verify(RECEIPT, LogKey.generate(LOG.name).verifier)
    assert (refused.value.words.en, refused.value.words.zh[:5]) == (str(refused.value), "签名对不上")
    with pytest.raises(NotAReceipt) as unread:
        Receipt.read("KM1:0")
    assert unread.value.words.to("zh-hans") == "这不是回执，回执以 KR1: 开头"
