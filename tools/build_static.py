"""Builds what a server hands out: the style sheet, and every static file under its hashed name.

`make build/static.ready` calls this when a source has changed.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STYLES = ROOT / "src" / "kaimen" / "ui" / "styles"
SHEET = ROOT / "build" / "css" / "kaimen.css"


def newest(paths: Iterable[Path]) -> float:
    """When the youngest of these files was changed; 0 when there is none."""
    return max((path.stat().st_mtime for path in paths), default=0.0)


def compile_styles() -> bool:
    """SCSS → one sheet, with sass from npm. True when there was something to do."""
    lock = ROOT / "package-lock.json"
    if SHEET.exists() and SHEET.stat().st_mtime >= newest([*STYLES.glob("*.scss"), lock]):
        return False
    node = shutil.which("node")
    if node is None:
        sys.exit("tools/build_static.py: node is not in PATH; run `make build/static.ready`, which puts it there")
    SHEET.parent.mkdir(parents=True, exist_ok=True)
    sass = [node, "node_modules/sass/sass.js", "--no-source-map", "--style=compressed", "--load-path=node_modules"]
    subprocess.run([*sass, str(STYLES / "kaimen.scss"), str(SHEET)], cwd=ROOT, check=True)
    return True


def collect() -> None:
    """Copy every static file to build/static under its hashed name, and write the manifest."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "kaimen.project.settings.demo",  # the part `demo` has static files too
        "KAIMEN_SECRET_KEY": "only for building",
        "KAIMEN_DATA": str(ROOT / "build" / "data"),
    }
    import django
    from django.core.management import call_command

    django.setup()
    call_command("collectstatic", interactive=False, verbosity=0)


def main() -> None:
    """Build what has changed."""
    compile_styles()
    collect()


if __name__ == "__main__":
    main()
