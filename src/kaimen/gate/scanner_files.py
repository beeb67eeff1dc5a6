"""The files of the scanner that a phone keeps: its own modules, those they import, the style, the marks."""

import posixpath
from pathlib import Path

_OWN = Path(__file__).parent / "static" / "gate" / "scanner"
_FROM_ELSEWHERE = (
    "gate/gate.css",
    "npm/zxing-wasm/reader/index.js",
    "npm/zxing-wasm/share.js",
    "npm/zxing_reader.wasm",
    "rules/evaluate.js",
    "ui/kaimen.css",
    "ui/mark.svg",
)

# Public names of static files.
FILES = (*sorted(f"gate/scanner/{path.name}" for path in _OWN.iterdir() if path.is_file()), *_FROM_ELSEWHERE)


def source_of(name: str) -> Path | None:
    """Where one of the scanner's own files lies; None for what comes from elsewhere."""
    return _OWN / Path(name).name if name.startswith("gate/scanner/") else None


def resolved(name: str, imported: str) -> str:
    """The public name of what the module `name` imports as `imported`."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), imported))
