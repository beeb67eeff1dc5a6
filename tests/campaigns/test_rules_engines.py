"""The differential campaign finds a difference that was planted; else its silence would say nothing."""

import random
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from kaimen.rules import sql
from kaimen.rules.tree import Compare, Field, Span, Type
from tests.campaigns import rules_engines as engines
from tests.campaigns.rules_engines import Batch, a_batch, by_javascript, by_python, by_sql, nothing_differs

# What is written otherwise in the SQL: a comparison, a closed world, `least` with NULL, days the wrong way round …
PLANTED_IN_SQL: dict[str, Callable[[str], str]] = {
    "<= is <": lambda text: text.replace(" <= ", " < "),
    "and is or": lambda text: text.replace(" AND ", " OR "),
    "a closed world is open": lambda text: text.replace("IS NOT NULL AND", "IS DISTINCT FROM NULL OR TRUE AND"),
    "an absent yes or no is unknown": lambda text: text.replace(", FALSE)", ", NULL)"),
    "least passes over null": lambda text: text.replace("CASE WHEN", "CASE WHEN TRUE OR"),
    "no calendar ends": lambda text: text.replace("BETWEEN 0 AND 3652058", "IS NOT NULL"),
    "the calendar ends a day early": lambda text: text.replace("AND 3652058", "AND 3652057"),
    "days begin in 1970": lambda text: text.replace("DATE '0001-01-0", "DATE '1970-01-0"),
    "five places": lambda text: text.replace("DECIMAL(18,6)", "DECIMAL(18,5)"),
    "text has no case": lambda text: text.replace('"binary"', '"nocase"'),
    "text has no accents": lambda text: text.replace('"binary"', '"noaccent"'),
    "unknown is no": lambda text: f"coalesce({text}, FALSE)" if "::" not in text else text,
}
PLANTED_IN_JAVASCRIPT = {
    "eight places": ("const PLACES = 12", "const PLACES = 8"),
    "every hundred years is a leap year": ("year % 100 !== 0", "true"),
    "the calendar ends a day early": ("LAST_DAY = 3652058n", "LAST_DAY = 3652057n"),
    "a closed world is open": ("if (closed.some((field) => field(asked) === null)) return false;", ""),
    "no is unknown beside unknown": (
        "values.includes(false) ? false : values.includes(null) ? null : true",
        "values.includes(null) ? null : !values.includes(false)",
    ),
    "the older value is in force": ("steps.findLast(", "steps.find("),
}


def batch_of(seed: int) -> Batch:
    """A tenth of a round."""
    return a_batch(random.Random(seed), 100, 30)


def differs(batch: Batch, engine: Callable[[Batch], Any]) -> bool:
    """Whether the engine answers anything otherwise than the Python function; a failure is a difference too."""
    try:
        nothing_differs(batch, by_python(batch), engine(batch))
    except (AssertionError, duckdb.Error):
        return True
    return False


@pytest.mark.parametrize("planted", PLANTED_IN_SQL)
def test_a_difference_planted_in_the_sql_is_found(planted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    change, written = PLANTED_IN_SQL[planted], sql.to_sql
    assert not differs(batch_of(1), by_sql)
    monkeypatch.setattr(engines, "to_sql", lambda tree, asked: change(written(tree, asked)))
    assert any(differs(batch_of(seed), by_sql) for seed in range(1, 21))


@pytest.mark.parametrize("planted", PLANTED_IN_JAVASCRIPT)
def test_a_difference_planted_in_the_javascript_is_found(planted: str, tmp_path: Path) -> None:
    before, after = PLANTED_IN_JAVASCRIPT[planted]
    text = engines.EVALUATE.read_text("utf-8")
    assert before in text
    changed = tmp_path / "evaluate.js"
    changed.write_text(text.replace(before, after), "utf-8")
    assert not differs(batch_of(1), by_javascript)
    assert any(differs(batch_of(seed), lambda batch: by_javascript(batch, changed)) for seed in range(1, 6))


def test_the_first_difference_is_told_with_its_rule_its_row_and_its_sql() -> None:
    field = Field("int_u1", Type.INTEGER, "unknown", Span(0, 6))
    batch = Batch([Compare("<", field, field, Span(0, 15))], [{"int_u1": 3}], date(2020, 3, 16))
    with pytest.raises(AssertionError, match=r'False and True on 2020-03-16: int_u1 < int_u1\n.*\n.*"int_u1"'):
        nothing_differs(batch, [[False]], [[True]])
