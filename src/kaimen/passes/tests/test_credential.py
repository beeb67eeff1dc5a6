"""The static credential: small, read by anybody's COSE, opened by one key, and safe against any text."""

from datetime import UTC, datetime, timedelta

import cbor2
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import given, settings
from hypothesis import strategies as st

from kaimen.kit import base45
from kaimen.kit.keys import SigningKey
from kaimen.passes import BadPass, IssuerKey, Reading, issue, keyring, read
from kaimen.passes.credential import CARD, PREFIX, Keys

KEY, STRANGER = SigningKey.generate(), SigningKey.generate()
KEYS = keyring(KEY.public)
NOW = datetime(2020, 3, 16, 0, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=30)
CODE = issue(KEY, 9_999_999, LATER)
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
PROTECTED = bytes.fromhex("a2 01 26 04 48") + KEY.public.key_id
CLAIMS = {4: int(LATER.timestamp()), 7: (9_999_999).to_bytes(4)}


def refusal(code: str, keys: Keys = KEYS, at: datetime = NOW) -> tuple[str, str]:
    """Why, and which check found it."""
    with pytest.raises(BadPass) as refused:
        read(code, keys, at)
    return refused.value.reason, refused.value.check


def token(code: str) -> bytes:
    """The bytes inside a code."""
    return base45.decode(code.removeprefix(PREFIX))


def wrapped(data: bytes) -> str:
    """Bytes as a code."""
    return PREFIX + base45.encode(data)


def signed(payload: bytes, protected: bytes = PROTECTED, unprotected: object = None) -> bytes:
    """A COSE_Sign1 of any content with a signature that holds, made without the code under test."""
    message = cbor2.dumps(["Signature1", protected, b"", payload])
    signature = KEY.sign(message)
    s = int.from_bytes(signature[32:])
    low = signature[:32] + min(s, ORDER - s).to_bytes(32)
    return cbor2.dumps(cbor2.CBORTag(18, [protected, {} if unprotected is None else unprotected, payload, low]))


def test_a_pass_says_its_index_its_end_and_whose_key_vouches_for_it() -> None:
    assert read(CODE, KEYS, NOW) == Reading(9_999_999, LATER, KEY.public.key_id)


@given(st.integers(0, 2**32 - 1), st.datetimes(datetime(1970, 1, 2), datetime(2106, 2, 6)))
@settings(max_examples=50)
def test_every_pass_fits_a_hundred_bytes_and_is_read_back_to_the_second(index: int, end: datetime) -> None:
    expires = end.replace(tzinfo=UTC)
    code = issue(KEY, index, expires)
    assert len(token(code)) == CARD <= 100
    reading = read(code, KEYS, datetime(1970, 1, 1, tzinfo=UTC))
    assert (reading.index, reading.expires) == (index, expires.replace(microsecond=0))


def test_an_independent_reader_of_cose_and_cwt_reads_the_same() -> None:
    tagged = cbor2.loads(token(CODE))
    assert tagged.tag == 18
    protected, unprotected, payload, signature = tagged.value
    assert cbor2.loads(protected) == {1: -7, 4: KEY.public.key_id}
    assert unprotected == {}
    assert cbor2.loads(payload) == {4: int(LATER.timestamp()), 7: (9_999_999).to_bytes(4)}
    der = encode_dss_signature(int.from_bytes(signature[:32]), int.from_bytes(signature[32:]))
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), KEY.public.raw)
    public.verify(der, cbor2.dumps(["Signature1", protected, b"", payload]), ec.ECDSA(hashes.SHA256()))


def test_a_pass_made_by_an_independent_writer_of_cose_is_read() -> None:
    assert read(wrapped(signed(cbor2.dumps(CLAIMS))), KEYS, NOW).index == 9_999_999


def test_a_pass_ends_at_its_second_and_says_what_it_read() -> None:
    assert read(CODE, KEYS, LATER - timedelta(microseconds=1)).index == 9_999_999
    with pytest.raises(BadPass) as refused:
        read(CODE, KEYS, LATER)
    assert (refused.value.reason, refused.value.check) == ("expired", "expiry")
    assert refused.value.reading == Reading(9_999_999, LATER, KEY.public.key_id)


def test_a_pass_of_another_district_is_told_from_a_forged_one() -> None:
    foreign = issue(STRANGER, 5, LATER)
    assert refusal(foreign) == ("unknown-key", "key")
    assert refusal(foreign, {STRANGER.public.key_id: IssuerKey(KEY.public)}) == ("altered", "signature")


@given(st.data())
def test_a_pass_with_one_bit_turned_is_refused(data: st.DataObject) -> None:
    raw = bytearray(token(CODE))
    bit = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[bit // 8] ^= 1 << bit % 8
    refusal(wrapped(bytes(raw)))


@given(st.integers(0, len(CODE)), st.characters(), st.booleans())
def test_a_code_with_one_character_put_in_or_changed_is_refused(at: int, character: str, put_in: bool) -> None:
    changed = CODE[:at] + character + CODE[at if put_in else at + 1 :]
    if changed != CODE:
        refusal(changed)


@given(st.integers(0, len(CODE) - 1))
def test_a_code_cut_short_is_refused(length: int) -> None:
    refusal(CODE[:length])


@given(st.text() | st.text().map(lambda text: PREFIX + text) | st.binary(max_size=120).map(wrapped))
@settings(max_examples=500)
def test_no_text_gets_anything_but_an_answer(code: str) -> None:
    refusal(code)


def test_nothing_and_ten_million_characters_are_refused_at_once() -> None:
    assert refusal(PREFIX) == ("not-a-pass", "structure")
    assert refusal(PREFIX + "0" * 10_000_000) == ("not-a-pass", "size")
    assert refusal("0" * 10_000_000) == ("not-a-pass", "prefix")


def test_bytes_behind_the_token_are_refused() -> None:
    assert refusal(wrapped(token(CODE) + b"\x00")) == ("trailing-bytes", "decode")
    assert refusal(wrapped(token(CODE) * 2)) == ("trailing-bytes", "decode")


def test_the_same_claims_in_another_encoding_are_refused_though_the_signature_holds() -> None:
    long_form = b"\xa2\x04\x1a" + int(LATER.timestamp()).to_bytes(4) + b"\x07\x58\x04" + (1).to_bytes(4)
    assert refusal(wrapped(signed(long_form))) == ("rewritten", "decode")


def test_the_second_form_of_a_signature_is_refused() -> None:
    raw = token(CODE)
    mirrored = raw[:-32] + (ORDER - int.from_bytes(raw[-32:])).to_bytes(32)
    assert refusal(wrapped(mirrored)) == ("rewritten", "signature")


@pytest.mark.parametrize(
    "claims",
    [
        {}, {4: 1}, {7: b"1234"}, {4: -1, 7: b"1234"}, {4: 2**32, 7: b"1234"}, {4: 1.5, 7: b"1234"},
        {4: True, 7: b"1234"}, {4: 1, 7: b"123"}, {4: 1, 7: "1234"}, {4: 1, 7: 1234}, {4: 1, 7: b"1234", 8: {}},
        [4, 1, 7, b"1234"], "x", None,
    ],
)  # fmt: skip
def test_claims_this_version_does_not_know_open_nothing_though_the_signature_holds(claims: object) -> None:
    assert refusal(wrapped(signed(cbor2.dumps(claims, canonical=True))))[0] == "not-a-pass"


@pytest.mark.parametrize(
    "protected",
    [
        b"", b"\xa0", cbor2.dumps({1: -7}), cbor2.dumps({1: -9, 4: KEY.public.key_id}),
        cbor2.dumps({1: -7, 4: KEY.public.key_id[:7]}), PROTECTED + b"\x00",
    ],
)  # fmt: skip
def test_another_algorithm_or_no_key_id_is_no_pass(protected: bytes) -> None:
    assert refusal(wrapped(signed(cbor2.dumps(CLAIMS), protected))) == ("not-a-pass", "structure")


def test_a_tag_inside_is_no_pass() -> None:
    assert refusal(wrapped(cbor2.dumps(cbor2.CBORTag(18, [b"", cbor2.CBORTag(2, b"1"), b"\xa0", b""])))) == (
        "not-a-pass",
        "structure",
    )


def test_nothing_may_stand_outside_the_signature() -> None:
    assert refusal(wrapped(signed(cbor2.dumps({4: 1}), unprotected={1: 2}))) == ("not-a-pass", "structure")


def test_a_token_without_its_tag_or_with_another_is_no_pass() -> None:
    assert refusal(wrapped(token(CODE)[1:])) == ("not-a-pass", "structure")
    assert refusal(wrapped(b"\xd1" + token(CODE)[1:])) == ("not-a-pass", "structure")


@pytest.mark.parametrize(
    ("index", "expires"),
    [
        (-1, LATER),
        (2**32, LATER),
        (1, datetime(2107, 1, 1, tzinfo=UTC)),
        (1, datetime(1970, 1, 1, 12, tzinfo=UTC)),
        (1, datetime(2020, 1, 1)),
    ],
)
def test_a_pass_that_could_not_be_read_back_is_not_issued(index: int, expires: datetime) -> None:
    with pytest.raises(ValueError, match="a pass"):
        issue(KEY, index, expires)
