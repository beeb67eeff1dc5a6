"""Whether the lock files still answer what is asked for. Reads files only, so it is quick and needs no network.

A lock is stale when something asked for is missing or pinned outside its bounds, when the two Python locks disagree,
or when a line could not be installed safely (no hash) or elsewhere (it names a registry).
"""

import json
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
REMEDY = "run `make lock`"
_PIN = re.compile(r"^(?P<name>[A-Za-z0-9_.-]+)(\[[^]]*\])?==(?P<version>[^\s;\\]+)", re.MULTILINE)


def problems(root: Path) -> list[str]:
    """Everything stale or unsafe about the locks under `root`, in words."""
    asked = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    texts = {name: (root / "locks" / f"{name}.txt").read_text("utf-8") for name in ("run", "dev", "peers", "uv")}
    pins = {name: pinned(text) for name, text in texts.items()}
    setup, dev = asked["dependency-groups"]["setup"], asked["dependency-groups"]["dev"]
    run = [*asked["project"]["dependencies"], *setup]
    found = [*_unmet("run", run, pins["run"]), *_unmet("dev", [*run, *dev], pins["dev"])]
    found += _unmet("peers", asked["dependency-groups"]["peers"], pins["peers"])
    found += _at_odds(pins["run"], pins["dev"]) + _at_odds(pins["uv"], pins["run"])
    for name, text in texts.items():
        found += _unsafe(name, text)
    return found + list(_node(root))


def pinned(text: str) -> dict[str, str]:
    """Name → version of every pin in a lock."""
    return {canonicalize_name(match["name"]): match["version"] for match in _PIN.finditer(text)}


def _unmet(lock: str, asked: list[str], pins: dict[str, str]) -> Iterator[str]:
    for line in asked:
        requirement = Requirement(line)
        version = pins.get(canonicalize_name(requirement.name))
        if version is None:
            yield f"locks/{lock}.txt has no {requirement.name}: {REMEDY}"
        elif not requirement.specifier.contains(version, prereleases=True):
            yield f"locks/{lock}.txt pins {requirement.name} {version}, asked for is {requirement.specifier}: {REMEDY}"


def _at_odds(smaller: dict[str, str], larger: dict[str, str]) -> list[str]:
    return [
        f"{name} is locked at {version} and at {larger.get(name)}: {REMEDY}"
        for name, version in smaller.items()
        if larger.get(name) != version
    ]


def _unsafe(lock: str, text: str) -> Iterator[str]:
    for entry in re.split(r"\n(?=\S)", text.strip()):
        if "==" in entry and "--hash=" not in entry:
            yield f"locks/{lock}.txt: no hash for {entry.split()[0]}: {REMEDY}"
    if "://" in text or "--index-url" in text:
        yield f"locks/{lock}.txt names a registry: the installing machine chooses its own"


def _node(root: Path) -> Iterator[str]:
    asked: dict[str, Any] = json.loads((root / "package.json").read_text("utf-8"))
    lock = root / "package-lock.json"
    if not lock.exists():
        yield f"package-lock.json is missing: {REMEDY}"
        return
    locked: dict[str, Any] = json.loads(lock.read_text("utf-8"))["packages"]
    for group in ("dependencies", "devDependencies"):
        if asked.get(group, {}) != locked[""].get(group, {}):
            yield f"package-lock.json was made for other {group}: {REMEDY}"
    for name, package in locked.items():
        if "resolved" in package:
            yield f"package-lock.json names a registry for {name}: {REMEDY}"
        if name and "integrity" not in package:
            yield f"package-lock.json has no hash for {name}: {REMEDY}"


if __name__ == "__main__":
    stale = problems(ROOT)
    print("\n".join(stale) or "the lock files answer what is asked for")
    sys.exit(1 if stale else 0)
