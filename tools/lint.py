"""Every check that reads the code without running it: all of them, each time, with one summary.

tools/lint.py          check
tools/lint.py --fix    put right what a program can, then check
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Check:
    """One check: the command that checks, and the one that mends, where there is one."""

    name: str
    command: tuple[str, ...]
    fix: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """How a check went."""

    check: Check
    passed: bool
    seconds: float
    said: str


def _tool(name: str, *arguments: str) -> tuple[str, ...]:
    return (str(BIN / name), *arguments)


def _own(name: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, str(ROOT / "tools" / name), *arguments)


# The slowest first: two run at a time.
CHECKS = [
    Check("types (mypy)", _tool("mypy", "--no-error-summary")),
    Check("templates (djlint)", _tool("djlint", "src", "--lint", "--quiet")),
    Check("layers (import-linter)", _tool("lint-imports", "--no-logo")),
    Check("format (ruff)", _tool("ruff", "format", "--check", "--quiet"), _tool("ruff", "format", "--quiet")),
    Check("lint (ruff)", _tool("ruff", "check", "--quiet"), _tool("ruff", "check", "--fix", "--quiet")),
    Check("translations", _own("messages.py", "--check"), _own("messages.py")),
    Check("reference pages", _own("reference.py", "--check"), _own("reference.py")),
    Check("lock files", _own("locks.py")),
]


def run(check: Check) -> Outcome:
    """Run one check."""
    began = time.monotonic()
    done = subprocess.run(
        check.command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        env=os.environ | {"PYTHONUTF8": "1", "NO_COLOR": "1"},
    )
    return Outcome(check, done.returncode == 0, time.monotonic() - began, done.stdout.strip())


def run_all(checks: Iterable[Check], workers: int = 2) -> list[Outcome]:
    """Run every check, whatever the others say."""
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(run, checks))


def report(outcomes: list[Outcome]) -> str:
    """What failed in full, then one line for each check."""
    failures = [f"── {one.check.name}\n{one.said or 'failed without a word'}\n" for one in outcomes if not one.passed]
    width = max(len(one.check.name) for one in outcomes)
    lines = [
        f"{'ok    ' if one.passed else 'FAILED'} {one.check.name:<{width}} {one.seconds:5.1f} s" for one in outcomes
    ]
    return "\n".join([*failures, *lines])


def main(arguments: list[str]) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fix", action="store_true", help="put right what a program can first")
    if parser.parse_args(arguments).fix:
        for check in CHECKS:
            if check.fix:
                subprocess.run(check.fix, cwd=ROOT, check=False, stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory() as data:  # mypy reads the settings, and leaves without cleaning up
        os.environ["KAIMEN_DATA"] = data
        outcomes = run_all(CHECKS)
    print(report(outcomes))
    return 0 if all(one.passed for one in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
