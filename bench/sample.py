"""The sample: how fast 49,514 people move in, in a process of their own and a fresh database."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.table import Row

ROOT = Path(__file__).resolve().parents[1]
KAIMEN = Path(sys.executable).parent / "kaimen"
PEOPLE = 49_514
GOAL = 20.0  # seconds


def run() -> list[Row]:
    """Make it once, start of the process included; then once more, when there is nothing left to do."""
    with tempfile.TemporaryDirectory(prefix="kaimen-sample-") as folder:
        data = Path(folder)
        _kaimen(data, "prepare")
        took, again = _kaimen(data, "sample"), _kaimen(data, "sample")
        megabytes = sum(file.stat().st_size for file in data.glob("kaimen.sqlite3*")) / 2**20
    return [
        Row(f"{PEOPLE:,} people, their firms, passes and lists", took, "s", GOAL),
        Row("people a second", PEOPLE / took, "/s", PEOPLE / GOAL, "more"),
        Row("made again: nothing to do", again, "s"),
        Row("database", megabytes, "MiB"),
    ]


def _kaimen(data: Path, what: str) -> float:
    """Run `kaimen demo …`; the seconds it took."""
    environ = os.environ | {"KAIMEN_DATA": str(data), "DJANGO_SETTINGS_MODULE": "kaimen.project.settings.demo"}
    started = time.perf_counter()
    subprocess.run([KAIMEN, "demo", what], env=environ, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started
