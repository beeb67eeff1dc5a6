"""The credential: a CWT (RFC 8392) that carries when it ends and its index in the status list, and no more.

Two forms, both `KM1:` + base45 + COSE_Sign1 (RFC 9052). A *card* is 97 bytes, a QR code of version 6, and good for as
long as it lasts. A *phone code* is 210 bytes, version 11: the token names the phone's key as well (`cnf`, RFC 8747),
and behind it stand a moment and the phone's signature, made offline a second ago; a screenshot is worth nothing after
a minute. No name, no colour, no health data. Deterministic CBOR gives every byte its place, so a pass is read by its
layout: what stands elsewhere, is encoded otherwise or comes on top is no pass, and nobody's CBOR decoder stands before
the signature. docs/reference/pass.md has every byte.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from struct import Struct

import cbor2

from kaimen.kit import base45, canonical
from kaimen.kit.keys import NotAKey, PublicKey, SigningKey
from kaimen.passes.cbor import NotCbor, Tagged, read_first, read_whole
from kaimen.passes.issuers import EdKey, IssuerKey
from kaimen.passes.refusals import BadPass, Reading

PREFIX = "KM1:"
CARD, TOKEN, PHONE = 97, 142, 210  # bytes of a card, of a phone's token, of that with moment and signature
FRESH = timedelta(seconds=60)  # how long what a phone signed is good
AHEAD = timedelta(seconds=30)  # how far a phone's clock may run before the gate's

_LONGEST = len(PREFIX) + 384  # characters, 256 bytes: enough to tell a pass with something behind it
_CARD = Struct(">2s 6s 8s 5s I 2s I 2s 32s 32s")
_PHONE = Struct(">1s 6s 8s 6s I 2s I 11s 32s 2s 2s 32s 32s I 64s")
_ES256 = bytes.fromhex("4d a2 01 26 04 48")  # protected {1 (alg): -7, 4 (kid): 8 bytes}
_EDDSA = bytes.fromhex("4d a2 01 27 04 48")  # the same, alg -8: read, never issued
_KIND: dict[bytes, type] = {_ES256: PublicKey, _EDDSA: EdKey}
_ON_CARD = (
    bytes.fromhex("d2 84"),  # tag 18, list of four
    bytes.fromhex("a0 4d a2 04 1a"),  # nothing unprotected; payload {4 (exp): four bytes,
    bytes.fromhex("07 44"),  # 7 (cti): four bytes}
    bytes.fromhex("58 40"),  # 64 bytes
)
_ON_PHONE = (
    bytes.fromhex("84"),  # the tag goes without saying: its byte is the difference between 210 and 211
    bytes.fromhex("a0 58 3a a3 04 1a"),
    bytes.fromhex("07 44"),
    bytes.fromhex("08 a1 01 a4 01 02 20 01 21 58 20"),  # 8 (cnf): {1: {1: 2 (EC2), -1: 1 (P-256), -2: 32 bytes,
    bytes.fromhex("58 40"),
)
_SIGN = {b"\x02": bytes.fromhex("22 f4"), b"\x03": bytes.fromhex("22 f5")}  # -3: whether y is odd}}
_POINT = {sign: point for point, sign in _SIGN.items()}
_SIGNED_AS = b"\x84\x6aSignature1"  # Sig_structure: ["Signature1", protected, h'', payload]
_NOTHING = b"\x40"
_SHOWN_AS = b"kaimen holder 1\0"  # what a phone signs begins with this, so that it is nothing else

_SECONDS = range(2**16, 2**32)  # what CBOR writes in four bytes: from the second day of 1970 into 2106
_INDEXES = range(2**32)
# ECDSA has a second signature for every one it makes, (r, n − s). Only the one with the smaller s counts, so that
# nobody can turn a pass into another text that opens the same door.
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_LARGEST_S = (_ORDER // 2).to_bytes(32)

Keys = Mapping[bytes, IssuerKey]


def issue(key: SigningKey, index: int, expires: datetime) -> str:
    """The code of pass `index` for a card, good until `expires` (aware; whole seconds). Raises ValueError."""
    seconds = _seconds(index, expires)
    head, claims, before_index, before_signature = _ON_CARD
    unsigned = head + _ES256 + key.public.key_id + claims + seconds + before_index + index.to_bytes(4)
    return PREFIX + base45.encode(unsigned + before_signature + _low(key.sign(_on_card(unsigned))))


def issue_to_phone(key: SigningKey, index: int, expires: datetime, holder: PublicKey) -> bytes:
    """The token of pass `index` for the phone that holds the other half of `holder`: 142 bytes that it keeps.

    They open nothing until the phone has signed a moment (`show`). Raises ValueError.
    """
    seconds = _seconds(index, expires)
    head, claims, before_index, before_holder, before_signature = _ON_PHONE
    unsigned = head + _ES256 + key.public.key_id + claims + seconds + before_index + index.to_bytes(4)
    unsigned += before_holder + holder.raw[1:] + _SIGN[holder.raw[:1]]
    return unsigned + before_signature + _low(key.sign(_on_phone(unsigned)))


def show(token: bytes, holder: SigningKey, at: datetime) -> str:
    """The code a phone shows at the time `at`: its token, that moment, its signature over both."""
    signed = token + int(at.timestamp()).to_bytes(4)
    return PREFIX + base45.encode(signed + _low(holder.sign(_SHOWN_AS + signed)))


def read(code: str, keys: Keys, at: datetime, fresh: timedelta = FRESH, ahead: timedelta = AHEAD) -> Reading:
    """What `code` says at the time `at`, if one of `keys` (by key id) signed it.

    A phone's code counts for `fresh` after its moment, and `ahead` before it: clocks differ. Raises BadPass for
    everything else, whatever `code` is. Cheap checks come first, signatures next, then all that has to do with time.
    """
    data = _unwrapped(code)
    if len(data) == CARD:
        reading, key = _card(data, keys)
    elif len(data) == PHONE:
        reading, key = _phone(data, keys)
    else:
        raise _no_pass(data)
    if not key.in_force(at):
        raise BadPass("key-not-in-force", "in-force", reading)
    if at >= reading.expires:
        raise BadPass("expired", "expiry", reading)
    if reading.shown is not None and at - reading.shown > fresh:
        raise BadPass("stale", "moment", reading)
    if reading.shown is not None and reading.shown - at > ahead:
        raise BadPass("ahead", "moment", reading)
    return reading


def _unwrapped(code: str) -> bytes:
    if not code.startswith(PREFIX):
        raise BadPass("not-a-pass", "prefix")
    if len(code) > _LONGEST:
        raise BadPass("not-a-pass", "size")
    try:
        return base45.decode(code[len(PREFIX) :])
    except base45.NotBase45 as error:
        raise BadPass("not-a-pass", "base45") from error


def _card(data: bytes, keys: Keys) -> tuple[Reading, IssuerKey]:
    head, algorithm, key_id, claims, seconds, before_index, index, before_signature, r, s = _CARD.unpack(data)
    if (head, claims, before_index, before_signature) != _ON_CARD or seconds not in _SECONDS:
        raise _no_pass(data)
    key = _issuer(data, algorithm, key_id, keys)
    _check(key.public, r, s, _on_card(data))
    return Reading(index, datetime.fromtimestamp(seconds, UTC), key_id), key


def _phone(data: bytes, keys: Keys) -> tuple[Reading, IssuerKey]:
    (
        head, algorithm, key_id, claims, seconds, before_index, index, before_holder, x, sign, before_signature,
        r, s, moment, shown,
    ) = _PHONE.unpack(data)  # fmt: skip
    marks = (head, claims, before_index, before_holder, before_signature)
    if marks != _ON_PHONE or sign not in _POINT or seconds not in _SECONDS:
        raise _no_pass(data)
    key = _issuer(data, algorithm, key_id, keys)
    _check(key.public, r, s, _on_phone(data))
    try:
        holder = PublicKey.from_raw(_POINT[sign] + x)
    except NotAKey as error:
        raise BadPass("not-holder", "holder") from error
    if shown[32:] > _LARGEST_S or not holder.verifies(shown, _SHOWN_AS + data[: TOKEN + 4]):
        raise BadPass("not-holder", "holder")
    ends, when = datetime.fromtimestamp(seconds, UTC), datetime.fromtimestamp(moment, UTC)
    return Reading(index, ends, key_id, when), key


def _issuer(data: bytes, algorithm: bytes, key_id: bytes, keys: Keys) -> IssuerKey:
    kind = _KIND.get(algorithm)
    if kind is None:
        raise _no_pass(data)
    key = keys.get(key_id)
    if key is None or type(key.public) is not kind:
        raise BadPass("unknown-key", "key")
    return key


def _check(key: PublicKey | EdKey, r: bytes, s: bytes, message: bytes) -> None:
    """Raises BadPass when the signature does not hold, or is the mirror image of one that does."""
    if s > _LARGEST_S and isinstance(key, PublicKey):
        mirrored = (_ORDER - int.from_bytes(s)) % _ORDER
        rewritten = key.verifies(r + mirrored.to_bytes(32), message)
        raise BadPass("rewritten" if rewritten else "altered", "signature")
    if not key.verifies(r + s, message):
        raise BadPass("altered", "signature")


def _on_card(data: bytes) -> bytes:
    return _SIGNED_AS + data[2:16] + _NOTHING + data[17:31]


def _on_phone(data: bytes) -> bytes:
    return _SIGNED_AS + data[1:15] + _NOTHING + data[16:76]


def _low(signature: bytes) -> bytes:
    s = int.from_bytes(signature[32:])
    return signature[:32] + min(s, _ORDER - s).to_bytes(32)


def _seconds(index: int, expires: datetime) -> bytes:
    if expires.tzinfo is None:
        raise ValueError("a pass ends at an aware datetime; add a zone, for example datetime(..., tzinfo=UTC)")
    seconds = int(expires.timestamp())
    if index not in _INDEXES or seconds not in _SECONDS:
        raise ValueError(f"a pass has an index below 2³² and ends between 1970-01-02 and 2106, not {index}, {expires}")
    return seconds.to_bytes(4)


def _no_pass(data: bytes) -> BadPass:
    """Tell what was cut, lengthened or encoded in another way from a token that is not a pass of ours."""
    tagged = data[:1] == _ON_CARD[0][:1]
    if not tagged and data[:1] != _ON_PHONE[0]:
        return BadPass("not-a-pass", "structure")
    try:
        token, end = read_first(data)
        parts = token.value if isinstance(token, Tagged) else token
        inner = parts[2] if isinstance(parts, list) and len(parts) == 4 else None
        payload = read_whole(inner) if isinstance(inner, bytes) else None
    except NotCbor:
        return BadPass("altered", "decode")
    if len(data) > end + (0 if tagged else PHONE - TOKEN):
        return BadPass("trailing-bytes", "decode")
    if _is_another(parts, data[tagged:end]) or (isinstance(inner, bytes) and _is_another(payload, inner)):
        return BadPass("rewritten", "decode")
    return BadPass("not-a-pass", "structure")


def _is_another(value: object, data: bytes) -> bool:
    """Whether `data` is another encoding of `value` than the one that counts."""
    try:
        return canonical.encode(value) != data
    except cbor2.CBORError:  # a tag: no pass has one inside
        return False
