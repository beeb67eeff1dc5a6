"""Static files: each part's own, a few named files of npm packages and of pure parts, the compiled style sheet."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage
from django.templatetags.static import static
from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]

# Public name → file. A list, for a package's folder holds tens of megabytes that no page asks for.
FILES = {
    "npm/htmx.js": "node_modules/htmx.org/dist/htmx.esm.min.js",
    "npm/qr/index.js": "node_modules/qr/index.js",
    "npm/zxing-wasm/reader/index.js": "node_modules/zxing-wasm/dist/es/reader/index.js",
    "npm/zxing-wasm/share.js": "node_modules/zxing-wasm/dist/es/share.js",
    "npm/zxing_reader.wasm": "node_modules/zxing-wasm/dist/reader/zxing_reader.wasm",
    "rules/evaluate.js": "src/kaimen/rules/static/rules/evaluate.js",  # a pure part is no Django application
    "ui/kaimen.css": "build/css/kaimen.css",
}
# Bare name in `import … from "…"` → public name. A part's own modules are added as "<part>/<file>", without ".js".
PACKAGES = {
    "htmx.org": "npm/htmx.js",
    "rules/evaluate": "rules/evaluate.js",
    "zxing-wasm/reader": "npm/zxing-wasm/reader/index.js",
}

# What names another file by its path. Bare names are the import map's business, source maps nobody's.
_PATTERNS = (
    ("*.css", (r"""(?P<matched>url\(['"]{0,1}\s*(?P<url>.*?)["']{0,1}\))""",)),
    (
        "*.js",
        (
            (
                r"""(?P<matched>(?P<before>\b(?:import|export)\b[^'";]*?\bfrom\s*)['"](?P<url>\.[^'"]+)['"])""",
                '%(before)s"%(url)s"',
            ),
            (r"""(?P<matched>\bimport\s*['"](?P<url>\.[^'"]+)['"])""", 'import "%(url)s"'),
        ),
    ),
)


class NodeModules(BaseFinder):
    """Finds the files named above, those that are there: tests run before anything is built."""

    def find(self, path: str, find_all: bool = False) -> Any:
        """The file behind a public name, or all of them (there is one)."""
        source = FILES.get(path)
        found = str(settings.ROOT / source) if source and (settings.ROOT / source).is_file() else None
        return ([found] if found else []) if find_all else found

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, "Renamed"]]:
        """Each file that is there, with the storage that reads it."""
        storage = Renamed()
        return ((name, storage) for name, source in FILES.items() if (settings.ROOT / source).is_file())


class Renamed(FileSystemStorage):
    """Reads the files named above by their public names."""

    prefix = ""

    def path(self, name: str) -> str:
        """Where the file with this public name lies."""
        return str(settings.ROOT / FILES[name])


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Every file under a name that changes with its content, imports between modules followed, gzip beside it.

    A name that is not in the manifest is an error. Source maps are not ours to serve, so their mention is passed over.
    """

    manifest_strict = True
    patterns = _PATTERNS


@cache
def own_modules() -> dict[str, str]:
    """Bare name → public name of each part's own JavaScript modules."""
    found: dict[str, str] = {}
    for app in apps.get_app_configs():
        folder = Path(app.path) / "static" / app.label
        if app.name.startswith("kaimen."):
            found |= {f"{app.label}/{path.stem}": f"{app.label}/{path.name}" for path in sorted(folder.glob("*.js"))}
    return found


def import_map() -> dict[str, dict[str, str]]:
    """The import map of every page: modules name each other without knowing hashed addresses."""
    return {"imports": {bare: static(public) for bare, public in (PACKAGES | own_modules()).items()}}
