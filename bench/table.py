"""What a measurement is, and how it is shown and kept."""

import json
import os
import platform
import sqlite3
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from kaimen.kit import clock

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Row:
    """One figure. `goal` is what it should be: at most, or at least, by `better`."""

    what: str
    value: float
    unit: str
    goal: float | None = None
    better: Literal["less", "more"] = "less"

    @property
    def met(self) -> bool | None:
        """Whether the goal was met; None where there is none."""
        if self.goal is None:
            return None
        return self.value <= self.goal if self.better == "less" else self.value >= self.goal


def p95(values: list[float]) -> float:
    """The value that 95 in 100 stay at or below."""
    return sorted(values)[max(0, -(-len(values) * 95 // 100) - 1)]


def machine() -> dict[str, str]:
    """What the figures were measured on."""
    return {
        "processor": _processor(),
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB",
        "system": platform.platform(terse=True),
        "python": sys.version.split()[0],
        "sqlite": sqlite3.sqlite_version,
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def markdown(part: str, rows: list[Row]) -> str:
    """The table, with the machine and the day under it."""
    lines = [f"# {part}", "", "| what | measured | goal | |", "|---|---:|---:|---|"]
    for row in rows:
        goal = "" if row.goal is None else f"{'≤' if row.better == 'less' else '≥'} {_number(row.goal)} {row.unit}"
        met = {None: "", True: "met", False: "**missed**"}[row.met]
        lines.append(f"| {row.what} | {_number(row.value)} {row.unit} | {goal} | {met} |")
    about = ", ".join(f"{name} {value}" for name, value in machine().items())
    return "\n".join([*lines, "", f"{clock.now().date().isoformat()}; {about}.", ""])


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:,.3g}"


def keep(part: str, rows: list[Row]) -> None:
    """Write the result beside the others."""
    RESULTS.mkdir(exist_ok=True)
    record = {
        "part": part,
        "day": clock.now().date().isoformat(),
        "machine": machine(),
        "rows": [asdict(row) | {"met": row.met} for row in rows],
    }
    (RESULTS / f"{part}.json").write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", "utf-8")
    (RESULTS / f"{part}.md").write_text(markdown(part, rows), "utf-8")
