"""What belongs together: our grammar groups a rule as SQL does. sqlglot reads the same text, here and nowhere else."""

import random

import pytest
import sqlglot
from sqlglot import exp

from kaimen.rules import FieldType, Type, Vocabulary, parse, tree

VOCABULARY = Vocabulary(
    {name: FieldType(Type.BOOLEAN) for name in "abc"} | {name: FieldType(Type.INTEGER) for name in "xyz"}
)
SIGNS: dict[type, str] = {
    exp.EQ: "=", exp.NEQ: "<>", exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">=",
    exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.And: "and", exp.Or: "or",
}  # fmt: skip
WORDS = {tree.Not: "not", tree.In: "in", tree.Between: "between", tree.IsAbsent: "is", tree.Negate: "-"}
Shape = object  # a name, or a sign and the shapes it joins


def ours(node: tree.Node) -> Shape:
    """The shape of one of our trees."""
    below = [ours(one) for one in tree.children(node)]
    match node:
        case tree.And() | tree.Or():
            found = below[0]
            for one in below[1:]:
                found = ("and" if isinstance(node, tree.And) else "or", found, one)
            return found
        case tree.Compare(operator=sign) | tree.Arithmetic(operator=sign):
            return (sign, *below)
        case tree.Field(name=name):
            return name
        case tree.Literal(value=int(value)):
            return ("-", str(-value)) if value < 0 else str(value)
    return (WORDS[type(node)], *below)


def theirs(node: exp.Expr) -> Shape:  # noqa: PLR0911 — one a kind of node
    """The shape of one of sqlglot's."""
    match node:
        case exp.Paren():
            return theirs(node.this)
        case exp.Column() | exp.Literal():
            return str(node.name)
        case exp.Not():
            return ("not", theirs(node.this))
        case exp.Neg() | exp.Is():
            return ("-" if isinstance(node, exp.Neg) else "is", theirs(node.this))
        case exp.In():
            return ("in", theirs(node.this), *map(theirs, node.expressions))
        case exp.Between():
            return ("between", theirs(node.this), theirs(node.args["low"]), theirs(node.args["high"]))
    return (SIGNS[type(node)], theirs(node.this), theirs(node.expression))


def _condition(chance: random.Random, depth: int) -> str:
    if depth == 0:
        return chance.choice(["a", "b", "c", "x is null", "y is not null"])
    one, two = (_condition(chance, depth - 1) for _ in range(2))
    x, y, z = (_number(chance, 2) for _ in range(3))
    return chance.choice(
        [
            f"{one} and {two}", f"{one} or {two}", f"not {one}", f"({one})", f"{x} = {y}", f"{x} <> {y}", f"{x} >= {y}",
            f"{x} between {y} and {z}", f"{x} not between {y} and {z}", f"{x} in (1, 2)", f"{x} not in (-3)",
        ]
    )  # fmt: skip


def _number(chance: random.Random, depth: int) -> str:
    if depth == 0:
        return chance.choice(["x", "y", "z", "1", "2"])
    one, two = (_number(chance, depth - 1) for _ in range(2))
    return chance.choice([f"{one} + {two}", f"{one} - {two}", f"{one} * 2", f"-({two})", "-x", f"({one})", one])


@pytest.mark.parametrize("seed", range(10))
def test_a_rule_is_grouped_as_in_sql(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(60):
        text = _condition(chance, 3).replace("- -", "- 1 -")
        assert ours(parse(text, VOCABULARY).tree) == theirs(sqlglot.parse_one(text)), text
