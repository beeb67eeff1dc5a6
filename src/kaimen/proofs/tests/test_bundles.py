"""Bundles: one form, the same bytes each time, and whatever is damaged, cut or hidden is named."""

import io
import json
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaimen.kit import canonical
from kaimen.proofs import archive, bundles
from kaimen.proofs.archive import Archive, NotAnArchive
from kaimen.proofs.audit import audit
from kaimen.proofs.bundles import Bundle, BundleRefused, Header
from kaimen.proofs.notes import Note
from kaimen.proofs.tests.a_log import COURT, LOG, RULES, TRUST, UNIVERSITY, ALog, opened, packed

A_LOG = ALog()
AUDITORS, PUBLIC = packed(A_LOG.content()), packed(A_LOG.content(auditor=False))


def everything(data: bytes) -> None:
    """Read all there is."""
    audit(opened(data), TRUST)


def archived(*members: tuple[str, bytes]) -> bytes:
    """An archive of any members."""
    file = io.BytesIO()
    archive.write(file, [(name, [data]) for name, data in members])
    return file.getvalue()


def parts(data: bytes = AUDITORS) -> list[tuple[str, bytes]]:
    """The members of a bundle."""
    with zipfile.ZipFile(io.BytesIO(data)) as whole:
        return [(name, whole.read(name)) for name in whole.namelist()]


def test_a_bundle_is_read_back_as_it_was_written() -> None:
    bundle = opened(AUDITORS)
    assert list(bundle.leaves()) == A_LOG.leaves
    assert list(bundle.checkpoints()) == [Note.read(note) for note in A_LOG.notes]
    assert list(bundle.openings()) == A_LOG.openings
    assert list(bundle.objects()) == [RULES]
    keys = (str(LOG.verifier),), (str(COURT.verifier), str(UNIVERSITY.verifier))
    assert bundle.header == Header("auditor", *keys, checkpoints=4, leaves=13, openings=12, objects=1)


def test_the_public_bundle_has_no_openings_and_says_nothing_about_anybody() -> None:
    bundle = opened(PUBLIC)
    assert (bundle.header.kind, list(bundle.openings())) == ("public", [])
    assert b"person" in AUDITORS
    assert b"person" not in PUBLIC


def test_the_same_content_gives_the_same_bytes() -> None:
    assert packed(A_LOG.content()) == AUDITORS


def test_any_program_unpacks_a_bundle() -> None:
    with zipfile.ZipFile(io.BytesIO(AUDITORS)) as whole:
        assert whole.testzip() is None
        assert whole.namelist() == ["checkpoints", "leaves", "openings", "objects", "bundle.json"]
        assert json.loads(whole.read("bundle.json"))["leaves"] == 13


def test_a_record_too_long_to_be_read_again_is_not_written() -> None:
    content = bundles.Content((), (), (), [bytes(70_000)], None, ())
    with pytest.raises(ValueError, match="leaves 0: 70000 bytes"):
        bundles.write(io.BytesIO(), content)


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_any_changed_byte_is_found(data: st.DataObject) -> None:
    raw = bytearray(AUDITORS)
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(BundleRefused) as refused:
        everything(bytes(raw))
    assert refused.value.where
    assert len(str(refused.value)) < 400


@given(st.integers(0, len(AUDITORS) - 1))
@settings(max_examples=100, deadline=None)
def test_a_bundle_cut_anywhere_is_found(length: int) -> None:
    with pytest.raises(BundleRefused):
        everything(AUDITORS[:length])


@given(st.binary(min_size=1, max_size=50))
def test_bytes_before_or_behind_a_bundle_are_found(more: bytes) -> None:
    for data in (AUDITORS + more, more + AUDITORS):
        with pytest.raises(BundleRefused):
            everything(data)


def test_a_compressed_member_is_refused_before_it_is_unpacked() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bomb:
        for name, _data in parts():
            bomb.writestr(name, bytes(10_000_000))
    with pytest.raises(BundleRefused, match="not in the one form"):
        Bundle(file)


def test_a_zip_another_program_made_is_refused_even_when_it_holds_the_same() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as other:
        for name, data in parts():
            other.writestr(name, data)
    with pytest.raises(BundleRefused, match="not in the one form"):
        Bundle(file)


def test_a_name_that_stands_there_twice_is_refused() -> None:
    with pytest.raises(BundleRefused, match="leaves: a second time"):
        opened(archived(*parts(), ("leaves", b"")))


def test_members_that_do_not_belong_there_or_stand_in_another_order_are_refused() -> None:
    for members in (parts()[:-1], parts()[::-1], [*parts(), ("more", b"")], [], [("../leaves", b"")]):
        with pytest.raises(BundleRefused, match="it should hold checkpoints"):
            opened(archived(*members))
    with pytest.raises(BundleRefused, match="one too many"):
        opened(archived(*[(f"m{n}", b"") for n in range(70)]))


def header(kind: str = "auditor", logs: object = (), count: object = 0) -> bytes:
    """What a bundle says about itself."""
    counts = dict.fromkeys(("checkpoints", "leaves", "openings", "objects"), count)
    return json.dumps({"bundle": 1, "kind": kind, "logs": logs, "witnesses": []} | counts).encode()


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{", b"[]", b"{}", b"[" * 100_000, b"\xff", b'{"bundle": 2}', b" " * 2_000_000, header("other"),
        header(logs=[1]), header(logs="x"), header(count=-1), header(count=True), header("public"),
        header().replace(b'"bundle": 1', b'"bundle": true'),
    ],
)  # fmt: skip
def test_a_header_that_is_none_is_refused(data: bytes) -> None:
    with pytest.raises(BundleRefused, match=r"bundle\.json"):
        opened(archived(*parts()[:-1], ("bundle.json", data)))


@given(st.sampled_from([0, 1, 2, 3]), st.binary(max_size=80))
@settings(deadline=None)
def test_any_bytes_in_a_member_are_refused_in_words(which: int, data: bytes) -> None:
    members = parts()
    members[which] = (members[which][0], data)
    with pytest.raises(BundleRefused):
        everything(archived(*members))


@given(st.binary(max_size=400) | st.binary(max_size=100).map(lambda data: b"PK\x03\x04" + data))
def test_any_bytes_are_an_archive_or_are_refused(data: bytes) -> None:
    with suppress(NotAnArchive):
        read = Archive(io.BytesIO(data))
        assert archived(*[(name, b"".join(read.pieces(name))) for name in read.members]) == data


@given(
    st.lists(st.tuples(st.text("abc/.", min_size=1, max_size=8), st.binary(max_size=99)), unique_by=lambda one: one[0])
)
def test_an_archive_is_read_back(members: list[tuple[str, bytes]]) -> None:
    read = Archive(io.BytesIO(archived(*members)))
    assert [(name, b"".join(read.pieces(name))) for name in read.members] == members


def test_an_opening_of_a_leaf_no_log_can_have_is_refused_in_words() -> None:
    for index in (-1, 2**63, 1 << 20_000):  # the last has more digits than Python would say
        record = canonical.encode([index, bytes(32), b"secret"])
        members = [(name, len(record).to_bytes(4) + record if name == "openings" else data) for name, data in parts()]
        with pytest.raises(BundleRefused, match=r"opening 0: no log has a leaf of its index"):
            everything(archived(*members))


def test_more_objects_than_memory_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundles, "MOST_OBJECTS", 3)
    four = b"".join((1).to_bytes(4) + bytes([n]) for n in range(4))
    members = [(name, four if name == "objects" else data) for name, data in parts()]
    with pytest.raises(BundleRefused, match="objects: more than 3"):
        everything(archived(*members))
