# ruff: noqa: S608 — every query is made of quoted names, typed literals and the SQL of checked trees
"""Rules over millions of rows: who is out for certain, who is in, and for whom it cannot be said yet.

Two phases in one query: whoever surely fails a criterion is dropped first, cheaply; masks and amounts are worked out
for the rest only. Bit i of a mask stands for criterion i. DuckDB works behind a locked door: no file but the input, no
network, no setting that could still be changed, and limits to memory, threads and time.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from threading import Timer
from typing import Any

import duckdb

from kaimen.kit import canonical
from kaimen.kit.words import Words
from kaimen.rules.columns import CannotScreen, check_columns, check_ranges
from kaimen.rules.parsing import Expression
from kaimen.rules.sizes import MOST_DIGITS, size_of
from kaimen.rules.sql import COLUMNS, Asked, name_sql, text_sql, to_sql
from kaimen.rules.tree import Field, Type, walk

GIVEN = "given"  # the table or view that is screened
MOST_CRITERIA = 63  # a mask is a signed integer of 64 bits
_SUMMED = 10  # an amount leaves room for the sum over 10^10 rows
Database = duckdb.DuckDBPyConnection


class LimitReached(RuntimeError):
    """Raised when a screening was stopped at its limit of time or memory."""


@dataclass(frozen=True)
class Limits:
    """What a screening may take. It never spills to disk: what does not fit into `memory` is stopped."""

    memory: str = "1GB"
    threads: int = 2
    seconds: float = 300.0


@dataclass(frozen=True)
class Plan:
    """What is asked: criteria by name, in the order of their bits, and amounts by name.

    `key` are the columns that name a row, `groups` those that results are counted by. With `everybody`, those who fail
    stay, with the mask of what they fail. Raises CannotScreen.
    """

    criteria: Mapping[str, Expression]
    amounts: Mapping[str, Expression] = field(default_factory=dict)
    key: Sequence[str] = ("id",)
    groups: Sequence[str] = ()
    everybody: bool = False

    def __post_init__(self) -> None:
        count = len(self.criteria)
        if not 0 < count <= MOST_CRITERIA:
            raise CannotScreen(Words(f"有 {count} 个条件，应为 1 至 {MOST_CRITERIA} 个",
                                     f"There are {count} criteria; give 1 to {MOST_CRITERIA}"))  # fmt: skip
        for name, criterion in self.criteria.items():
            if criterion.tree.type is not Type.BOOLEAN:
                raise CannotScreen(Words(f"条件 {name} 不是是否值", f"The criterion {name} is no yes or no"))
        for name, amount in self.amounts.items():
            if amount.tree.type not in {Type.INTEGER, Type.DECIMAL}:
                raise CannotScreen(Words(f"金额 {name} 不是数", f"The amount {name} is no number"))
        columns = [*self.columns, "failed", "unknown"]
        if len({name.lower() for name in columns}) < len(columns):
            raise CannotScreen(Words("结果中有两列同名", "Two columns of the result have one name"))

    @property
    def columns(self) -> list[str]:
        """The columns of the result besides the masks."""
        return [*self.key, *self.groups, *self.amounts]

    @property
    def fields(self) -> dict[str, Type]:
        """What the rules read. Raises CannotScreen when two of them take one field for different things."""
        found: dict[str, Type] = {}
        for expression in (*self.criteria.values(), *self.amounts.values()):
            for node in walk(expression.tree):
                if isinstance(node, Field) and found.setdefault(node.name, node.type) is not node.type:
                    raise CannotScreen(Words(f"字段 {node.name} 在两条规则里类型不同",
                                             f"Two rules take the field {node.name} for different types"))  # fmt: skip
        return found


@dataclass(frozen=True)
class Group:
    """Rows with the same values of `groups` and the same masks: how many, and the sum of each amount that is known."""

    values: tuple[str | None, ...]
    failed: int
    unknown: int
    rows: int
    sums: tuple[str | None, ...]


@contextmanager
def room(
    files: Sequence[Path] = (), limits: Limits | None = None, load: Callable[[Database], object] | None = None
) -> Iterator["Room"]:
    """A locked DuckDB that holds the input as `given`: Parquet `files`, or what `load` makes before the lock falls."""
    limits = limits or Limits()
    with duckdb.connect(
        config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
    ) as database:
        if load is not None:
            load(database)
        _lock(database, files, limits)
        if files:
            listed = ", ".join(text_sql(str(path)) for path in files)
            database.execute(f"CREATE VIEW {GIVEN} AS SELECT * FROM read_parquet([{listed}])")
        yield Room(database, limits)


def _lock(database: Database, files: Sequence[Path], limits: Limits) -> None:
    listed = ", ".join(text_sql(str(path)) for path in files)
    for setting in (
        f"memory_limit = {text_sql(limits.memory)}",
        f"threads = {int(limits.threads)}",
        "temp_directory = ''",
        "default_collation = ''",
        "preserve_insertion_order = false",
        "python_enable_replacements = false",
        f"allowed_paths = [{listed}]",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        database.execute(f"SET {setting}")


class Room:
    """Where screenings are made over one input."""

    def __init__(self, database: Database, limits: Limits) -> None:
        self._database, self._limits = database, limits
        self._made = 0

    def screen(self, plan: Plan, as_of: date) -> "Screened":
        """Who of `given` is in, out or unknown on a day.

        Raises CannotScreen for a column that is missing, of another type or beyond its range, LimitReached.
        """
        query = screening_sql(plan, as_of)
        check_columns(self._ask(f"DESCRIBE {GIVEN}"), plan.fields, [*plan.key, *plan.groups])
        check_ranges(self._ask, GIVEN, plan.fields)
        self._made += 1
        table = f"screened{self._made}"
        self._ask(f"CREATE TABLE {table} AS {query}")
        [(rows,)] = self._ask(f"SELECT count(*) FROM {GIVEN}")
        return Screened(plan, as_of, query, rows, table, self._ask)

    def _ask(self, query: str) -> list[tuple[Any, ...]]:
        timer = Timer(self._limits.seconds, self._database.interrupt)
        timer.start()
        try:
            return self._database.execute(query).fetchall()
        except duckdb.InterruptException as error:
            raise LimitReached(f"stopped after {self._limits.seconds} seconds") from error
        except duckdb.OutOfMemoryException as error:
            raise LimitReached(f"needs more memory than {self._limits.memory}") from error
        finally:
            timer.cancel()


@dataclass(frozen=True)
class Screened:
    """What came out. `rows` is how many were looked at; the rest lies in a table for as long as the room is open."""

    plan: Plan
    as_of: date
    sql: str
    rows: int
    _table: str
    _ask: Callable[[str], list[tuple[Any, ...]]]

    def people(self, batch: int = 100_000) -> Iterator[tuple[Any, ...]]:
        """Row by row, in no order: the key, the groups, the amounts, `failed`, `unknown`."""
        columns = ", ".join(map(name_sql, [*self.plan.columns, "failed", "unknown"]))
        [(count,)] = self._ask(f"SELECT count(*) FROM {self._table}")
        for first in range(0, count, batch):
            within = f"rowid >= {first} AND rowid < {first + batch}"
            yield from self._ask(f"SELECT {columns} FROM {self._table} WHERE {within}")

    def groups(self) -> list[Group]:
        """Counts and sums by group and masks, in one order for every run."""
        by = ", ".join([*(f"CAST({name_sql(name)} AS VARCHAR)" for name in self.plan.groups), "failed", "unknown"])
        sums = "".join(f", CAST(sum({name_sql(name)}) AS VARCHAR)" for name in self.plan.amounts)
        found = self._ask(f"SELECT {by}, count(*){sums} FROM {self._table} GROUP BY ALL")
        width = len(self.plan.groups)
        groups = [Group(row[:width], row[width], row[width + 1], row[width + 2], row[width + 3 :]) for row in found]
        return sorted(groups, key=lambda group: canonical.encode([list(group.values), group.failed, group.unknown]))

    def digest(self) -> bytes:
        """SHA-256 of the groups: equal runs have equal digests, in whatever order the rows lay and were worked on."""
        groups = [[list(one.values), one.failed, one.unknown, one.rows, list(one.sums)] for one in self.groups()]
        return hashlib.sha256(b"kaimen screening 1\0" + canonical.encode([self.rows, groups])).digest()

    @property
    def engine(self) -> str:
        """What worked it out."""
        return f"duckdb {duckdb.__version__}"


def screening_sql(plan: Plan, as_of: date) -> str:
    """The query of a screening: `asked` types the columns, `rest` drops and answers, then come masks and amounts."""
    criteria = [to_sql(one.tree, _asked(one, as_of)) for one in plan.criteria.values()]
    amounts = {name: _amount_sql(name, one, as_of) for name, one in plan.amounts.items()}
    kept = [(f"kept:{place}", name) for place, name in enumerate([*plan.key, *plan.groups])]
    typed = [f"CAST({name_sql(name)} AS {COLUMNS[kind]}) AS {name_sql(name)}" for name, kind in plan.fields.items()]
    columns = [f"{name_sql(name)} AS {name_sql(inner)}" for inner, name in kept]
    answers = [f"{answer} AS {_answer(bit)}" for bit, answer in enumerate(criteria)]
    stays = "" if plan.everybody else "WHERE " + "\n AND ".join(f"{one} IS DISTINCT FROM FALSE" for one in criteria)
    failed = _mask(len(criteria), "{} IS FALSE") if plan.everybody else "CAST(0 AS BIGINT)"
    result = [
        *(f"{name_sql(inner)} AS {name_sql(name)}" for inner, name in kept),
        *(f"{_for_the_rest(amount, failed, plan)} AS {name_sql(name)}" for name, amount in amounts.items()),
        f"{failed} AS failed",
        f"{_mask(len(criteria), '{} IS NULL')} AS unknown",
    ]
    return "\n".join([
        f"WITH asked AS (SELECT {', '.join([*columns, *typed])} FROM {GIVEN}),",
        f"rest AS (SELECT *, {', '.join(answers)} FROM asked {stays})",
        f"SELECT {', '.join(result)} FROM rest",
    ])  # fmt: skip


def _for_the_rest(amount: str, failed: str, plan: Plan) -> str:
    return f"CASE WHEN {failed} = 0 THEN {amount} END" if plan.everybody else amount


def _asked(expression: Expression, as_of: date) -> Asked:
    return Asked.on(as_of, expression.vocabulary.parameters)


def _amount_sql(name: str, amount: Expression, as_of: date) -> str:
    asked = _asked(amount, as_of)
    if size_of(amount.tree, asked.sizes).digits > MOST_DIGITS - _SUMMED:
        raise CannotScreen(Words(f"金额 {name} 可能超过 {MOST_DIGITS - _SUMMED} 位，无法合计；请用 least(…, …) 限定",
                                 f"The amount {name} may have more than {MOST_DIGITS - _SUMMED} digits and could not be"
                                 " summed; bound it by least(…, …)"))  # fmt: skip
    return to_sql(amount.tree, asked)


def _answer(bit: int) -> str:
    return name_sql(f"answer:{bit}")


def _mask(count: int, condition: str) -> str:
    bits = (
        f"CASE WHEN {condition.format(_answer(bit))} THEN CAST({1 << bit} AS BIGINT) ELSE 0 END" for bit in range(count)
    )
    return f"({' | '.join(bits)})"
