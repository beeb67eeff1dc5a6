"""What the reference shows as an example is a rule."""

import pytest

from kaimen.rules import FieldType, Type, Vocabulary, functions, grammar, parse
from kaimen.rules.vocabulary import RESERVED

VOCABULARY = Vocabulary(
    {name: FieldType(Type.BOOLEAN) for name in "abc"}
    | {"n": FieldType(Type.INTEGER), "x": FieldType(Type.DECIMAL), "code": FieldType(Type.STRING)}
    | {"onset": FieldType(Type.DATE), "contact": FieldType(Type.DATE, "false")}
)
EXAMPLES = [one.example for one in (*functions.OPERATORS, *functions.FUNCTIONS)]


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_a_rule_or_a_value(example: str) -> None:
    kinds = {"days_between": Type.INTEGER, "add_days": Type.DATE, "least": Type.INTEGER, "greatest": Type.DATE}
    arithmetic = {"-n", "n * 2", "n + 1"}
    wants = Type.INTEGER if example in arithmetic else kinds.get(example.partition("(")[0], Type.BOOLEAN)
    assert parse(example, VOCABULARY, wants).text == example


def test_every_word_and_sign_of_the_grammar_is_in_the_reference() -> None:
    shown = " ".join(f"{one.form} {one.example} {one.meaning.en}" for one in functions.OPERATORS)
    signs = {*grammar._COMPARISONS, *grammar._SUMS, *grammar._PRODUCTS}
    assert [word for word in sorted(signs | RESERVED - {"as_of", "true", "false"}) if word not in shown] == []
