"""A secret kept in a file: made once, readable by its owner only, the same for processes that start together."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path


def kept(path: Path, make: Callable[[], bytes]) -> bytes:
    """The bytes in `path`; `make()` writes them when there is no such file."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)  # readable by the owner only
        draft = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(make())
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)  # atomic, and loses to whoever came first
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_bytes()
