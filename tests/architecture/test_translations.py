"""Every word of the interface is there in Chinese."""

from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, nothing
from tools import messages

CODE = 'from django.utils.translation import gettext as _\nHELLO = _("Hello %(name)s")\n'
PAGE = (
    '<p title="{% translate "Open" context "door" %}">'
    "{% blocktranslate count n=n %}one{% plural %}{{ n }}{% endblocktranslate %}</p>"
)


@pytest.fixture
def part(tmp_path: Path) -> Path:
    """A part that says three things, all translated."""
    folder = tmp_path / "part"
    (folder / "templates" / "part").mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    (folder / "hello.py").write_text(CODE)
    (folder / "templates" / "part" / "page.html").write_text(PAGE)
    messages.update(messages.parts(tmp_path)[0])
    po = folder / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    for english, chinese in (("Hello %(name)s", "你好，%(name)s"), ("Open", "开"), ("%(n)s", "%(n)s 个")):
        put(po, english, chinese)
    return folder


def put(po: Path, english: str, chinese: str) -> None:
    before, found, after = po.read_text("utf-8").partition(f'"{english}"\n')
    assert found
    po.write_text(before + found + after.replace('""', f'"{chinese}"', 1), "utf-8")


def complaints(part: Path) -> list[str]:
    return [line.split(": ", 1)[1] for line in messages.problems(messages.parts(part.parent))]


def test_nothing_is_missing_fuzzy_obsolete_or_at_odds() -> None:
    nothing(messages.problems(messages.parts(ROOT / "src" / "kaimen")))


def test_what_is_translated_is_left_alone(part: Path) -> None:
    assert complaints(part) == []


def test_a_new_text_is_missing_until_it_is_translated(part: Path) -> None:
    (part / "hello.py").write_text(CODE + 'BYE = _("Bye")\n')
    assert "not translated: 'Bye'" in complaints(part)


def test_a_text_that_is_gone_is_obsolete_until_it_is_dropped(part: Path) -> None:
    (part / "hello.py").write_text("")
    assert "obsolete: 'Hello %(name)s'" in complaints(part)
    messages.update(messages.parts(part.parent)[0])
    assert complaints(part) == []


def test_a_lost_placeholder_is_found(part: Path) -> None:
    po = next(part.rglob("*.po"))
    po.write_text(po.read_text("utf-8").replace("你好，%(name)s", "你好"), "utf-8")
    assert complaints(part) == ["the placeholders differ: 'Hello %(name)s'"]


def test_a_fuzzy_translation_is_found(part: Path) -> None:
    po = next(part.rglob("*.po"))
    po.write_text(po.read_text("utf-8").replace('msgid "Hello', '#, fuzzy\nmsgid "Hello'), "utf-8")
    assert complaints(part) == ["fuzzy: 'Hello %(name)s'"]


def test_one_english_text_with_two_chinese_ones_is_found(part: Path, tmp_path: Path) -> None:
    other = tmp_path / "second"
    other.mkdir()
    (other / "__init__.py").write_text(CODE)
    messages.update(messages.parts(tmp_path)[1])
    put(next(other.rglob("*.po")), "Hello %(name)s", "%(name)s，您好")
    (line,) = complaints(part)
    assert "agree, or use a context" in line
