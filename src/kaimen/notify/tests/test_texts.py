"""Texts of the pack: written wrong, they are refused with file, line and remedy; filled, they say what was meant."""

import shutil
from pathlib import Path

import pytest

from kaimen.notify.definitions import MissingPlaceholder, Text, fill
from kaimen.packs import Pack, PackRefused, Words, read_folder

PACKS = Path(__file__).parents[4] / "packs"
GOOD = """\
text: hello
title: {zh-Hans: 您好, en: Hello}
placeholders: {name: whom we greet}
channels: [in-app, sms]
short: {zh-Hans: "{name}，您好", en: "Hello {name}"}
long: {zh-Hans: "{name}，您好。", en: "Hello {name}."}
"""


def read(folder: Path, text: str) -> Pack:
    """The template with one text of its own."""
    shutil.copytree(PACKS / "template", folder / "pack", ignore=shutil.ignore_patterns("texts"))
    (folder / "pack" / "texts").mkdir()
    (folder / "pack" / "texts" / "hello.yaml").write_text(text, "utf-8")
    return read_folder(folder / "pack")


def refusal(folder: Path, text: str) -> str:
    """What pack check says of the text."""
    with pytest.raises(PackRefused) as refused:
        read(folder, text)
    return str(refused.value)


def test_a_good_text_is_read(tmp_path: Path) -> None:
    (text,) = read(tmp_path, GOOD).all(Text)
    assert (text.slug, text.channels, text.title) == ("hello", ("in-app", "sms"), Words("您好", "Hello"))


def test_an_unknown_placeholder_is_refused_where_it_stands(tmp_path: Path) -> None:
    said = refusal(tmp_path, GOOD.replace('en: "Hello {name}."', 'en: "Hello {nmae}."'))
    assert "texts/hello.yaml:6: unknown placeholder {nmae}. Declared under placeholders: name" in said


def test_a_declared_placeholder_must_be_used(tmp_path: Path) -> None:
    said = refusal(tmp_path, GOOD.replace("{name: whom we greet}", "{name: whom we greet, day: when}"))
    assert "day is declared but never used" in said


@pytest.mark.parametrize("broken", ["{name", "{}", "{name!r}", "{name:>20}", "{name.secret}", "{0}"])
def test_a_placeholder_is_a_plain_name(tmp_path: Path, broken: str) -> None:
    said = refusal(tmp_path, GOOD.replace('"Hello {name}."', f'"Hello {{name}} {broken}."'))
    assert "a placeholder does not read" in said


def test_a_text_message_needs_the_short_form(tmp_path: Path) -> None:
    without = "\n".join(line for line in GOOD.splitlines() if not line.startswith("short"))
    assert "sms is a channel but there is no short form" in refusal(tmp_path, without)


def test_a_letter_needs_the_long_form(tmp_path: Path) -> None:
    without = "\n".join(line for line in GOOD.splitlines() if not line.startswith("long"))
    assert "a channel needs the long form" in refusal(tmp_path, without)


def test_a_text_message_has_an_end(tmp_path: Path) -> None:
    assert "short.en" in refusal(tmp_path, GOOD.replace('"Hello {name}"', '"Hello {name}' + "!" * 300 + '"'))


def test_what_is_filled_in_is_never_read_as_a_pattern() -> None:
    assert fill("Hello {name}, {{you}}", {"name": "{name} {secret}"}) == "Hello {name} {secret}, {you}"


def test_a_text_is_filled_whole_or_not_at_all(tmp_path: Path) -> None:
    (text,) = read(tmp_path, GOOD).all(Text)
    with pytest.raises(MissingPlaceholder, match="lacks name and does not know nmae"):
        text.check({"nmae": "x"})


@pytest.mark.parametrize("pack", ["template", "qingdao-2020"])
def test_both_packs_say_what_the_program_asks_of_them(pack: str) -> None:
    texts = {text.slug: set(text.placeholders) for text in read_folder(PACKS / pack).all(Text)}
    assert texts["join-code"] == {"code", "minutes"}
    assert {"pass-issued", "pass-revoked", "roster-confirmed"} <= set(texts)
