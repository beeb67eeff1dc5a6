"""Whatever is shown to whoever verifies health certificates and phones' codes is answered, and opens nothing."""

import io
import json
import random
import tracemalloc
import zlib
from datetime import timedelta
from typing import Any

import cbor2

from kaimen.kit import base45
from kaimen.kit.keys import SigningKey
from kaimen.passes import issue, issue_to_phone, show
from kaimen_gate.tests.health_certificates import NOW, Country, claims, code, country, message
from kaimen_gate.verify import answers

PART = "passes"
ROUNDS = 500
_EACH = 1_000
_GROWTH = 8 * 2**20  # bytes: what a thousand answers may ever hold at once
_PIECES = (
    b"\x9f", b"\xbf", b"\x5f", b"\xff", b"\x81" * 40, b"\xd8\x1c", b"\xd8\x1d\x00", b"\xc2\x58\x40", b"\xc4\x82\x1b",
    b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff", b"\xbb\x7f\xff\xff\xff\xff\xff\xff\xff", b"\xf9\x7e\x00",
    b"\xd8\x23\x45(a+)+",
    b"\x5a\xff\xff\xff\xff", b"\xa2\x01\x00\x01\x00", b"\xd9\x01\x00\x82", b"\xf8\x18", b"\xa1\x80\x00",
)  # fmt: skip


def prove(seed: int) -> int:
    """One round."""
    chance = random.Random(seed)
    key, holder = SigningKey.generate(), SigningKey.generate()
    by = [country(), country(key=key._key)]
    token = issue_to_phone(key, chance.getrandbits(32), NOW + timedelta(days=3), holder.public)
    good = [code(by[0]), issue(key, chance.getrandbits(32), NOW + timedelta(days=3)), show(token, holder, NOW)]
    said = [_answer(one, by) for one in good]
    assert all(one["verdict"] == "valid" for one in said)
    tracemalloc.start()
    try:
        for _ in range(_EACH):
            which = chance.randrange(len(good))
            shown = _spoiled(good[which], chance)
            answer = _answer(shown, by)
            same = answer["verdict"] == "valid" and answer["payload"] != said[which]["payload"]
            assert not same, f"a code nobody signed is valid: {shown!r}"
            if chance.random() < 0.1:
                _answer(_signed_nonsense(by[0], chance), by)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < _GROWTH, f"{peak:,} bytes at once"
    return _EACH + len(good)


def _answer(shown: str, by: list[Country]) -> dict[str, Any]:
    line = {"id": 1, "code": shown, "certificates": [one.text for one in by], "at": NOW.isoformat()}
    (answer,) = answers(io.BytesIO(json.dumps(line).encode()))
    said: dict[str, Any] = json.loads(answer)
    return said


def _spoiled(good: str, chance: random.Random) -> str:
    """A good code with something wrong in its text, in its compressed bytes, or in what is signed."""
    prefix, raw = good[:4], base45.decode(good[4:])
    packed = prefix == "HC1:"
    match chance.randrange(4):
        case 0:
            place = chance.randrange(len(good))
            return (
                good[:place] + chance.choice(("", "0", ":", "码", "\x00", good)) + good[place + chance.randrange(2) :]
            )
        case 1:
            return prefix + base45.encode(_mutated(raw, chance))
        case 2 if packed:
            size = chance.choice((20_000, 1_000_000))
            return prefix + base45.encode(zlib.compress(chance.choice(_PIECES) * (size // 8), 9))
    inner = _mutated(zlib.decompress(raw) if packed else raw, chance)
    return prefix + base45.encode(zlib.compress(inner) if packed else inner)


def _mutated(data: bytes, chance: random.Random) -> bytes:
    raw = bytearray(data)
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(raw) + 1)
        match chance.randrange(4):
            case 0:
                raw[at : at + 1] = chance.randbytes(1)
            case 1:
                del raw[at : at + chance.randint(1, 40)]
            case 2:
                raw[at:at] = chance.choice(_PIECES)
            case 3:
                raw[at:at] = raw[: chance.randint(1, 40)]
    return bytes(raw)


def _signed_nonsense(by: Country, chance: random.Random) -> str:
    """A signature that holds, over claims that nobody should have signed."""
    payload = _mutated(cbor2.dumps(claims()), chance)
    return "HC1:" + base45.encode(zlib.compress(cbor2.dumps(message(by, payload))))
