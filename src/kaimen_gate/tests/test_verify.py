"""`kaimen-gate verify`: each code answered step by step; nothing that comes in stops it or makes it grow."""

import base64
import io
import json
import zlib
from datetime import datetime, timedelta
from typing import Any

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from kaimen.kit import base45
from kaimen.kit.keys import SigningKey
from kaimen.passes import issue, issue_to_phone, show
from kaimen_gate import command, hc1
from kaimen_gate.tests.health_certificates import (
    ARC,
    NOW,
    PERSON,
    Country,
    claims,
    code,
    country,
    message,
    wrapped,
)
from kaimen_gate.verify import CERTIFICATES, LONGEST, answers

XX, OTHER = country(), country()
STEPS = ["unprefix", "base45", "inflate", "decode", "verify", "key_usage", "expiry"]
GOOD = code(XX)
TEST: Any = {1: PERSON | {"t": [{}]}}
RECOVERY: Any = {1: PERSON | {"r": [{}]}}


def ask(text: str, *signers: Country, at: datetime = NOW, **others: Any) -> dict[str, Any]:
    """The answer to one code."""
    line = {"id": 1, "code": text, "certificates": [one.text for one in signers], "at": at.isoformat()} | others
    (answer,) = answers(io.BytesIO(json.dumps(line).encode()))
    said: dict[str, Any] = json.loads(answer)
    assert list(said) == ["id", "verdict", "reason", "checks", "payload"]
    assert list(said["checks"]) == STEPS
    assert (said["verdict"] == "valid") == (said["reason"] == "valid") == all(said["checks"].values())
    return said


def failed(text: str, *signers: Country, at: datetime = NOW) -> tuple[str, str]:
    """Why a code is invalid, and the first step that it failed."""
    said = ask(text, *signers, at=at)
    return said["reason"], next(step for step in STEPS if not said["checks"][step])


def test_a_good_certificate_is_valid_and_says_its_claims() -> None:
    said = ask(GOOD, OTHER, XX)
    assert said["verdict"] == "valid"
    assert said["payload"]["1"] == "XX"
    assert said["payload"]["-260"]["1"]["v"] == [{"dn": 2, "sd": 2}]


@pytest.mark.parametrize("bits", [2048, 3072])
def test_an_rsa_key_signs_as_well(bits: int) -> None:
    by = country(key=rsa.generate_private_key(65537, bits))
    assert ask(code(by), by)["verdict"] == "valid"
    assert failed(code(by, protected={1: -7, 4: by.key_id}), by) == ("altered", "verify")


@pytest.mark.parametrize("tags", [(), (18,), (61, 18), (61,)])
def test_the_tags_may_stand_there_or_not(tags: tuple[int, ...]) -> None:
    value: Any = message(XX, cbor2.dumps(claims()))
    for tag in reversed(tags):
        value = cbor2.CBORTag(tag, value)
    assert ask(wrapped(cbor2.dumps(value)), XX)["verdict"] == "valid"


def test_the_protected_key_id_counts_before_the_unprotected() -> None:
    right, wrong = {4: XX.key_id}, {4: b"foo"}
    assert ask(code(XX, protected={1: -7}, unprotected=right), XX)["verdict"] == "valid"
    assert ask(code(XX, protected={}, unprotected={1: -7} | right), XX)["verdict"] == "valid"
    assert ask(code(XX, protected={1: -7} | right, unprotected=wrong), XX)["verdict"] == "valid"
    assert failed(code(XX, protected={1: -7} | wrong, unprotected=right), XX) == ("unknown-key", "verify")
    assert failed(code(XX, protected={1: -7}), XX) == ("unknown-key", "verify")


def test_a_certificate_nobody_gave_and_a_signature_that_fails_are_told_apart() -> None:
    assert failed(GOOD, OTHER) == ("unknown-key", "verify")
    assert failed(GOOD) == ("unknown-key", "verify")
    forged = cbor2.dumps([*message(XX, cbor2.dumps(claims()))[:3], b"x" * 64])
    assert failed(wrapped(forged), XX) == ("altered", "verify")
    assert ask(wrapped(forged), XX)["payload"] is None
    short = cbor2.dumps([*message(XX, cbor2.dumps(claims()))[:3], b"xyz"])
    assert failed(wrapped(short), XX) == ("altered", "verify")


@pytest.mark.parametrize("algorithm", [-8, -35, -257, 5, "ES256", None, True, [], 2**63])
def test_another_algorithm_is_refused(algorithm: object) -> None:
    assert failed(code(XX, protected={1: algorithm, 4: XX.key_id}), XX) == ("unknown-algorithm", "verify")


@pytest.mark.parametrize("arc", [ARC, "1.3.6.1.4.1.0.1847.2021.1."])
@pytest.mark.parametrize(
    ("usage", "hcert", "may"),
    [("1", TEST, True), ("1", RECOVERY, False), ("2", None, True), ("2", TEST, False), ("3", RECOVERY, True),
     ("3", None, False)],
)  # fmt: skip
def test_a_key_signs_what_its_certificate_allows(arc: str, usage: str, hcert: object, may: bool) -> None:
    by = country((arc + usage, "1.3.6.1.5.5.7.3.2"))
    text = code(by, claims(hcert))
    if may:
        assert ask(text, by)["verdict"] == "valid"
    else:
        assert failed(text, by) == ("key-usage", "key_usage")
        assert ask(text, by)["checks"]["verify"]


def test_a_certificate_that_names_none_of_these_usages_signs_all() -> None:
    by = country(("1.3.6.1.5.5.7.3.2",))
    assert ask(code(by), by)["verdict"] == "valid"


def test_time_is_asked_of_the_code_and_of_its_signer() -> None:
    days = timedelta(days=1)
    assert failed(GOOD, XX, at=NOW - 6 * days) == ("not-yet", "expiry")
    assert ask(GOOD, XX, at=NOW - 5 * days)["verdict"] == "valid"
    assert failed(GOOD, XX, at=NOW + 5 * days) == ("expired", "expiry")
    long = code(XX, claims(_4=int((NOW + 99 * days).timestamp()), _6=()))
    assert ask(long, XX, at=NOW + 10 * days)["verdict"] == "valid"
    assert failed(long, XX, at=NOW + 10 * days + timedelta(seconds=1)) == ("key-not-in-force", "expiry")
    assert failed(long, XX, at=NOW - 11 * days) == ("key-not-in-force", "expiry")
    endless = code(XX, claims(_4=()))
    assert failed(endless, XX, at=NOW + 11 * days) == ("key-not-in-force", "expiry")


def test_what_an_expired_certificate_said_is_told_all_the_same() -> None:
    assert ask(GOOD, XX, at=NOW + timedelta(days=6))["payload"]["1"] == "XX"


@pytest.mark.parametrize("text", ["", "HC1", "HL1:" + GOOD[4:], GOOD[4:], "hc1:" + GOOD[4:], " " + GOOD, "KM2:00"])
def test_what_begins_otherwise_is_no_code(text: str) -> None:
    assert failed(text, XX) == ("not-a-pass", "unprefix")


@pytest.mark.parametrize("text", [GOOD + "é", GOOD[:9] + "\n" + GOOD[9:], "HC1:::::", "HC1:" + "0" * 4296, GOOD[:5]])
def test_what_is_no_base45_or_longer_than_any_code_is_refused(text: str) -> None:
    assert failed(text, XX) == ("not-a-pass", "base45")


def deflated(data: bytes) -> str:
    """Any bytes in base45."""
    return "HC1:" + base45.encode(data)


def test_what_does_not_inflate_to_its_end_is_refused() -> None:
    good = zlib.compress(b"x" * 100)
    assert failed(deflated(b""), XX) == ("altered", "inflate")
    assert failed(deflated(good[:-1]), XX) == ("altered", "inflate")
    assert failed(deflated(good + b"\x00"), XX) == ("trailing-bytes", "inflate")
    assert failed(deflated(b"not compressed"), XX) == ("altered", "inflate")


def test_a_bomb_is_put_out_at_its_limit() -> None:
    assert failed(deflated(zlib.compress(bytes(2_000_000), 9)), XX) == ("bomb", "inflate")
    assert failed(deflated(zlib.compress(bytes(hc1.INFLATED))), XX) == ("altered", "decode")


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\x81" * 16_000, b"\x9f" * 16_000, b"\xd8\x1c" * 8_000, b"\x00", b"\x84\x40\xa0\x40",
        cbor2.dumps([b"", {}, b"", b""]), cbor2.dumps([b"\xa0", {}, b"\xa0", b"", 1]),
        cbor2.dumps({1: 2}), cbor2.dumps([{}, {}, {}, {}]), cbor2.dumps([b"\x01", {}, b"\xa0", b""]),
        cbor2.dumps(cbor2.CBORTag(17, [b"", {}, cbor2.dumps({}), b""])),
        cbor2.dumps([b"", {}, cbor2.dumps({}), b""]) + b"\x00", b"\xc2\x59\x3e\x80" + b"\xff" * 16_000,
        b"\x84\x40\xa2\x01\x26\x01\x26\x41\xa0\x40",
    ],
)  # fmt: skip
def test_what_is_no_cose_is_refused(data: bytes) -> None:
    assert failed(wrapped(data), XX) == ("altered", "decode")


def test_shared_references_that_double_at_every_level_cost_nothing() -> None:
    laugh = b"\x80"
    for level in reversed(range(100)):
        laugh = b"\x82\xd8\x1c" + laugh + b"\xd8\x1d\x18" + bytes([level])
    assert failed(wrapped(laugh), XX) == ("altered", "decode")


@pytest.mark.parametrize(
    "said",
    [
        {}, [], 7, "x", {-260: None}, {-260: {}}, {-260: []}, {-260: {1: []}}, {-260: {1: b"x"}},
        claims(_4="2021"), claims(_4=True), claims(_4=-1), claims(_4=2**60), claims(_6=2**64 - 1), claims(_1=7),
        claims() | {2**70: 1}, claims() | {"1": "one key for two"}, claims() | {5: float("nan")},
    ],
)  # fmt: skip
def test_claims_of_other_types_are_refused_though_the_signature_holds(said: Any) -> None:
    assert failed(code(XX, said), XX) == ("altered", "decode")


def test_tags_and_bytes_inside_the_claims_are_shown_plainly() -> None:
    said = claims() | {9: b"\x01\x02", 10: cbor2.CBORTag(999, "x"), 11: [1.5, None]}
    payload = ask(code(XX, said), XX)["payload"]
    assert (payload["9"], payload["10"], payload["11"]) == ("AQI=", "x", [1.5, None])


def km1(key: SigningKey) -> Country:
    """A certificate over the key of an issuer of ours."""
    return country(key=key._key)


def test_a_pass_of_ours_is_verified_with_a_certificate_of_its_issuers_key() -> None:
    key = SigningKey.generate()
    text = issue(key, 4711, NOW + timedelta(days=99))
    said = ask(text, OTHER, km1(key))
    assert said["verdict"] == "valid"
    assert said["payload"] == {
        "index": 4711,
        "expires": (NOW + timedelta(days=99)).isoformat(),
        "key_id": key.public.key_id.hex(),
        "shown": None,
    }
    assert failed(text, OTHER) == ("unknown-key", "verify")
    assert failed(text, km1(key), at=NOW + timedelta(days=11)) == ("key-not-in-force", "expiry")
    assert failed(text + "000", km1(key)) == ("trailing-bytes", "decode")
    assert failed(text[:40] + ("0" if text[40] != "0" else "1") + text[41:], km1(key))[1] in {"verify", "decode"}
    assert failed("KM1:é", km1(key)) == ("not-a-pass", "base45")
    assert failed("KM1:" + "0" * 4000, km1(key)) == ("not-a-pass", "base45")


def test_a_phones_code_goes_stale() -> None:
    key, holder = SigningKey.generate(), SigningKey.generate()
    text = show(issue_to_phone(key, 9, NOW + timedelta(days=1), holder.public), holder, NOW)
    assert ask(text, km1(key))["payload"]["shown"] == NOW.isoformat()
    assert failed(text, km1(key), at=NOW + timedelta(seconds=61)) == ("stale", "expiry")


def test_a_bare_public_key_is_always_in_force() -> None:
    key = SigningKey.generate()
    der = key._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    text = issue(key, 5, NOW + timedelta(days=999))
    other = ed25519.Ed25519PrivateKey.generate().public_key()
    ed = other.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    certificates = [base64.b64encode(one).decode() for one in (b"", b"junk", ed, der)]
    assert ask(text, at=NOW + timedelta(days=500), certificates=certificates)["verdict"] == "valid"


def test_certificates_that_cannot_be_used_are_left_out() -> None:
    curve = country(key=ec.generate_private_key(ec.SECP384R1()))
    small = country(key=rsa.generate_private_key(65537, 1024))
    junk = ["", "ä", "!!!!", base64.b64encode(b"0" * 20_000).decode(), curve.text, small.text]
    assert ask(GOOD, certificates=[*junk, XX.text])["verdict"] == "valid"
    assert failed(code(curve), curve) == ("unknown-key", "verify")
    assert failed(code(small), small) == ("unknown-key", "verify")


@pytest.mark.parametrize(
    "line",
    [
        b"x", b"[]", b"{}", b"null", b"[" * 100_000, b"1" * 5_000, b'{"code": 1, "at": "2021-06-01T00:00:00Z"}',
        b'{"code": "HC1:", "at": "2021-06-01T00:00:00"}', b'{"code": "HC1:", "at": "soon"}', b'{"code": "HC1:"}',
        b'{"code": "", "at": "2021-06-01T00:00:00Z", "certificates": "x"}',
        b'{"code": "", "at": "0001-01-01T00:00:00+23:59"}', b'{"code": "", "at": "9999-12-31T23:59:59-23:59"}',
        b'{"code": "", "at": "2021-06-01T00:00:00Z", "certificates": [1]}', b"\xff\xfe", b"x" * (LONGEST + 10),
        b'{"code": "", "at": "2021-06-01T00:00:00Z", "certificates": [' + b'"",' * CERTIFICATES + b'""]}',
    ],
    ids=range(17),
)  # fmt: skip
def test_a_line_that_asks_nothing_is_answered_and_the_next_one_read(line: bytes) -> None:
    good = json.dumps({"id": "b", "code": GOOD, "certificates": [XX.text], "at": "2021-06-01T00:00:00Z"}).encode()
    said = [json.loads(answer) for answer in answers(io.BytesIO(line + b"\n\n" + good))]
    assert [one["reason"] for one in said] == ["not-a-line", "valid"]


def test_an_id_comes_back_as_it_was_and_a_strange_one_not() -> None:
    assert ask(GOOD, XX, id="\ud800号")["id"] == "\ud800号"
    assert ask(GOOD, XX, id={"deep": []})["id"] is None


@given(st.text() | st.text(alphabet="0123456789ABCDEF $%*+-./:", max_size=300).map(lambda text: "HC1:" + text))
def test_no_text_gets_anything_but_an_answer(text: str) -> None:
    assert ask(text, XX)["verdict"] == "invalid"


@given(st.binary(max_size=400))
def test_no_bytes_inside_get_anything_but_an_answer(data: bytes) -> None:
    assert failed(wrapped(data), XX)[1] == "decode"


VALUES: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.binary(max_size=70) | st.floats(),
    lambda below: st.lists(below, max_size=4) | st.dictionaries(st.integers(-260, 9) | st.text(max_size=3), below)
    | st.builds(cbor2.CBORTag, st.integers(0, 300), below),
    max_leaves=12,
)  # fmt: skip


@given(st.lists(VALUES, min_size=4, max_size=4))
def test_no_values_where_headers_and_claims_belong_get_anything_but_an_answer(parts: list[Any]) -> None:
    assert ask(wrapped(cbor2.dumps(parts)), XX)["verdict"] == "invalid"


@given(VALUES, VALUES, VALUES)
def test_no_signed_values_get_anything_but_an_answer(payload: Any, algorithm: Any, key_id: Any) -> None:
    ask(code(XX, payload, protected={1: algorithm, 4: key_id}), XX)
    ask(code(XX, claims() | {-260: {1: payload}, 4: algorithm}), XX)


def test_the_command_answers_line_by_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    line = json.dumps({"id": "a", "code": GOOD, "certificates": [XX.text], "at": NOW.isoformat()})
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(f"{line}\n{line}".encode())))
    assert command.main(["verify", "--jsonl"]) == 0
    assert [json.loads(one)["verdict"] for one in capsys.readouterr().out.splitlines()] == ["valid", "valid"]
    assert command.main(["verify", "--jsonl", "--fresh", "nan"]) == 1
