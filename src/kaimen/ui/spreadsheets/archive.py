"""Zip archives from strangers: what they claim is checked first, then what they truly hold, before anybody opens them.

An .xlsx or .ods is a zip. A bomb may lie about its sizes, let entries share their bytes, or be plainly enormous.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator

from kaimen.ui.spreadsheets import limits
from kaimen.ui.spreadsheets.refusal import NotRead

_ENCRYPTED = 0x1
_LOCAL_HEADER = 30
_CHUNK = 1 << 20
_ENTITY = b"<!ENTITY"  # an XML part that defines its own words can define a billion


def open_safely(content: bytes) -> zipfile.ZipFile:
    """The archive, once its claims and its true sizes are within limits. Raises NotRead."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        entries = archive.infolist()
        _check_claims(entries, len(content))
        _check_truth(entries, content)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, LookupError) as error:
        if isinstance(error, NotRead):
            raise
        raise NotRead("damaged") from error
    return archive


def _check_claims(entries: list[zipfile.ZipInfo], size: int) -> None:
    """Nothing is inflated yet."""
    if len(entries) > limits.ENTRIES:
        raise NotRead("bomb")
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise NotRead("password")
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise NotRead("damaged")
    if sum(entry.file_size for entry in entries) > limits.INFLATED or any(map(_is_steep, entries)):
        raise NotRead("bomb")
    if sum(entry.compress_size for entry in entries) > size:
        raise NotRead("bomb")  # entries that share their bytes
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise NotRead("bomb")
        end = entry.header_offset + _LOCAL_HEADER + entry.compress_size


def _is_steep(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > _CHUNK and entry.file_size > limits.RATIO * max(entry.compress_size, 1)


def _check_truth(entries: list[zipfile.ZipInfo], content: bytes) -> None:
    """Inflate everything once, a mebibyte at a time, and keep nothing: sizes can lie, this cannot."""
    for entry in entries:
        inflated, before = 0, b""
        for piece in _pieces(entry, content):
            inflated += len(piece)
            if inflated > entry.file_size or _ENTITY in before + piece:
                raise NotRead("bomb")
            before = piece[-len(_ENTITY) :]


def _pieces(entry: zipfile.ZipInfo, content: bytes) -> Iterator[bytes]:
    head = content[entry.header_offset : entry.header_offset + _LOCAL_HEADER]
    if len(head) < _LOCAL_HEADER or head[:4] != b"PK\x03\x04":
        raise NotRead("damaged")
    start = entry.header_offset + _LOCAL_HEADER + int.from_bytes(head[26:28], "little")
    start += int.from_bytes(head[28:30], "little")
    packed = content[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        yield packed
        return
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    while not inflater.eof:
        piece = inflater.decompress(packed, _CHUNK)
        packed = inflater.unconsumed_tail
        if not piece and not packed:
            break
        yield piece
    if not inflater.eof:
        raise NotRead("damaged")
