"""The import contracts hold, and break when they are broken on purpose, on a house of empty rooms."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

LINT = Path(sys.executable).parent / "lint-imports"


def check(folder: Path) -> tuple[int, str]:
    """The exit code and words of import-linter over what stands in `folder`."""
    done = subprocess.run(
        [LINT, "--no-cache", "--config", str(folder / "pyproject.toml")],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """Every part, empty, under the contracts in force."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    layers = next(one["layers"] for one in linter["contracts"] if one["id"] == "layers")
    parts = [part.strip() for layer in layers for part in layer.split("|")]
    for room in (*linter["root_packages"], *(f"kaimen/{part}" for part in parts)):
        (tmp_path / room).mkdir(parents=True)
        (tmp_path / room / "__init__.py").write_text("")
    for part in parts:
        (tmp_path / "kaimen" / part / "definitions.py").write_text("")
    for allowed in (line for one in linter["contracts"] for line in one.get("ignore_imports", ())):
        importer, imported = (tmp_path.joinpath(*name.split(".")).with_suffix(".py") for name in allowed.split(" -> "))
        for room in (importer.parent, imported.parent):
            room.mkdir(exist_ok=True)
            (room / "__init__.py").touch()
        imported.touch()
        importer.write_text(f"import {allowed.split(' -> ')[1]}\n")  # an exception nobody needs is broken, too
    return tmp_path


def test_empty_rooms_keep_every_contract(house: Path) -> None:
    code, said = check(house)
    assert code == 0, said


@pytest.mark.parametrize(
    ("room", "line", "broken"),
    [
        ("kaimen/register/models.py", "import kaimen.gate", "A part imports downwards only"),
        ("kaimen/kit/words.py", "import django.utils.text", "What is pure never reaches Django"),
        ("kaimen/gate/definitions.py", "import django.db", "What is pure never reaches Django"),
        ("kaimen/ledger/models.py", "import kaimen.schedule", "parts of one layer do not import each other"),
        ("kaimen/rules/tree.py", "import kaimen.proofs", "parts of one layer do not import each other"),
        ("kaimen_gate/scans.py", "import kaimen.register", "A gate node needs"),
        ("kaimen_witness/reading.py", "import kaimen.ledger", "A witness runs on another machine"),
        ("kaimen_witness/reading.py", "import django", "What is pure never reaches Django"),
        ("kaimen/board/queries.py", "import kaimen_gate", "Only gate speaks the node's language"),
        ("kaimen/attic/__init__.py", "", "attic"),
    ],
)
def test_a_forbidden_import_is_found(house: Path, room: str, line: str, broken: str) -> None:
    (house / room).parent.mkdir(exist_ok=True)
    (house / room).write_text(f"{line}\n")
    code, said = check(house)
    assert code != 0
    assert any(broken in one for one in said.splitlines() if "BROKEN" in one or "attic" in one), said
