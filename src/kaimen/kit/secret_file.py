"""A secret kept in a file: made once, readable by its owner only, the same for processes that start together."""

import os
from collections.abc import Callable
from pathlib import Path


def kept(path: Path, make: Callable[[], bytes]) -> bytes:
    """The bytes in `path`; `make()` writes them when there is no such file."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_bytes(make())
        try:
            os.link(draft, path)  # atomic, and loses to whoever came first
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_bytes()
