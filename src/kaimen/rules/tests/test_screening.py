"""Screening: the answers of the Python function, whatever the order, the files and the threads; and a locked door."""

import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from kaimen.rules import FieldType, ParameterValues, Type, Vocabulary, compile_rules, parse
from kaimen.rules.columns import CannotScreen
from kaimen.rules.screening import Database, LimitReached, Limits, Plan, Room, room

DAY = date(2020, 3, 16)
VOCABULARY = Vocabulary(
    {
        "temperature": FieldType(Type.DECIMAL), "symptoms": FieldType(Type.BOOLEAN, "false"),
        "onset": FieldType(Type.DATE), "hardship": FieldType(Type.STRING, "false"), "months": FieldType(Type.INTEGER),
    },
    {"fever": ParameterValues(Type.DECIMAL, ((date(2020, 1, 25), Decimal("37.3"), "notice 1"),))},
)  # fmt: skip
PLAN = Plan(
    criteria={
        "warm": parse("temperature >= fever or (symptoms and days_between(onset, as_of) <= 14)", VOCABULARY),
        "poor": parse("hardship in ('H1', 'H2', 'H3')", VOCABULARY),
        "insured": parse("months between 1 and 12", VOCABULARY),
    },
    amounts={"due": parse("least(months * 100.50, 500)", VOCABULARY, Type.DECIMAL)},
    groups=["district"],
)
FIELDS = tuple(VOCABULARY.fields)
Rows = list[tuple[object, ...]]


def rows(count: int = 2_000) -> Rows:
    """id, district, then the fields."""
    chance = random.Random(7)
    return [
        (
            number,
            chance.choice(("laoshan", "shinan", "é", None)),
            chance.choice((None, Decimal("36.5"), Decimal("37.3"), Decimal("39"))),
            chance.choice((None, True, False)),
            chance.choice((None, date(1969, 12, 31), date(2020, 3, 1), date(2020, 3, 2))),
            chance.choice((None, "H1", "h1", "H3", "")),
            chance.choice((None, 0, 1, 7, 12, 13)),
        )
        for number in range(count)
    ]


def given(values: Rows, types: str = "DECIMAL(4,1), BOOLEAN, DATE, VARCHAR, INTEGER") -> Callable[[Database], object]:
    """Loads the rows into `given`."""
    columns = ", ".join(f'"{name}" {kind}' for name, kind in zip(FIELDS, types.split(", "), strict=True))

    def load(database: Database) -> None:
        database.execute(f"CREATE TABLE given (id BIGINT, district VARCHAR, {columns})")
        if values:
            listed = ", ".join(f"unnest(CAST(? AS {kind}[]))" for kind in ("BIGINT", "VARCHAR", *types.split(", ")))
            database.execute(
                f"INSERT INTO given SELECT {listed}", [list(column) for column in zip(*values, strict=True)]
            )

    return load


def parquet(folder: Path, values: Rows, files: int = 1) -> list[Path]:
    """The rows in Parquet files."""
    paths = [folder / f"part-{number}.parquet" for number in range(files)]
    with duckdb.connect() as database:
        given(values)(database)
        for number, path in enumerate(paths):
            database.execute(f"COPY (SELECT * FROM given WHERE id % {files} = {number} ORDER BY rowid) TO '{path}'")
    return paths


def loaded(values: Rows) -> AbstractContextManager[Room]:
    """A room that holds the rows."""
    return room(load=given(values))


def expected(values: Rows) -> dict[object, tuple[object, int, int, object]]:
    """id → district, failed, unknown and the amount, by the Python function."""
    function = compile_rules([*PLAN.criteria.values(), *PLAN.amounts.values()])
    found = {}
    for number, district, *held in values:
        *answers, due = function(dict(zip(FIELDS, held, strict=True)), DAY)  # type: ignore[arg-type]
        failed = sum(1 << bit for bit, answer in enumerate(answers) if answer is False)
        unknown = sum(1 << bit for bit, answer in enumerate(answers) if answer is None)
        found[number] = (district, failed, unknown, None if failed else due)
    return found


def test_everybody_has_the_masks_and_amounts_of_the_python_function() -> None:
    values = rows()
    with loaded(values) as place:
        screened = place.screen(replace(PLAN, everybody=True), DAY)
        found = {one[0]: (one[1], one[3], one[4], one[2]) for one in screened.people(batch=300)}
    assert found == expected(values)
    assert screened.rows == len(values)


def test_the_rest_are_those_who_fail_nothing_for_certain() -> None:
    values = rows()
    with loaded(values) as place:
        found = {one[0]: (one[1], one[3], one[4], one[2]) for one in place.screen(PLAN, DAY).people()}
    assert found == {number: one for number, one in expected(values).items() if one[1] == 0}
    assert {one[2] for one in found.values()} == {0, 1, 4, 5}  # no row of a closed world is unknown


def test_groups_count_rows_and_sum_what_is_known() -> None:
    values = rows()
    with loaded(values) as place:
        groups = place.screen(PLAN, DAY).groups()
    wanted = [one for one in expected(values).values() if one == ("laoshan", 0, 1, one[3])]
    [group] = [one for one in groups if (one.values, one.unknown) == (("laoshan",), 1)]
    assert group.rows == len(wanted) > 0
    assert Decimal(group.sums[0] or 0) == sum(one[3] for one in wanted if isinstance(one[3], int | Decimal))
    assert (None,) in {one.values for one in groups}


def test_the_digest_does_not_depend_on_order_files_threads_or_other_columns(tmp_path: Path) -> None:
    values = rows()
    with room(parquet(tmp_path, values)) as place:
        digest = place.screen(PLAN, DAY).digest()
    shuffled = random.Random(1).sample(values, len(values))
    with room(parquet(tmp_path, shuffled, files=5), Limits(threads=1)) as place:
        assert place.screen(PLAN, DAY).digest() == digest

    def with_another_column(database: Database) -> None:
        given(values)(database)
        database.execute("ALTER TABLE given ADD COLUMN mood VARCHAR DEFAULT 'good'")

    with room(load=with_another_column, limits=Limits(threads=4)) as place:
        assert place.screen(PLAN, DAY).digest() == digest
        assert place.screen(PLAN, date(2020, 3, 15)).digest() != digest
    with loaded(values[1:]) as place:
        assert place.screen(PLAN, DAY).digest() != digest


@pytest.mark.parametrize("bit", [0, 1, 2])
def test_without_one_criterion_exactly_those_come_in_who_failed_it_alone(bit: int) -> None:
    name = list(PLAN.criteria)[bit]
    without = replace(PLAN, criteria={one: rule for one, rule in PLAN.criteria.items() if one != name})
    with loaded(rows()) as place:
        before = {one[0] for one in place.screen(PLAN, DAY).people()}
        failed = {one[0]: one[3] for one in place.screen(replace(PLAN, everybody=True), DAY).people()}
        after = {one[0] for one in place.screen(without, DAY).people()}
    assert after - before == {number for number, mask in failed.items() if mask == 1 << bit}
    assert before <= after


def test_the_room_is_locked(tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    files = parquet(tmp_path, rows(10))
    values = rows(10)  # a Python name must not be a table
    with room(files) as place:
        for query in (
            f"SELECT * FROM read_csv('{secret}')", f"COPY given TO '{tmp_path / 'out.csv'}'", "SELECT * FROM values",
            f"ATTACH '{tmp_path / 'other.db'}'", "SET threads = 8", "SET enable_external_access = true",
            "INSTALL httpfs", "RESET memory_limit", "SELECT * FROM 'https://example.org/a.parquet'",
        ):  # fmt: skip
            with pytest.raises(duckdb.Error):
                place._ask(query)
        assert place._ask("SELECT count(*) FROM given") == [(len(values),)]


def test_a_screening_is_stopped_at_its_limits() -> None:
    everything = Plan({"all": parse("true", VOCABULARY)}, key=["a", "b"])

    def endless(database: Database) -> None:
        database.execute(
            "CREATE VIEW given AS SELECT x.range AS a, y.range AS b FROM range(10000000000) x, range(10000000000) y"
        )

    with room(load=endless, limits=Limits(seconds=0.2)) as place, pytest.raises(LimitReached, match=r"0\.2 seconds"):
        place.screen(everything, DAY)
    with room(load=endless, limits=Limits(memory="20MB")) as place, pytest.raises(LimitReached, match="20MB"):
        place.screen(everything, DAY)


@pytest.mark.parametrize(("types", "said"), [
    ("DOUBLE, BOOLEAN, DATE, VARCHAR, INTEGER", r"temperature is DOUBLE; the rule wants DECIMAL\(18,6\)"),
    ("DECIMAL(18,7), BOOLEAN, DATE, VARCHAR, INTEGER", r"temperature is DECIMAL\(18,7\)"),
    ("DECIMAL(4,1), INTEGER, DATE, VARCHAR, INTEGER", "symptoms is INTEGER; the rule wants BOOLEAN"),
    ("DECIMAL(4,1), BOOLEAN, TIMESTAMP, VARCHAR, INTEGER", "onset is TIMESTAMP; the rule wants DATE"),
    ("DECIMAL(4,1), BOOLEAN, DATE, BLOB, INTEGER", "hardship is BLOB; the rule wants VARCHAR"),
])  # fmt: skip
def test_a_column_that_does_not_hold_the_field_exactly_is_refused(types: str, said: str) -> None:
    with room(load=given([], types)) as place, pytest.raises(CannotScreen, match=said):
        place.screen(PLAN, DAY)


@pytest.mark.parametrize(("types", "field", "value"), [
    ("DECIMAL(38,6), BOOLEAN, DATE, VARCHAR, BIGINT", 0, Decimal("1000000000000")),
    ("HUGEINT, BOOLEAN, DATE, VARCHAR, BIGINT", 0, 10**12),
    ("DECIMAL(4,1), BOOLEAN, DATE, VARCHAR, BIGINT", 4, 10**16),
    ("DECIMAL(4,1), BOOLEAN, DATE, VARCHAR, UBIGINT", 4, 2**64 - 1),
    ("DECIMAL(4,1), BOOLEAN, DATE, VARCHAR, BIGINT", 2, "infinity"),
    ("DECIMAL(4,1), BOOLEAN, DATE, VARCHAR, BIGINT", 2, "10000-01-01"),
    ("DECIMAL(4,1), BOOLEAN, DATE, VARCHAR, BIGINT", 2, "0044-03-15 (BC)"),
])  # fmt: skip
def test_a_value_beyond_what_a_rule_may_read_is_refused(types: str, field: int, value: object) -> None:
    held: list[object] = [None] * len(FIELDS)
    held[field] = value
    with room(load=given([(1, "laoshan", *held)], types)) as place, pytest.raises(CannotScreen, match=FIELDS[field]):
        place.screen(PLAN, DAY)


def test_a_column_that_is_missing_is_named_with_what_may_be_meant() -> None:
    with loaded([]) as place, pytest.raises(CannotScreen, match=r"no column districts; is it district\?"):
        place.screen(replace(PLAN, groups=["districts"]), DAY)


def test_a_plan_that_cannot_be_screened_is_refused() -> None:
    yes, number = parse("symptoms", VOCABULARY), parse("months", VOCABULARY, Type.INTEGER)
    plans: tuple[dict[str, Any], ...] = (
        {"criteria": {}}, {"criteria": {str(one): yes for one in range(64)}}, {"criteria": {"a": number}},
        {"criteria": {"a": yes}, "amounts": {"b": yes}}, {"criteria": {"a": yes}, "key": ["failed"]},
        {"criteria": {"a": yes}, "amounts": {"ID": number}},
    )  # fmt: skip
    for plan in plans:
        with pytest.raises(CannotScreen):
            Plan(**plan)


def test_an_amount_too_large_to_be_summed_is_refused() -> None:
    huge = parse("months * months", VOCABULARY, Type.INTEGER)
    with loaded([]) as place, pytest.raises(CannotScreen, match="more than 28 digits"):
        place.screen(replace(PLAN, amounts={"due": huge}), DAY)


def test_sixty_three_criteria_have_sixty_three_bits() -> None:
    never = parse("months < 0", VOCABULARY)
    plan = Plan({str(bit): never for bit in range(63)}, everybody=True)
    with loaded([(1, "a", None, None, None, None, 5), (2, "a", None, None, None, None, None)]) as place:
        assert sorted(place.screen(plan, DAY).people()) == [(1, 2**63 - 1, 0), (2, 0, 2**63 - 1)]
