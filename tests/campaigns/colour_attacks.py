"""Thirty-nine ways to turn 1,317 people red with a server in hand: no gate believes one, and each lie is found."""

import os
import subprocess
import sys
from pathlib import Path

PART = "status"
ROUNDS = 2
_ROOT = Path(__file__).resolve().parents[2]


def prove(seed: int) -> int:
    """The whole attack suite once: the first round with few people and one way of each kind, the others with 1,317."""
    chosen = ["-k", "no-evidence or forged-evidence or migrated"] if seed == 0 else []
    people = {} if seed == 0 else {"KAIMEN_ATTACKED": "1320"}
    own = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "KAIMEN_"))}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "tests/attacks", "-q", "-p", "no:cacheprovider", "--timeout=3000", *chosen],
        cwd=_ROOT, env=own | people, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:]
    return int(done.stdout.rsplit(" passed", 1)[0].split()[-1])
