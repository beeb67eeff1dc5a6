"""What is public says in a sentence what it is for."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.sources import shown, tree

# The framework says what these do; a docstring would only repeat it.
HOOKS = {
    "ready", "clean", "save", "handle", "add_arguments", "get_absolute_url", "render", "process_request",
    "new_file", "receive_data_chunk", "file_complete",
}  # fmt: skip

Public = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def undocumented(path: Path) -> Iterator[str]:
    """Public things of `path` without a docstring; the module itself, where it holds anything."""
    module = tree(path)
    if module.body and ast.get_docstring(module) is None:
        yield f"{shown(path)}: the module says nothing about itself"
    for node in module.body:
        yield from _inside(path, node)


def _inside(path: Path, node: ast.AST, owner: str = "") -> Iterator[str]:
    if not isinstance(node, Public) or node.name.startswith("_") or node.name == "Meta":
        return
    name = f"{owner}{node.name}"
    hook = bool(owner) and (node.name in HOOKS or node.name.startswith("clean_"))
    if ast.get_docstring(node) is None and not hook and not _overload(node):
        yield f"{shown(path)}:{node.lineno}: {name} has no docstring"
    if isinstance(node, ast.ClassDef):
        for below in node.body:
            yield from _inside(path, below, f"{name}.")


def _overload(node: Public) -> bool:
    """One of several signatures, or the setter of a property that has spoken already."""
    return any(
        (isinstance(one, ast.Name) and one.id == "overload")
        or (isinstance(one, ast.Attribute) and one.attr == "setter")
        for one in node.decorator_list
    )
