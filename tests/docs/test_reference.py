"""What can be looked up is complete and is what the code says."""

from pathlib import Path

import pytest
from django.utils import translation

from tests.docs.pages import ROOT, settings_in
from tools import reference

SETTINGS = ROOT / "docs" / "reference" / "settings.md"


@pytest.fixture(autouse=True)
def _english() -> object:
    with translation.override("en"):
        yield


def test_the_reference_pages_are_what_the_code_says() -> None:
    assert reference.stale() == []


def test_the_published_schemas_are_those_of_the_program() -> None:
    assert reference.stale_schemas() == []


def test_a_page_that_was_changed_by_hand_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "reference"
    reference.write(folder)
    assert reference.stale(folder) == []
    (folder / "effects.md").write_text("another", "utf-8")
    (folder / "reasons.md").unlink()
    assert [line.split()[0] for line in reference.stale(folder)] == ["effects.md", "reasons.md"]


def test_every_setting_of_the_code_is_documented_and_no_other() -> None:
    code = [path.read_text("utf-8") for path in (ROOT / "src").rglob("*.py") if "tests" not in path.parts]
    assert settings_in(code) == settings_in([SETTINGS.read_text("utf-8")])


def test_a_setting_is_found_where_it_is_read() -> None:
    assert settings_in(['os.environ.get("KAIMEN_HOSTS", "")', "`KAIMEN_…`", "settings.KAIMEN_NODE_URL"]) == {
        "KAIMEN_HOSTS",
        "KAIMEN_NODE_URL",
    }


def test_keys_of_a_schema_are_listed_with_what_they_hold() -> None:
    schema = {
        "type": "object",
        "required": ["gate"],
        "properties": {
            "gate": {"enum": ["a", "b"]},
            "tree": {"type": "array", "items": {"$ref": "#/$defs/node"}},
        },
        "$defs": {"node": {"type": "object", "properties": {"below": {"$ref": "#/$defs/node"}}}},
    }
    assert dict(reference.keys(schema)) == {
        "gate": "one of `a`, `b`",
        "tree?": "list of `node`",
        "tree[].below?": "`node`",
    }
