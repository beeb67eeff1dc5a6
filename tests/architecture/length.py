"""How long files and functions may be."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.sources import shown, tree

FILE, FUNCTION = 400, 40


def too_long(path: Path) -> Iterator[tuple[str, int]]:
    """What in `path` is too long: its name and how many lines it has."""
    lines = len(path.read_text("utf-8").splitlines())
    if lines > FILE:
        yield shown(path), lines
    if path.suffix == ".py":
        yield from _functions(path)


def _functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION:
                yield f"{shown(path)}::{node.name}", lines


def read_exceptions(path: Path) -> dict[str, int]:
    """The list of exceptions: a name and the most lines it may have, one a line."""
    lines = [line.split("#")[0].split() for line in path.read_text("utf-8").splitlines()]
    return {line[0]: int(line[1]) for line in lines if line}


def complaints(found: dict[str, int], allowed: dict[str, int]) -> list[str]:
    """What is too long and not excepted, has grown since, or is excepted without need."""
    grown = [
        f"{name} has {lines} lines; at most {allowed.get(name, FUNCTION if '::' in name else FILE)}"
        for name, lines in found.items()
        if lines > allowed.get(name, 0)
    ]
    return grown + [
        f"{name} is excepted with {lines} lines and has {found.get(name, 'few')}: shorten the list"
        for name, lines in allowed.items()
        if found.get(name) != lines and found.get(name, 0) <= lines
    ]
