"""Names that say nothing, and ways of working the house does without."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.sources import shown, tree

EMPTY_WORDS = {"util", "utils", "helper", "helpers", "common", "manager", "managers", "misc", "stuff", "tools"}
SIGNALS = ("django.db.models.signals", "django.dispatch", "django.core.signals", "django.test.signals")


def says_nothing(path: Path) -> Iterator[str]:
    """A file or folder named for no one thing; a migration without a name."""
    for word in (path.stem, path.parent.name):
        if word in EMPTY_WORDS:
            yield f"{shown(path)}: `{word}` says nothing; name the thing that is in it"
    if "_auto_2" in path.stem:
        yield f"{shown(path)}: name the migration for what it changes"


def signals(path: Path) -> Iterator[str]:
    """Imports of Django's signals."""
    for node in ast.walk(tree(path)):
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        names = [alias.name for alias in node.names]
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{name}" for name in names]
        for name in names:
            if name.startswith(SIGNALS):
                yield f"{shown(path)}:{node.lineno}: {name}: call the action, or use a named effect (kit.effects)"
