"""What a test run leaves behind: nothing, however it ends."""

import subprocess
import sys
from pathlib import Path

import pytest

from kaimen.project.settings import test_folder

_RUN = """
import os, sys
from pathlib import Path
from kaimen.project.settings import test_folder
folder = test_folder.own(Path(sys.argv[1]))
(folder / "keys").mkdir()
print(folder, flush=True)
if sys.argv[2] == "killed":
    os._exit(1)
if sys.argv[2] == "running":
    sys.stdin.read()
"""


def run(within: Path, ends: str) -> "subprocess.Popen[str]":
    """A process that makes its folder and ends in one way or another."""
    command = [sys.executable, "-c", _RUN, str(within), ends]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_a_run_that_ends_takes_its_folder_with_it(tmp_path: Path) -> None:
    run(tmp_path, "ends").communicate(timeout=60)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("other", ["killed", "running"])
def test_the_next_run_takes_away_what_a_killed_one_left_and_nothing_else(tmp_path: Path, other: str) -> None:
    process = run(tmp_path, other)
    assert process.stdout is not None
    folder = Path(process.stdout.readline().strip())
    if other == "killed":
        process.wait(timeout=60)
    (tmp_path / "kaimen-test-of-somebody").mkdir()
    test_folder.sweep(tmp_path)
    assert folder.exists() == (other == "running")
    assert (tmp_path / "kaimen-test-of-somebody").exists()
    process.communicate(timeout=60)
