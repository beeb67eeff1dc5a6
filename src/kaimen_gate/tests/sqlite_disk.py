"""SQLite's way to the disk, watched: a layer (VFS) inside the very library that Python's `sqlite3` is linked with.

Another binding (apsw) brings a library of its own, and would prove that one. Here the library is asked, through the
module that Python has loaded, for its own layer; a copy of it with some functions exchanged becomes the default for as
long as a `with` lasts. What is not exchanged runs as it always does.
"""

import _sqlite3
import ctypes
import time
from ctypes import CFUNCTYPE, POINTER, Structure, addressof, c_char_p, c_int, c_int64, c_void_p, cast
from enum import IntFlag
from itertools import count
from typing import Any

LIBRARY = ctypes.CDLL(getattr(_sqlite3, "__file__", None))  # its symbols, or those of what it is linked with
LIBRARY.sqlite3_vfs_find.argtypes, LIBRARY.sqlite3_vfs_find.restype = [c_char_p], c_void_p
LIBRARY.sqlite3_vfs_register.argtypes = [c_void_p, c_int]
LIBRARY.sqlite3_vfs_unregister.argtypes = [c_void_p]
LIBRARY.sqlite3_sourceid.restype = c_char_p

OK, IO_ERROR = 0, 10
_OPEN = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)
_DELETE = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int)
_WRITE = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_TRUNCATE = CFUNCTYPE(c_int, c_void_p, c_int64)
_SYNC = CFUNCTYPE(c_int, c_void_p, c_int)
_NUMBER = count(1)


class _Kept(IntFlag):
    """Kinds of files (SQLITE_OPEN_…) that hold what must outlive the power."""

    MAIN_DB = 0x100
    MAIN_JOURNAL = 0x800
    WAL = 0x80000


class _Vfs(Structure):
    _fields_ = [
        ("version", c_int), ("size_of_file", c_int), ("longest_path", c_int), ("next", c_void_p), ("name", c_char_p),
        ("data", c_void_p), ("open", c_void_p), ("delete", c_void_p),
        *((f"other{n}", c_void_p) for n in range(13)),
    ]  # fmt: skip


class _Methods(Structure):
    _fields_ = [
        ("version", c_int), ("close", c_void_p), ("read", c_void_p), ("write", c_void_p), ("truncate", c_void_p),
        ("sync", c_void_p), *((f"other{n}", c_void_p) for n in range(13)),
    ]  # fmt: skip


class Layer:
    """The default way to the disk within a `with`. `changes` names what comes through here: each hook below of that
    name is called before the library's own function, and may refuse.
    """

    changes = frozenset({"write", "truncate", "sync", "delete"})

    def __init__(self) -> None:
        self._own = cast(LIBRARY.sqlite3_vfs_find(None), POINTER(_Vfs)).contents
        self._vfs = _Vfs.from_buffer_copy(self._own)
        self._name = f"watched-{next(_NUMBER)}".encode()
        self._vfs.name = self._name
        self._calls: list[Any] = []  # what the library points to must stay
        self._paths: dict[int, str] = {}
        self._methods: dict[int, _Methods] = {}
        self._vfs.open = self._call(_OPEN(self._on_open))
        if "delete" in self.changes:
            self._vfs.delete = self._call(_DELETE(self._on_delete))

    def __enter__(self) -> "Layer":
        assert LIBRARY.sqlite3_vfs_register(addressof(self._vfs), 1) == OK
        return self

    def __exit__(self, *_about: object) -> None:
        LIBRARY.sqlite3_vfs_unregister(addressof(self._vfs))
        LIBRARY.sqlite3_vfs_register(addressof(self._own), 1)

    def on_open(self, path: str) -> None:
        """A file is opened, or made."""

    def on_write(self, path: str, at: int, data: bytes) -> bool:
        """`data` is to be written; False makes the library be told of a disk that fails."""
        return True

    def on_truncate(self, path: str, size: int) -> bool:
        """A file is to be cut to `size`."""
        return True

    def on_sync(self, path: str) -> bool:
        """What was written is to go through to the disk."""
        return True

    def on_delete(self, path: str) -> bool:
        """A file is to go."""
        return True

    def _on_open(self, vfs: int, name: int | None, file: int, flags: int, out: int | None) -> int:
        if name and flags & int(_Kept.MAIN_DB | _Kept.MAIN_JOURNAL | _Kept.WAL):
            path = ctypes.string_at(name).decode()
            self.on_open(path)  # before there is a file
            done = int(_OPEN(self._own.open)(vfs, name, file, flags, out))
            if done == OK:
                self._paths[file] = path
                self._exchange(file)
            return done
        return int(_OPEN(self._own.open)(vfs, name, file, flags, out))

    def _exchange(self, file: int) -> None:
        """Let an open file, whose first word points to its methods, point to ours."""
        methods = cast(file, POINTER(c_void_p))
        own = methods[0]
        assert own is not None
        if own not in self._methods:
            self._methods[own] = self._exchanged(_Methods.from_address(own))
        methods[0] = addressof(self._methods[own])

    def _exchanged(self, own: _Methods) -> _Methods:
        made, path = _Methods.from_buffer_copy(own), self._paths.__getitem__
        write, truncate, sync = _WRITE(own.write), _TRUNCATE(own.truncate), _SYNC(own.sync)

        def on_write(file: int, data: int, size: int, at: int) -> int:
            going = self.on_write(path(file), at, ctypes.string_at(data, size))
            return int(write(file, data, size, at)) if going else IO_ERROR

        def on_truncate(file: int, size: int) -> int:
            return int(truncate(file, size)) if self.on_truncate(path(file), size) else IO_ERROR

        def on_sync(file: int, flags: int) -> int:
            return int(sync(file, flags)) if self.on_sync(path(file)) else IO_ERROR

        if "write" in self.changes:
            made.write = self._call(_WRITE(on_write))
        if "truncate" in self.changes:
            made.truncate = self._call(_TRUNCATE(on_truncate))
        if "sync" in self.changes:
            made.sync = self._call(_SYNC(on_sync))
        return made

    def _on_delete(self, vfs: int, name: int, and_folder: int) -> int:
        if not self.on_delete(ctypes.string_at(name).decode()):
            return IO_ERROR
        return int(_DELETE(self._own.delete)(vfs, name, and_folder))

    def _call(self, function: Any) -> int | None:
        self._calls.append(function)
        return cast(function, c_void_p).value


class SlowDisk(Layer):
    """Every fsync takes so much longer, as on a card or a worn disk."""

    changes = frozenset({"sync"})

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds

    def on_sync(self, path: str) -> bool:
        """Wait, then let it go through."""
        time.sleep(self._seconds)
        return True
