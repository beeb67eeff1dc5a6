"""What a pack may not say about colours, and where it is told so."""

import pytest

from kaimen.colours.definitions import NotADefinition, read_text
from kaimen.colours.tests.world import ROOT, TEXT, definition_of

BUILDING = (ROOT / "packs/template/status/building.yaml").read_bytes()


def test_a_definition_stands_by_itself_and_is_named_by_its_text() -> None:
    definition = definition_of()
    assert definition.digest == definition_of().digest != definition_of(TEXT + b"# more\n").digest
    assert (definition.usual, definition.list_value("green"), definition.list_value("red")) == ("green", 0, 1)
    assert [definition.colour_of(value) for value in (0, 1, 2)] == ["green", "red", "yellow"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"sources: 2", b"sources: 1", "two independent sources"),
        (b"colour: red", b"colour: purple", "no colour purple"),
        (b"rule: close-contact", b"rule: infected", "two rules are named infected"),
        (b"colour: yellow\n    lasts", b"colour: green\n    lasts", "what holds when no rule does"),
        (b"status: person", b"status: people", "Give both one name"),
        (b"zone: Asia/Shanghai", b"zone: Asia/Atlantis", "no time zone"),
        (
            b"evidence:    ",
            b"facts: {x: {type: integer, title: {zh-Hans: a, en: b}}}\nevidence: ",
            "signed evidence",
        ),
        (b"when: test_result = 'positive'\n", b"when: test_result = positive\n", "column 15"),
        (b"when: test_result = 'positive'\n", b"when: as_of = as_of\n", "reads no evidence"),
        (
            b"{type: boolean, title: {zh-Hans: \xe6\x8c\x81",
            b"{type: string, title: {zh-Hans: \xe6\x8c\x81",
            "has codes",
        ),
        (b'value: "37.3"', b"value: 37.3", "fever_line"),
        (b"value: 14", b"value: true", "whole number"),
        (b"lasts: P14D", b"lasts: forever", "lasts"),
        (b"dry_cough: {type", b"test_result: {type", "stands twice"),
    ],
)
def test_a_mistake_is_named_with_its_line(old: bytes, new: bytes, said: str) -> None:
    assert old in TEXT
    with pytest.raises(NotADefinition) as refused:
        definition_of(TEXT.replace(old, new))
    assert said in str(refused.value)
    assert str(refused.value).startswith("status/person.yaml:")


def test_rules_of_places_do_not_count_sources() -> None:
    with pytest.raises(NotADefinition, match="do not count sources"):
        read_text(
            "status/building.yaml",
            BUILDING.replace(b"  - rule: fever-open\n", b"  - rule: fever-open\n    sources: 2\n"),
        )


def test_a_rule_of_places_lasts_as_long_as_its_evidence() -> None:
    rule = b"  - rule: serious-problems\n"
    with pytest.raises(NotADefinition, match="last as long as the evidence"):
        read_text("status/building.yaml", BUILDING.replace(rule, rule + b"    lasts: P1D\n"))
