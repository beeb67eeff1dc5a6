"""A staff list of 20,000 people, from the bytes of the file to employments with passes: rows a second at each step."""

import io
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from bench.table import Row

if TYPE_CHECKING:
    from kaimen.register.models import Post

ROOT = Path(__file__).resolve().parents[1]
PEOPLE = 20_000
HEADING = ("姓名", "身份证号", "手机号", "部门", "楼层")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
T = TypeVar("T")


def run() -> list[Row]:
    """Measure in a process and a database of its own; passes and the first roster are part of it."""
    with tempfile.TemporaryDirectory(prefix="kaimen-import-") as folder:
        environ = os.environ | {"KAIMEN_DATA": folder, "DJANGO_SETTINGS_MODULE": "kaimen.project.settings.demo"}
        told = subprocess.run(
            [sys.executable, "-m", "bench.import_"], env=environ, cwd=ROOT, check=True, stdout=subprocess.PIPE
        )
    took: dict[str, float] = json.loads(told.stdout.splitlines()[-1])
    return [
        Row("read and check, .xlsx", PEOPLE / took["read"], "rows/s"),
        Row("show it to the clerk, each view", took["look"], "s"),
        Row("take: file, employ, issue passes, first roster", PEOPLE / took["take"], "rows/s"),
        Row("from the file to passes", PEOPLE / (took["read"] + took["look"] + took["take"]), "rows/s"),
        Row("show the same list again, when all are known", took["look again"], "s"),
    ]


def steps() -> dict[str, float]:
    """Each step in seconds; run where Django is set up and the database is empty."""
    from kaimen.register import staff_actions, staff_page  # noqa: PLC0415 — Django stands only now

    clerk, content = _clerk(), _file()
    took: dict[str, float] = {}
    took["read"], brought = _timed(lambda: staff_actions.bring(clerk, "staff.xlsx", content))
    took["look"], preview = _timed(lambda: staff_page.Preview(brought))
    took["take"], taken = _timed(lambda: staff_actions.take(clerk, brought, preview.answer))
    if (taken.new, taken.wrong) != (PEOPLE, 0):
        raise RuntimeError(f"{taken.new} people were taken and {taken.wrong} refused, of {PEOPLE}")
    again = staff_actions.bring(clerk, "staff.xlsx", content)
    took["look again"], _preview = _timed(lambda: staff_page.Preview(again))
    return took


def _timed(step: Callable[[], T]) -> tuple[float, T]:
    began = time.perf_counter()
    result = step()
    return time.perf_counter() - began, result


def _set_up() -> None:
    import django  # noqa: PLC0415

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    for database in ("default", "events"):
        call_command("migrate", database=database, verbosity=0)
    call_command("pack", "load", "packs/template", verbosity=0)


def _clerk() -> "Post":
    from kaimen.register.models import Organisation, Person, Place, Post  # noqa: PLC0415

    place = Place.objects.get(code="ferry-house")
    firm = Organisation.objects.create(name="云汀渡船厂", area=place.area)
    firm.premises.create(place=place)
    person = Person.objects.create(name="唐念北", area=place.area)
    return Post.objects.create(person=person, role="company-clerk", organisation=firm, since=date(2020, 1, 1))


def _file() -> bytes:
    """Written by openpyxl, which is not what reads it."""
    from openpyxl import Workbook  # noqa: PLC0415

    book = Workbook(write_only=True)
    page = book.create_sheet("名单")
    page.append(["花名册"])
    page.append(HEADING)
    for n in range(PEOPLE):
        page.append([f"陆{chr(0x4E00 + n % 5000)}", _id_number(n), f"139{n:08d}", "贸易一部", "15F"])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _id_number(n: int) -> str:
    """Nobody's: no district has the area code 370299."""
    start = f"370299{date.fromordinal(date(1965, 1, 1).toordinal() + n % 12_000):%Y%m%d}{n // 12_000 + 1:03d}"
    return start + "10X98765432"[sum(int(c) * w for c, w in zip(start, _WEIGHTS, strict=True)) % 11]


if __name__ == "__main__":
    _set_up()
    print(json.dumps(steps()))
