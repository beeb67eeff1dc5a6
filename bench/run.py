"""Measures: each module beside this one that has `run() -> list[Row]`, or those named.

make bench              all of them
make bench PART=pages   one
"""

import importlib
import os
import sys
import tempfile
from pathlib import Path

from bench.table import Row, keep, markdown

HERE = Path(__file__).parent


def measurable() -> dict[str, str]:
    """The parts there are to measure, and the module of each: `import` is a word of Python's, its module is import_."""
    stems = sorted(path.stem for path in HERE.glob("*.py") if "\ndef run(" in path.read_text("utf-8"))
    return {stem.rstrip("_"): stem for stem in stems}


def main(asked: list[str]) -> int:
    """Run the command."""
    known = measurable()
    if strangers := set(asked) - set(known):
        print(f"Nothing to measure is called {', '.join(sorted(strangers))}. There is: {', '.join(known)}")
        return 2
    for part in asked or known:
        rows: list[Row] = importlib.import_module(f"bench.{known[part]}").run()
        keep(part, rows)
        print(markdown(part, rows))
    return 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kaimen.project.settings.demo")
    with tempfile.TemporaryDirectory(prefix="kaimen-bench-") as folder:
        os.environ.setdefault("KAIMEN_DATA", folder)
        sys.exit(main(sys.argv[1:]))
