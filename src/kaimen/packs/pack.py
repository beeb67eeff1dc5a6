"""A pack, read and checked as a whole."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path as FilePath
from pathlib import PurePosixPath
from typing import Any, TypeVar

from jsonschema import Draft202012Validator

from kaimen.kit import canonical
from kaimen.packs.kinds import Found, Kind, kinds, published
from kaimen.packs.messages import in_words, path_of
from kaimen.packs.problems import Problem, Wrong
from kaimen.packs.reading import Read, read

T = TypeVar("T")
_MIB = 1024 * 1024
_LARGEST = {".yaml": 2 * _MIB, ".yml": 2 * _MIB, ".json": 20 * _MIB, ".geojson": 20 * _MIB}
_MOST_FILES, _MOST_BYTES = 2_000, 100 * _MIB
_KNOWN_BUT_FREE = ("sample/",)  # read by the program that runs them, not by a kind


class PackRefused(ValueError):
    """The pack has mistakes; `problems` holds each, sorted by file and line."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(problems, key=lambda one: (one.file, one.line, str(one)))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True)
class Pack:
    """A city's definitions: the files as they were read, and what they define."""

    files: dict[str, bytes]
    data: dict[str, Any]
    definitions: tuple[tuple[str, object], ...]  # (file, definition)

    @property
    def digest(self) -> str:
        """SHA-256 over every file's name and bytes."""
        return hashlib.sha256(canonical.encode(self.files)).hexdigest()

    @property
    def slug(self) -> str:
        """The name of the pack, from pack.yaml."""
        return str(self.data["pack.yaml"]["pack"])

    def all(self, type_: type[T]) -> list[T]:
        """Every definition of a type, in the order of the files."""
        return [thing for _, thing in self.definitions if isinstance(thing, type_)]

    def one(self, type_: type[T]) -> T:
        """The only definition of a type. Raises LookupError when there is none."""
        found = self.all(type_)
        if not found:
            raise LookupError(f"the pack {self.slug} defines no {type_.__name__}")
        return found[0]

    def to_bytes(self) -> bytes:
        """Everything, for `from_bytes`. The data go as JSON: it keeps the order in which they were written."""
        data = json.dumps(self.data, ensure_ascii=False)
        return canonical.encode({"files": self.files, "data": data, "schemas": _schemas_digest()})


def read_folder(folder: FilePath) -> Pack:
    """Read and check a pack folder. Raises PackRefused with every mistake found."""
    if not (folder / "pack.yaml").is_file():
        raise PackRefused([Problem(str(folder), 0, "no pack.yaml here", "Name the folder of a pack")])
    files: dict[str, bytes] = {}
    problems: list[Problem] = []
    for path in sorted(folder.rglob("*"), key=lambda path: path.relative_to(folder).as_posix()):
        name = path.relative_to(folder).as_posix()
        if any(part.startswith(".") for part in PurePosixPath(name).parts):
            continue
        content = _content(path, name)
        if isinstance(content, Problem):
            problems.append(content)
        elif content is not None:
            files[name] = content
        if len(files) > _MOST_FILES or sum(map(len, files.values())) > _MOST_BYTES:
            what = f"more than {_MOST_FILES} files or {_MOST_BYTES // _MIB} MiB"
            raise PackRefused([Problem(name, 0, what, "Name the folder of a pack, and keep only its files there")])
    return _checked(files, problems)


def _content(path: FilePath, name: str) -> bytes | Problem | None:
    """The bytes of one file of the pack; None for what is no definition (a folder, a README)."""
    if path.is_symlink():
        return Problem(name, 0, "a link", "A pack holds its own files: put the file itself here")
    if path.suffix not in _LARGEST or not path.is_file():
        return None
    if not name.isprintable():
        return Problem(name, 0, "a file name that cannot be shown", "Rename the file in plain letters")
    try:
        if path.stat().st_size > _LARGEST[path.suffix]:
            return Problem(name, 0, f"larger than {_LARGEST[path.suffix] // _MIB} MiB", "Split the file")
        return path.read_bytes()
    except OSError as error:
        return Problem(name, 0, f"cannot be read: {error.strerror}", "Give yourself the right to read it")


def _checked(files: dict[str, bytes], problems: list[Problem]) -> Pack:
    reads: dict[str, Read] = {}
    for name, content in files.items():
        result = read(name, content)
        if isinstance(result, Problem):
            problems.append(result)
        else:
            reads[name] = result
    return _put_together(files, reads, problems)


def _put_together(files: dict[str, bytes], reads: dict[str, Read], problems: list[Problem]) -> Pack:
    problems += _strangers(reads)
    definitions = [pair for kind in kinds() for pair in _defined(kind, reads, problems)]
    pack = Pack(files, {name: one.data for name, one in reads.items()}, tuple(definitions))
    if not problems:
        problems += [_problem(file, reads[file], wrong) for kind in kinds() for file, wrong in kind.check(pack)]
    if problems:
        raise PackRefused(problems)
    return pack


def from_bytes(content: bytes) -> Pack:
    """A pack that was checked before. Raises PackRefused when its kinds no longer read it.

    Every process does this as it starts; the schemas are asked again only when the program's have changed since.
    """
    stored = canonical.decode(content)
    data: dict[str, Any] = json.loads(stored["data"])
    reads = {name: Read(one, {}) for name, one in data.items()}
    problems: list[Problem] = []
    fits = stored.get("schemas") == _schemas_digest()
    definitions = [pair for kind in kinds() for pair in _defined(kind, reads, problems, fits=fits)]
    if problems:
        raise PackRefused(problems)
    return Pack({name: stored["files"][name] for name in data}, data, tuple(definitions))


def _schemas_digest() -> bytes:
    return hashlib.sha256("".join(map(published, kinds())).encode()).digest()


def _strangers(reads: dict[str, Read]) -> Iterator[Problem]:
    patterns = [kind.pattern for kind in kinds()]
    for name in reads:
        if not name.startswith(_KNOWN_BUT_FREE) and not any(fnmatchcase(name, pattern) for pattern in patterns):
            yield Problem(name, 0, "no part reads this file", f"Files are read at: {', '.join(sorted(patterns))}")


def _defined(
    kind: Kind, reads: dict[str, Read], problems: list[Problem], *, fits: bool = False
) -> Iterator[tuple[str, object]]:
    """What the files of a kind define; what is wrong goes to `problems`. `fits`: they are known to fit the schema."""
    names = [name for name in reads if fnmatchcase(name, kind.pattern)]
    if kind.required and not names:
        problems.append(Problem(kind.pattern, 0, "missing", f"A pack needs this file ({kind.name})"))
    validator = Draft202012Validator(kind.schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    for name in names:
        one = reads[name]
        errors = [] if fits else list(validator.iter_errors(one.data))
        if errors:
            problems += [Problem(name, one.line(path_of(error)), *in_words(error)) for error in errors]
            continue
        try:
            for thing in kind.parse(Found(name, PurePosixPath(name).stem, one.data)):
                yield name, thing
        except Wrong as wrong:
            problems.append(_problem(name, one, wrong))


def _problem(name: str, one: Read, wrong: Exception) -> Problem:
    assert isinstance(wrong, Wrong)
    return Problem(name, one.line(wrong.path), wrong.what, wrong.remedy)
