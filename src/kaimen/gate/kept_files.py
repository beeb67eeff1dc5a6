"""The static files that each kept page needs: its own modules, those they import, the style, the marks."""

import posixpath
from pathlib import Path

_HERE = Path(__file__).parent / "static"

# Public names of static files.
SCANNER = (
    *sorted(f"gate/scanner/{path.name}" for path in (_HERE / "gate" / "scanner").iterdir() if path.is_file()),
    "gate/gate.css",
    "npm/zxing-wasm/reader/index.js",
    "npm/zxing-wasm/share.js",
    "npm/zxing_reader.wasm",
    "rules/evaluate.js",
    "ui/kaimen.css",
    "ui/mark.svg",
)
PASS = (
    "gate/gate.css",
    "gate/phone/drawn.js",
    "gate/phone/holder.js",
    "gate/phone/shell.js",
    "gate/phone/showing.js",
    "gate/scanner/base45.js",
    "gate/scanner/bytes.js",
    "gate/scanner/clock.js",
    "gate/scanner/icon.svg",
    "gate/scanner/keys.js",
    "npm/qr/index.js",
    "ui/kaimen.css",
    "ui/mark.svg",
)


def source_of(name: str) -> Path | None:
    """Where one of this part's own files lies; None for what comes from elsewhere."""
    return _HERE / name if name.startswith("gate/") else None


def resolved(name: str, imported: str) -> str:
    """The public name of what the module `name` imports as `imported`."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), imported))
