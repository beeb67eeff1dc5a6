"""A pass reads as it was issued; whatever was changed, cut, doubled or made up opens nothing."""

import random
from datetime import UTC, datetime, timedelta

from kaimen import passes
from kaimen.kit.keys import SigningKey
from kaimen.passes.credential import Keys

PART = "passes"
ROUNDS = 500
_EACH = 2_000
_DAY = datetime(2020, 3, 16, tzinfo=UTC)
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def prove(seed: int) -> int:
    """One round."""
    chance = random.Random(seed)
    key, stranger = SigningKey.generate(), SigningKey.generate()
    keys = passes.keyring(key.public)
    code = passes.issue(key, chance.getrandbits(32), _DAY + timedelta(days=30))
    reading = passes.read(code, keys, _DAY)
    assert _refusal(code, keys, reading.expires) == "expired"
    assert _refusal(passes.issue(stranger, reading.index, reading.expires), keys) == "unknown-key"
    for _ in range(_EACH):
        other = _changed(code, chance)
        assert other == code or _refusal(other, keys), f"a pass nobody issued opened: {other!r}"
    return _EACH + 3


def _changed(code: str, chance: random.Random) -> str:
    place = chance.randrange(len(code))
    match chance.randrange(6):
        case 0:
            return code[:place] + chance.choice(_ALPHABET) + code[place + 1 :]
        case 1:
            return code[:place] + code[place + 1 :]
        case 2:
            return code[:place] + chance.choice(_ALPHABET) + code[place:]
        case 3:
            other = chance.randrange(len(code))
            letters = list(code)
            letters[place], letters[other] = letters[other], letters[place]
            return "".join(letters)
        case 4:
            return code + code[: place + 1]
    return "".join(chance.choice(_ALPHABET + "\n码é\x00") for _ in range(chance.randint(0, 300)))


def _refusal(code: str, keys: Keys, at: datetime = _DAY) -> str | None:
    """Why the code opens nothing; None when it opens."""
    try:
        passes.read(code, keys, at)
    except passes.BadPass as refusal:
        return refusal.reason
    return None
