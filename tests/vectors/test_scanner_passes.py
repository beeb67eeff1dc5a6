"""The scanner on a guard's phone gives the answers that every reader of passes gives."""

import json
from pathlib import Path

from tests.vectors.in_javascript import in_javascript

VECTORS = Path(__file__).parent / "passes" / "km1.jsonl"
_READ = """
const { readPass, BadPass } = await load("passes");
const { keyring } = await load("keys");
const { fromBase64, joined } = await load("bytes");
const rawOf = (der) => joined(Uint8Array.of(2 + (der[90] & 1)), der.subarray(27, 59)); // a bare P-256 key
const said = {};
for (const { id, code, certificates, at } of asked) {
  const keys = await keyring(certificates.map((one) => [rawOf(fromBase64(one))]));
  said[id] = await readPass(code, keys, Date.parse(at)).then(() => "valid", (error) => {
    if (error instanceof BadPass) return error.reason;
    throw error;
  });
}
answer(said);
"""


def test_each_code_gets_the_reason_that_is_written_beside_it() -> None:
    lines = [json.loads(line) for line in VECTORS.read_bytes().splitlines()]
    assert in_javascript(_READ, lines) == {line["id"]: line["reason"] for line in lines}
