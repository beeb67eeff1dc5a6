"""A bundle: everything of a log in one file, to be carried to a machine that asks nobody.

A zip file of one form (`archive`) with these members, in this order:

- `checkpoints`: signed notes, the smallest tree first;
- `leaves`: every leaf from the first on, as an entry bundle of tlog-tiles without end;
- `openings`: `[index, salt, secret]` in canonical CBOR, by index; in the auditor's bundle only;
- `objects`: what leaves name by its SHA-256 and everybody may read;
- `bundle.json`: what the file says about itself. Nobody has signed that: whose keys count is for the reader to know.

A leaf has two bytes of length before it, every other record four.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any, Literal

from kaimen.kit import canonical
from kaimen.proofs import archive, notes
from kaimen.proofs.archive import Archive, NotAnArchive
from kaimen.proofs.commitments import SALT, Opening
from kaimen.proofs.merkle import LARGEST
from kaimen.proofs.notes import Note, VerifierKey
from kaimen.proofs.tiles import LONGEST_LEAF

VERSION = 1
LONGEST_OPENING = 256 * 1024
LONGEST_OBJECT = 64 * 1024 * 1024
MOST_OBJECTS = 1_000_000  # whoever checks keeps the hash of each in memory
_LONGEST_HEADER = 1024 * 1024
_PUBLIC = ["checkpoints", "leaves", "objects", "bundle.json"]
_AUDITORS = ["checkpoints", "leaves", "openings", "objects", "bundle.json"]

Kind = Literal["public", "auditor"]


class BundleRefused(ValueError):
    """A bundle that is damaged, cut, or does not say the truth: where, and what is wrong there."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where}: {what}")
        self.where, self.what = where, what


@dataclass(frozen=True)
class Header:
    """What a bundle says about itself: verifier keys of its logs and witnesses, and how much it holds."""

    kind: Kind
    logs: tuple[str, ...]
    witnesses: tuple[str, ...]
    checkpoints: int
    leaves: int
    openings: int
    objects: int


@dataclass(frozen=True)
class Content:
    """What goes into a bundle, each in its order: checkpoints by size, leaves by index, openings by index.

    `openings` is None for the public bundle.
    """

    logs: tuple[VerifierKey, ...]
    witnesses: tuple[VerifierKey, ...]
    checkpoints: Iterable[str]
    leaves: Iterable[bytes]
    openings: Iterable[tuple[int, Opening]] | None
    objects: Iterable[bytes]


def write(file: IO[bytes], content: Content) -> None:
    """Write a bundle into a fresh file that can be sought in; the same content gives the same bytes.

    Raises ValueError for a record that is too long to be read again.
    """
    counts = dict.fromkeys(("checkpoints", "leaves", "openings", "objects"), 0)

    def counted(name: str, records: Iterable[bytes], longest: int, width: int = 4) -> Iterator[bytes]:
        for record in records:
            if len(record) > longest:
                raise ValueError(f"{name} {counts[name]}: {len(record)} bytes; at most {longest} are read again")
            counts[name] += 1
            yield len(record).to_bytes(width) + record

    def header() -> Iterator[bytes]:
        about = {
            "bundle": VERSION, "kind": "public" if content.openings is None else "auditor",
            "logs": [str(key) for key in content.logs], "witnesses": [str(key) for key in content.witnesses],
        }  # fmt: skip
        yield (json.dumps(about | counts, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()

    members = [
        ("checkpoints", counted("checkpoints", (str(one).encode() for one in content.checkpoints), notes.LONGEST)),
        ("leaves", counted("leaves", content.leaves, LONGEST_LEAF, 2)),
        ("objects", counted("objects", content.objects, LONGEST_OBJECT)),
        ("bundle.json", header()),
    ]
    if content.openings is not None:
        opened = (canonical.encode([index, one.salt, one.secret]) for index, one in content.openings)
        members.insert(2, ("openings", counted("openings", opened, LONGEST_OPENING)))
    archive.write(file, members)


class Bundle:
    """A bundle that is read as it is asked for. Its form is checked; what it says is for `audit` to check."""

    def __init__(self, file: IO[bytes]) -> None:
        """Read the form and the header of `file`, which can be sought in. Raises BundleRefused."""
        try:
            self._archive = Archive(file)
        except (NotAnArchive, OSError) as error:
            raise BundleRefused("the file", str(error)) from error
        names = list(self._archive.members)
        if names not in (_PUBLIC, _AUDITORS):
            raise BundleRefused("the file", f"it should hold {', '.join(_PUBLIC)}, and openings if it is an auditor's")
        self.header = self._header()
        if (self.header.kind == "auditor") != ("openings" in names):
            raise BundleRefused("bundle.json", f"a bundle of kind {self.header.kind} and its members differ")

    def checkpoints(self) -> Iterator[Note]:
        """The signed notes. Raises BundleRefused."""
        for number, record in enumerate(self._records("checkpoints", notes.LONGEST)):
            try:
                yield Note.read(record)
            except notes.NotANote as error:
                raise BundleRefused(f"checkpoint {number}", str(error)) from error

    def leaves(self) -> Iterator[bytes]:
        """Every leaf. Raises BundleRefused."""
        return self._records("leaves", LONGEST_LEAF, 2)

    def openings(self) -> Iterator[tuple[int, Opening]]:
        """The openings with their leaves' indexes, which grow; none in a public bundle. Raises BundleRefused."""
        last = -1
        for number, record in enumerate(self._records("openings", LONGEST_OPENING)):
            index, opening = _opening(record, f"opening {number}")
            if index <= last:
                raise BundleRefused(f"opening {number}", f"of leaf {index}, after that of leaf {last}")
            last = index
            yield index, opening

    def objects(self) -> Iterator[bytes]:
        """The public objects. Raises BundleRefused."""
        for number, data in enumerate(self._records("objects", LONGEST_OBJECT)):
            if number >= MOST_OBJECTS:
                raise BundleRefused("objects", f"more than {MOST_OBJECTS:,}")
            yield data

    def _header(self) -> Header:
        if self._archive.members["bundle.json"].size > _LONGEST_HEADER:
            raise BundleRefused("bundle.json", f"more than {_LONGEST_HEADER} bytes")
        try:
            said = json.loads(b"".join(self._archive.pieces("bundle.json")))
        except NotAnArchive as error:
            raise BundleRefused("bundle.json", str(error)) from error
        except (ValueError, RecursionError) as error:
            raise BundleRefused("bundle.json", "no JSON") from error
        return _read_header(said)

    def _records(self, name: str, longest: int, width: int = 4) -> Iterator[bytes]:
        if name not in self._archive.members:
            return
        held, at, number = b"", 0, 0
        try:
            for piece in self._archive.pieces(name):
                held, at = held[at:] + piece, 0
                while at + width <= len(held):
                    length = int.from_bytes(held[at : at + width])
                    if length > longest:
                        raise BundleRefused(f"{name}, record {number}", f"{length} bytes; at most {longest}")
                    if at + width + length > len(held):
                        break
                    yield held[at + width : at + width + length]
                    at, number = at + width + length, number + 1
        except (NotAnArchive, OSError) as error:
            raise BundleRefused(name, str(error)) from error
        if at < len(held):
            raise BundleRefused(f"{name}, record {number}", "cut off")


def _opening(record: bytes, where: str) -> tuple[int, Opening]:
    try:
        parts = canonical.decode(record)
    except canonical.NotCanonical as error:
        raise BundleRefused(where, str(error)) from error
    if not isinstance(parts, list) or [type(part) for part in parts] != [int, bytes, bytes] or len(parts[1]) != SALT:
        raise BundleRefused(where, "it should be an index, 32 bytes of salt, and a secret")
    if not 0 <= parts[0] < LARGEST:
        raise BundleRefused(where, "no log has a leaf of its index")
    return parts[0], Opening(parts[1], parts[2])


def _read_header(said: Any) -> Header:
    names = {"bundle", *Header.__dataclass_fields__}
    if not isinstance(said, dict) or said.keys() != names or type(said["bundle"]) is not int:
        raise BundleRefused("bundle.json", "no header of a bundle")
    if said["bundle"] != VERSION:
        raise BundleRefused("bundle.json", f"no header of a bundle of version {VERSION}")
    keys = (said["logs"], said["witnesses"])
    if not all(isinstance(some, list) and all(isinstance(one, str) for one in some) for some in keys):
        raise BundleRefused("bundle.json", "logs and witnesses are lists of verifier keys")
    counts = {name: said[name] for name in ("checkpoints", "leaves", "openings", "objects")}
    if any(type(count) is not int or count < 0 for count in counts.values()) or said["kind"] not in (
        "public",
        "auditor",
    ):
        raise BundleRefused("bundle.json", "a kind or a count that is none")
    return Header(said["kind"], tuple(said["logs"]), tuple(said["witnesses"]), **counts)
