"""Files made to hurt whoever opens them."""

import contextlib
import io
import resource
import struct
import time
import zipfile
import zlib

import pytest
from xlwt.CompoundDoc import XlsDoc

from kaimen.ui.spreadsheets import NotRead, archive, limits, read
from kaimen.ui.spreadsheets.reading import read_here
from kaimen.ui.tests.other_writers import ods, xlsx

MIB = 1024 * 1024


def refusal(content: bytes) -> str:
    with pytest.raises(NotRead) as refused:
        read(content)
    return refused.value.reason


def zipped(*entries: tuple[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as into:
        for name, content in entries:
            into.writestr(name, content)
    return stream.getvalue()


def with_entry(content: bytes, name: str, replaced: bytes) -> bytes:
    """An archive with one entry replaced or added."""
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        kept = [(entry, old.read(entry)) for entry in old.namelist() if entry != name]
    return zipped(*kept, (name, replaced))


def test_a_bomb_that_says_what_it_is_is_refused_before_anything_is_inflated(monkeypatch):
    def inflates(*_arguments: object) -> None:
        raise AssertionError("something was inflated")

    bomb = with_entry(xlsx([["姓名"]]), "xl/media/zeros.bin", b"\0" * (limits.INFLATED + 1))
    monkeypatch.setattr(archive, "_check_truth", inflates)
    with pytest.raises(NotRead) as refused:
        archive.open_safely(bomb)
    assert refused.value.reason == "bomb"


def test_an_entry_that_grows_too_steeply_is_refused():
    assert refusal(with_entry(xlsx([["姓名"]]), "xl/media/zeros.bin", b"\0" * (8 * MIB))) == "bomb"


def test_a_bomb_that_lies_about_its_size_is_caught_while_it_inflates():
    content = bytearray(with_entry(xlsx([["姓名"]]), "xl/media/zeros.bin", b"\0" * (100 * MIB)))
    true_size, claimed = struct.pack("<I", 100 * MIB), struct.pack("<I", 1000)
    assert content.count(true_size) == 2, "local header and central directory"
    lying = bytes(content.replace(true_size, claimed))
    began = time.monotonic()
    assert refusal(lying) == "bomb"
    assert time.monotonic() - began < 5


def test_entries_that_share_their_bytes_are_refused():
    content = bytearray(zipped(("a", b"x" * 5000), ("b", b"x" * 5000), ("content.xml", b"<x/>")))
    second = content.rfind(b"PK\x01\x02", 0, content.rfind(b"PK\x01\x02"))
    content[second + 42 : second + 46] = struct.pack("<I", 0)
    assert refusal(bytes(content)) in {"bomb", "damaged"}


def test_thousands_of_entries_are_refused():
    assert refusal(zipped(*((f"xl/{n}.xml", b"") for n in range(limits.ENTRIES + 1)))) == "bomb"


def test_an_archive_of_archives_is_not_opened():
    inner = zipped(("zeros.bin", b"\0" * (50 * MIB)))
    for level in range(4):
        inner = zipped((f"level{level}-a.zip", inner), (f"level{level}-b.zip", inner))
    assert refusal(inner) == "archive"


def test_an_archive_inside_a_spreadsheet_stays_shut():
    inner = zipped(("zeros.bin", b"\0" * (50 * MIB)))
    book = read(with_entry(xlsx([["姓名"]]), "xl/embeddings/object.zip", inner))
    assert book.sheets[0].rows[0].values == ("姓名",)


@pytest.mark.parametrize("size", [3, MIB - 4, MIB + 7])
def test_xml_that_defines_its_own_words_is_refused(size):
    laughs = b'<?xml version="1.0"?>' + b" " * size + b'<!DOCTYPE x [<!ENTITY a "ha">]><worksheet>&a;</worksheet>'
    assert refusal(with_entry(xlsx([["姓名"]]), "xl/worksheets/sheet1.xml", laughs)) == "bomb"


def test_a_cell_far_out_does_not_take_the_process_with_it():
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
        b"</sheetData></worksheet>"
    )
    assert refusal(with_entry(xlsx([["姓名"]]), "xl/worksheets/sheet1.xml", sheet)) == "bomb"


def test_rows_repeated_a_million_times_do_not_fill_the_memory():
    content = ods([["甲"]])
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        xml = opened.read("content.xml")
    wide = xml.replace(b"<table:table-row>", b'<table:table-row table:number-rows-repeated="1048576">')
    wide = wide.replace(b"<table:table-cell ", b'<table:table-cell table:number-columns-repeated="16384" ')
    assert wide != xml
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert refusal(with_entry(content, "content.xml", wide)) in {"bomb", "too-long", "damaged"}
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024, "kilobytes, in this process"


def test_a_reader_that_takes_too_long_is_stopped(monkeypatch):
    from kaimen.ui.spreadsheets import isolation

    monkeypatch.setattr(isolation, "_PROGRAM", "import time; time.sleep(60)")
    monkeypatch.setattr(limits, "PATIENCE", 0.3)
    began = time.monotonic()
    assert refusal(b"a,b") == "bomb"
    assert time.monotonic() - began < 5


def test_an_encrypted_archive_asks_for_a_copy_without_a_password():
    content = bytearray(xlsx([["姓名"]]))
    for magic, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = content.find(magic)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(magic, at + 4)
    assert refusal(bytes(content)) == "password"


def test_an_encrypted_open_document_asks_for_a_copy_without_a_password():
    manifest = b'<manifest:manifest><manifest:encryption-data manifest:checksum="x"/></manifest:manifest>'
    assert refusal(with_entry(ods([["甲"]]), "META-INF/manifest.xml", manifest)) == "password"


def test_a_locked_office_container_asks_for_a_copy_without_a_password():
    assert refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600) == (
        "password"
    )


def test_a_locked_legacy_workbook_asks_for_a_copy_without_a_password():
    opening = b"\x09\x08\x10\x00\x00\x06\x05\x00\xbb\x0d\xcc\x07\x00\x00\x00\x00\x06\x00\x00\x00"
    locked = opening + b"\x2f\x00\x06\x00\x00\x00\x34\x12\x78\x56" + b"\x0a\x00\x00\x00"
    stream = io.BytesIO()
    XlsDoc().save(stream, locked)
    assert refusal(stream.getvalue()) == "password"


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 and then nothing",
        xlsx([["姓名"]])[:-200],
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000,
        with_entry(xlsx([["姓名"]]), "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row"),
        with_entry(ods([["甲"]]), "content.xml", b"<office"),
    ],
)
def test_a_damaged_file_is_refused_as_damaged(content):
    assert refusal(content) in {"damaged", "empty"}


def test_a_flipped_bit_anywhere_gives_cells_or_a_refusal():
    content = xlsx([["姓名", "手机"], ["张三", "13900000001"]])
    for at in range(0, len(content), max(1, len(content) // 150)):
        spoilt = bytearray(content)
        spoilt[at] ^= 0x10
        with contextlib.suppress(NotRead):
            read_here(bytes(spoilt))


def test_deflate_that_never_ends_properly_is_damaged():
    content = bytearray(zipped(("content.xml", b"<x/>" * 1000)))
    start = content.find(b"content.xml") + len("content.xml")
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    broken = (packer.compress(b"<x/>" * 1000) + packer.flush(zlib.Z_SYNC_FLUSH))[:10]
    content[start : start + len(broken)] = broken
    assert refusal(bytes(content)) == "damaged"
