"""A file that is there whole or not at all, whatever happens while it is written."""

import os
from pathlib import Path


def write_whole(path: Path, data: bytes) -> None:
    """Written beside, flushed to the disk, then moved over the old one; readable by its owner only. Raises OSError."""
    draft = path.with_name(f"{path.name}.draft")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    with draft.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
