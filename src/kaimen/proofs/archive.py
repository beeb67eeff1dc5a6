"""A zip file in one form only: what any program unpacks, and what says the same bytes every time it is made.

Members stand one behind the other, not compressed, without date or comment, all in 64-bit sizes; the directory behind
them says the same again. `Archive` takes a file of exactly this form: every byte is accounted for, so nothing can be
hidden between members, stand there twice, lie over another, or grow when it is unpacked.
"""

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO

_LOCAL = struct.Struct("<4s5H3I2H")
_LOCAL_SIZES = struct.Struct("<2H2Q")
_ENTRY = struct.Struct("<4s6H3I5H2I")
_ENTRY_SIZES = struct.Struct("<2H3Q")
_END64 = struct.Struct("<4sQ2H2I4Q")
_LOCATOR = struct.Struct("<4sIQI")
_END = struct.Struct("<4s4H2IH")

_VERSION = 45  # 64-bit sizes
_FIRST_DAY = 1 << 5 | 1  # 1 January 1980, where the dates of zip files begin
_SEE_EXTRA, _SEE_EXTRA_COUNT = 0xFFFFFFFF, 0xFFFF
_MOST_MEMBERS = 64
_LONGEST_NAME = 100
_PIECE = 1024 * 1024


class NotAnArchive(ValueError):
    """A file that is not of this form; the message says what and where."""


@dataclass(frozen=True, slots=True)
class Member:
    """One file inside: its name, checksum and size, and where in the archive it begins."""

    name: str
    checksum: int
    size: int
    at: int

    def local(self) -> bytes:
        """The header before its bytes."""
        name = self.name.encode("ascii")
        head = _LOCAL.pack(
            b"PK\x03\x04", _VERSION, 0, 0, 0, _FIRST_DAY, self.checksum, _SEE_EXTRA, _SEE_EXTRA, len(name),
            _LOCAL_SIZES.size,
        )  # fmt: skip
        return head + name + _LOCAL_SIZES.pack(1, 16, self.size, self.size)

    def entry(self) -> bytes:
        """Its line in the directory."""
        name = self.name.encode("ascii")
        head = _ENTRY.pack(
            b"PK\x01\x02", _VERSION, _VERSION, 0, 0, 0, _FIRST_DAY, self.checksum, _SEE_EXTRA, _SEE_EXTRA, len(name),
            _ENTRY_SIZES.size, 0, 0, 0, 0, _SEE_EXTRA,
        )  # fmt: skip
        return head + name + _ENTRY_SIZES.pack(1, 24, self.size, self.size, self.begins)

    @property
    def begins(self) -> int:
        """Where its header begins."""
        return self.at - _LOCAL.size - len(self.name) - _LOCAL_SIZES.size


def write(file: IO[bytes], members: Iterable[tuple[str, Iterable[bytes]]]) -> None:
    """Write an archive into a fresh file that can be read and sought in, members as their pieces come."""
    written = [_written(file, name, pieces) for name, pieces in members]
    file.write(_directory(written, file.tell()))


def _written(file: IO[bytes], name: str, pieces: Iterable[bytes]) -> Member:
    begins = file.tell()
    file.write(Member(name, 0, 0, 0).local())
    at = file.tell()
    checksum = 0
    for piece in pieces:
        checksum = zlib.crc32(piece, checksum)
        file.write(piece)
    end = file.tell()
    member = Member(name, checksum, end - at, at)
    file.seek(begins)
    file.write(member.local())
    file.seek(end)
    return member


def _directory(members: list[Member], at: int) -> bytes:
    entries = b"".join(member.entry() for member in members)
    count, end = len(members), at + len(entries)
    return b"".join((
        entries,
        _END64.pack(b"PK\x06\x06", _END64.size - 12, _VERSION, _VERSION, 0, 0, count, count, len(entries), at),
        _LOCATOR.pack(b"PK\x06\x07", 0, end, 1),
        _END.pack(b"PK\x05\x06", 0, 0, _SEE_EXTRA_COUNT, _SEE_EXTRA_COUNT, _SEE_EXTRA, _SEE_EXTRA, 0),
    ))  # fmt: skip


class Archive:
    """An archive that was read as far as its form; the members' bytes are read when they are asked for."""

    def __init__(self, file: IO[bytes]) -> None:
        """Walk through `file`, which can be sought in. Raises NotAnArchive."""
        self._file = file
        self._length = file.seek(0, 2)
        self.members: dict[str, Member] = {}
        at = 0
        while (member := self._header(at)) is not None:
            if member.name in self.members or len(self.members) == _MOST_MEMBERS:
                raise NotAnArchive(f"{_shown(member.name)}: a second time, or one too many")
            self.members[member.name] = member
            at = member.at + member.size
        self._check_directory(at)

    def pieces(self, name: str) -> Iterable[bytes]:
        """The bytes of a member, piece by piece; its checksum is looked at in the end. Raises NotAnArchive."""
        member = self.members[name]
        at, end, checksum = member.at, member.at + member.size, 0
        while at < end:
            piece = self._read(at, min(_PIECE, end - at))
            checksum = zlib.crc32(piece, checksum)
            at += len(piece)
            yield piece
        if checksum != member.checksum:
            raise NotAnArchive(f"{name}: the checksum is wrong; the file was damaged")

    def _header(self, at: int) -> Member | None:
        """The member whose header begins at `at`; None where the directory begins."""
        fixed = self._read(at, _LOCAL.size)
        if not fixed.startswith(b"PK\x03\x04"):
            return None
        length = _LOCAL.unpack(fixed)[9]
        if length > _LONGEST_NAME:
            raise NotAnArchive(f"byte {at}: a name of {length} bytes")
        named = self._read(at + _LOCAL.size, length + _LOCAL_SIZES.size)
        try:
            name = named[:length].decode("ascii")
        except UnicodeDecodeError as error:
            raise NotAnArchive(f"byte {at}: a name that is not plain letters") from error
        size = _LOCAL_SIZES.unpack(named[length:])[3]
        begins = at + len(fixed) + len(named)
        member = Member(name, _LOCAL.unpack(fixed)[6], size, begins)
        if fixed + named != member.local():
            raise NotAnArchive(f"{_shown(name)}: not in the one form of a bundle (stored, no date, nothing beside)")
        if begins + size > self._length:
            raise NotAnArchive(f"{_shown(name)}: cut off; {begins + size - self._length} bytes are missing")
        return member

    def _check_directory(self, at: int) -> None:
        expected = _directory(list(self.members.values()), at)
        if self._length - at != len(expected) or self._read(at, len(expected)) != expected:
            raise NotAnArchive(f"byte {at}: the directory is not that of the members before it, or bytes follow")

    def _read(self, at: int, length: int) -> bytes:
        self._file.seek(at)
        data = self._file.read(length)
        if len(data) < length:
            raise NotAnArchive(f"byte {at}: the file ends here, {length - len(data)} bytes too early")
        return data


def _shown(name: str) -> str:
    """A name nobody has checked, on one line and without anything a screen would obey."""
    return repr(name)[1:-1][:60]
