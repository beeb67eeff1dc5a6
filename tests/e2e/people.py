"""People for the journeys. None exists: division 370299 is nobody's."""

from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook

from tests.e2e.stack import Stack

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True)
class Somebody:
    """A person as a clerk types them."""

    name: str
    number: str  # national ID
    phone: str


def somebody(serial: int, name: str) -> Somebody:
    """The `serial`th person (0 … 999): a checksum that holds, in a division that does not exist."""
    body = f"37029919900101{serial:03}"
    check = "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11]
    return Somebody(name, body + check, f"1540000{serial:04}")


def ugly_list(people: list[Somebody], path: Path, building: str) -> Path:
    """A staff list as firms keep it: a title row, headings in their own order, a blank row, full-width digits."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([f"员工花名册（{building}）", None, None, None])
    sheet.merge_cells("A1:D1")
    sheet.append([])
    sheet.append(["手机号码", "姓　名", "部门", "身份证号"])
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    for index, one in enumerate(people):
        phone = one.phone.translate(wide) if index % 2 else one.phone
        sheet.append([phone, f" {one.name} ", "综合部", one.number])
        sheet.append([])
    book.save(path)
    return path


def pass_of(stack: Stack, outsider: Somebody) -> str:
    """The code of a good pass whose person is on no list."""
    answer = stack.ask(
        "from django.conf import settings\n"
        "from kaimen import passes\n"
        "from kaimen.gate.actions import issue_pass\n"
        "from kaimen.kit.keys import SigningKey\n"
        "from kaimen.register.actions import file_person\n"
        "from kaimen.register.models import Area\n"
        "area = Area.objects.get(level='district')\n"
        f"person = file_person(None, {outsider.name!r}, {outsider.number!r}, None, area, 1)\n"
        "held = issue_pass(None, person, 'phone')\n"
        "answer = passes.issue(SigningKey.kept_at(settings.KEYS / 'centre'), held.index, held.expires)"
    )
    assert isinstance(answer, str)
    return answer
