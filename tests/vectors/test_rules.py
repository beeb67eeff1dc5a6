"""The vectors of the rule language hold in every engine."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kaimen.rules import FieldType, ParameterValues, Type, Vocabulary, parse, read_row, read_value
from kaimen.rules.explaining import explain
from tests.campaigns.rules_engines import Batch, Engine, by_javascript, by_python, by_sql

FILES = sorted((Path(__file__).parent / "rules").glob("*.json"))


def batches(vectors: dict[str, Any]) -> list[tuple[Batch, dict[str, Any]]]:
    """Each case, and what it is to be asked of."""
    vocabulary = Vocabulary(
        {name: FieldType(Type(one["type"]), one["absent"]) for name, one in vectors["fields"].items()},
        {name: _parameter(name, one) for name, one in vectors["parameters"].items()},
    )
    return [
        (
            Batch(
                [parse(case["when"], vocabulary).tree],
                [read_row(case["row"], vocabulary.types)],
                date.fromisoformat(case["as_of"]),
                vocabulary,
            ),
            case,
        )
        for case in vectors["cases"]
    ]


def _parameter(name: str, data: dict[str, Any]) -> ParameterValues:
    kind = Type(data["type"])
    dated = []
    for since, written in data["values"].items():
        value = read_value(name, written, kind)
        assert value is not None
        dated.append((date.fromisoformat(since), value, ""))
    return ParameterValues(kind, tuple(dated))


def by_explaining(batch: Batch) -> list[list[Any]]:
    """What the explanation says the answer is."""
    return [[explain(one, row, batch.day).value for row in batch.rows] for one in batch.expressions]


@pytest.mark.parametrize("engine", [by_python, by_explaining, by_sql, by_javascript])
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_vectors_hold(path: Path, engine: Engine) -> None:
    cases = batches(json.loads(path.read_text("utf-8")))
    days = {batch.day for batch, _ in cases}
    for day in sorted(days):
        todays = [(batch, case) for batch, case in cases if batch.day == day]
        rows = [batch.rows[0] for batch, _ in todays]
        together = Batch([batch.trees[0] for batch, _ in todays], rows, day, todays[0][0].vocabulary)
        for place, (answers, (_, case)) in enumerate(zip(engine(together), todays, strict=True)):
            assert answers[place] is case["value"], case


def test_every_file_has_cases_with_each_answer() -> None:
    for path in FILES:
        cases = json.loads(path.read_text("utf-8"))["cases"]
        assert {case["value"] for case in cases} == {True, False, None}, path.name
