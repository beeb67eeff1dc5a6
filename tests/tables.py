"""Tables made once: SQLite files as the migrations leave them, kept in build/ until a migration changes, and copied.

Making them takes ten seconds. What is about making them (`make demo` from nothing) does not come here.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connections

ROOT = Path(__file__).resolve().parents[1]
FILES = {"default": "kaimen.sqlite3", "events": "events.sqlite3"}
_KEPT = ROOT / "build" / "tables"
_SETTINGS = ROOT / "src" / "kaimen" / "project"


def put_tables(folder: Path, names: dict[str, str] = FILES) -> None:
    """Put both files, with all tables and nothing in them, into a folder, as `names` calls them."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = _KEPT / _digest()
    kept.mkdir(parents=True, exist_ok=True)
    # Two workers begin at opposite ends: each makes one file.
    order = list(FILES) if os.environ.get("PYTEST_XDIST_WORKER") != "gw1" else list(reversed(FILES))
    for alias in order:
        _make(alias, kept / FILES[alias])
    for alias, name in names.items():
        for rest in ("-wal", "-shm"):
            (folder / f"{name}{rest}").unlink(missing_ok=True)
        shutil.copyfile(kept / FILES[alias], folder / name)


@contextmanager
def opened(folder: Path, names: dict[str, str] = FILES) -> Iterator[None]:
    """Everything below works on the files in `folder`, as a process started there would; nothing is rolled back."""
    before = {alias: connections[alias] for alias in names}
    for alias, name in names.items():
        line = connections.create_connection(alias)
        line.settings_dict = line.settings_dict | {"NAME": str(folder / name)}
        connections[alias] = line
    try:
        yield
    finally:
        for alias, line in before.items():
            connections[alias].close()
            connections[alias] = line


def _digest() -> str:
    """Changes with every migration, ours or a library's, and with how files are laid out."""
    mine = sorted(ROOT.glob("src/kaimen/*/migrations/*.py"))
    others = [ROOT / "locks" / "run.txt", _SETTINGS / "settings" / "base.py", _SETTINGS / "routers.py"]
    whole = hashlib.sha256()
    for path in (*mine, *others):
        content = path.read_bytes()
        whole.update(f"{path.relative_to(ROOT)} {len(content)}\n".encode() + content)
    return whole.hexdigest()[:16]


def _make(alias: str, path: Path) -> None:
    """Migrate into a file, unless somebody has; who comes second waits."""
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if path.exists():
            return
        with tempfile.TemporaryDirectory(prefix="kaimen-tables-") as folder:
            mine = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "KAIMEN_"))}
            command = [str(Path(sys.executable).parent / "kaimen"), "migrate", "--verbosity", "0", "--database", alias]
            environ = mine | {"KAIMEN_DATA": folder, "DJANGO_SETTINGS_MODULE": "kaimen.project.settings.demo"}
            subprocess.run(command, cwd=ROOT, env=environ, check=True)
            draft = path.with_suffix(".new")
            shutil.copyfile(Path(folder) / path.name, draft)
            draft.replace(path)
