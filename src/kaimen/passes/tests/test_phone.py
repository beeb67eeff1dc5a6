"""The phone's code: bound to the phone's key, fresh for a minute; and keys that follow one another."""

from datetime import UTC, datetime, timedelta

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from kaimen.kit import base45
from kaimen.kit.keys import SigningKey
from kaimen.passes import (
    AHEAD,
    FRESH,
    BadPass,
    EdKey,
    IssuerKey,
    Reading,
    issue,
    issue_to_phone,
    keyring,
    qr_svg,
    read,
    show,
)
from kaimen.passes.credential import PHONE, PREFIX, TOKEN, Keys
from kaimen.passes.qr import _drawn

KEY, HOLDER, THIEF = SigningKey.generate(), SigningKey.generate(), SigningKey.generate()
KEYS = keyring(KEY.public)
NOW = datetime(2020, 3, 16, tzinfo=UTC)
LATER = NOW + timedelta(days=30)
PASS = issue_to_phone(KEY, 4711, LATER, HOLDER.public)
CODE = show(PASS, HOLDER, NOW)
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def refusal(code: str, at: datetime = NOW, keys: Keys = KEYS) -> tuple[str, str]:
    """Why, and which check found it."""
    with pytest.raises(BadPass) as refused:
        read(code, keys, at)
    return refused.value.reason, refused.value.check


def wrapped(data: bytes) -> str:
    """Bytes as a code."""
    return PREFIX + base45.encode(data)


def data_of(code: str) -> bytes:
    """The bytes inside a code."""
    return base45.decode(code.removeprefix(PREFIX))


def test_a_phone_shows_its_pass_and_when_it_signed() -> None:
    assert read(CODE, KEYS, NOW) == Reading(4711, LATER, KEY.public.key_id, NOW)


@given(st.integers(0, 2**32 - 1))
def test_a_phone_code_takes_210_bytes_and_version_11(index: int) -> None:
    holder = SigningKey.generate()
    code = show(issue_to_phone(KEY, index, LATER, holder.public), holder, NOW)
    assert len(data_of(code)) == PHONE == 210
    assert _drawn(code, "M", 11).version == 11
    assert qr_svg(code)
    assert read(code, KEYS, NOW).index == index


def test_an_independent_reader_of_cose_finds_the_phones_key_where_rfc_8747_puts_it() -> None:
    protected, unprotected, payload, _ = cbor2.loads(PASS)
    assert cbor2.loads(protected) == {1: -7, 4: KEY.public.key_id}
    assert unprotected == {}
    point = HOLDER.public.raw
    cose_key = {1: 2, -1: 1, -2: point[1:], -3: point[0] == 3}
    assert cbor2.loads(payload) == {4: int(LATER.timestamp()), 7: (4711).to_bytes(4), 8: {1: cose_key}}


def test_a_screenshot_is_worth_nothing_after_a_minute() -> None:
    assert read(CODE, KEYS, NOW + FRESH).index == 4711
    assert refusal(CODE, NOW + FRESH + timedelta(seconds=1)) == ("stale", "moment")
    assert read(CODE, KEYS, NOW + timedelta(minutes=5), fresh=timedelta(minutes=5)).index == 4711


def test_a_phone_cannot_sign_for_later() -> None:
    assert read(CODE, KEYS, NOW - AHEAD).index == 4711
    assert refusal(CODE, NOW - AHEAD - timedelta(seconds=1)) == ("ahead", "moment")


def test_what_a_stale_code_said_is_told_all_the_same() -> None:
    with pytest.raises(BadPass) as refused:
        read(CODE, KEYS, NOW + timedelta(hours=1))
    assert refused.value.reading == Reading(4711, LATER, KEY.public.key_id, NOW)


def test_another_phone_cannot_show_a_copied_pass() -> None:
    assert refusal(show(PASS, THIEF, NOW)) == ("not-holder", "holder")


def test_a_moment_put_over_an_old_signature_does_not_make_it_fresh() -> None:
    raw = data_of(CODE)
    later = raw[:TOKEN] + (int(NOW.timestamp()) + 600).to_bytes(4) + raw[TOKEN + 4 :]
    assert refusal(wrapped(later), NOW + timedelta(minutes=10)) == ("not-holder", "holder")


def test_a_signature_over_one_pass_shows_no_other_of_the_same_phone() -> None:
    other = issue_to_phone(KEY, 4712, LATER, HOLDER.public)
    assert refusal(wrapped(other + data_of(CODE)[TOKEN:])) == ("not-holder", "holder")


def test_the_token_alone_opens_nothing() -> None:
    assert refusal(wrapped(PASS)) == ("not-a-pass", "structure")
    assert refusal(wrapped(b"\xd2" + PASS)) == ("not-a-pass", "structure")


def test_bytes_behind_a_phones_code_are_refused() -> None:
    assert refusal(wrapped(data_of(CODE) + b"\x00")) == ("trailing-bytes", "decode")


def test_the_second_form_of_either_signature_is_refused() -> None:
    raw = data_of(CODE)
    issuers = raw[:110] + (ORDER - int.from_bytes(raw[110:142])).to_bytes(32) + raw[142:]
    assert refusal(wrapped(issuers)) == ("rewritten", "signature")
    holders = raw[:178] + (ORDER - int.from_bytes(raw[178:])).to_bytes(32)
    assert refusal(wrapped(holders)) == ("not-holder", "holder")


def test_a_key_that_is_no_point_of_the_curve_shows_nothing() -> None:
    raw = PASS[:76]
    x = raw.index(HOLDER.public.raw[1:])
    for byte in range(64):  # half of all numbers are no point
        unsigned = raw[:x] + bytes((byte,)) + raw[x + 1 :]
        message = cbor2.dumps(["Signature1", unsigned[2:15], b"", unsigned[18:76]])
        signature = KEY.sign(message)
        low = signature[:32] + min(s := int.from_bytes(signature[32:]), ORDER - s).to_bytes(32)
        assert refusal(wrapped(unsigned + b"\x58\x40" + low + raw[:68])) == ("not-holder", "holder")


@given(st.data())
def test_a_phones_code_with_one_bit_turned_is_refused(data: st.DataObject) -> None:
    raw = bytearray(data_of(CODE))
    bit = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[bit // 8] ^= 1 << bit % 8
    refusal(wrapped(bytes(raw)))


@given(st.binary(max_size=120))
def test_what_a_token_is_followed_by_opens_nothing_unless_the_phone_signed_it(behind: bytes) -> None:
    refusal(wrapped(PASS + behind))


def test_one_key_follows_another_without_a_gap() -> None:
    old, new = SigningKey.generate(), SigningKey.generate()
    turn = NOW + timedelta(days=10)
    keys = keyring(IssuerKey(old.public, ends=LATER), IssuerKey(new.public, begins=turn))
    by_old, by_new = issue(old, 1, LATER + timedelta(days=9)), issue(new, 2, LATER + timedelta(days=9))
    assert read(by_old, keys, turn).index == 1
    assert read(by_new, keys, turn).index == 2
    assert refusal(by_new, turn - timedelta(seconds=1), keys) == ("key-not-in-force", "in-force")
    assert refusal(by_old, LATER, keys) == ("key-not-in-force", "in-force")
    assert refusal(by_old, NOW, keyring(new.public)) == ("unknown-key", "key")


def test_a_pass_of_an_ed25519_issuer_is_read_with_that_kind_of_key_only() -> None:
    private = Ed25519PrivateKey.generate()
    ed = EdKey.from_raw(private.public_key().public_bytes_raw())
    protected = cbor2.dumps({1: -8, 4: ed.key_id})
    payload = cbor2.dumps({4: int(LATER.timestamp()), 7: (8).to_bytes(4)})
    signature = private.sign(cbor2.dumps(["Signature1", protected, b"", payload]))
    code = wrapped(cbor2.dumps(cbor2.CBORTag(18, [protected, {}, payload, signature])))
    assert read(code, keyring(ed), NOW).index == 8
    assert refusal(code, keys={ed.key_id: IssuerKey(KEY.public)}) == ("unknown-key", "key")
    assert refusal(code[:-3] + "000", keys=keyring(ed))[0] in {"altered", "not-a-pass"}
