"""Static files of npm packages under names of our own."""

from pathlib import Path

from pytest_django import Settings

from kaimen.ui import static_files
from kaimen.ui.static_files import FILES, PACKAGES, NodeModules, Storage


def test_every_named_file_is_there_once_built() -> None:
    found = {name for name, _ in NodeModules().list(None)}
    assert found == set(FILES)


def test_a_public_name_leads_to_its_file_and_no_other() -> None:
    finder = NodeModules()
    assert finder.find("npm/htmx.js").endswith("node_modules/htmx.org/dist/htmx.esm.min.js")
    assert finder.find("npm/../package.json") is None
    assert finder.find("npm/htmx.js", find_all=True) == [finder.find("npm/htmx.js")]


def test_nothing_is_found_where_nothing_was_built(settings: Settings, tmp_path: Path) -> None:
    settings.ROOT = tmp_path
    assert NodeModules().find("npm/htmx.js") is None
    assert list(NodeModules().list(None)) == []


def test_every_package_of_the_import_map_is_a_named_file() -> None:
    assert set(PACKAGES.values()) <= set(FILES)
    assert static_files.own_modules()["ui/live"] == "ui/live.js"


def test_hashed_names_reach_into_modules_and_pass_over_source_maps(settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = str(tmp_path)
    (tmp_path / "a.js").write_text(
        'import { b } from "./b.js";\nimport h from "htmx.org";\n//# sourceMappingURL=a.map\n'
    )
    (tmp_path / "b.js").write_text('export const b = 1;\nawait import("htmx.org");\n')
    storage = Storage(location=str(tmp_path))
    done = {name: hashed for name, hashed, _ in storage.post_process({n: (storage, n) for n in ("a.js", "b.js")})}
    written = (tmp_path / done["a.js"]).read_text()
    assert f'from "./{done["b.js"]}"' in written
    assert 'from "htmx.org"' in written
