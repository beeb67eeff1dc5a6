"""Staff lists as clerks have them. Everybody in them is made up: no district has the area code 370299."""

from datetime import date

from kaimen.ui.tests.other_writers import Rows, xlsx

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def id_number(n: int) -> str:
    """The ID number of the n-th made-up person: its checksum holds."""
    day = date.fromordinal(date(1965, 1, 1).toordinal() + n % 12_000)
    start = f"370299{day:%Y%m%d}{n // 12_000 + 1:03d}"
    return start + "10X98765432"[sum(int(c) * w for c, w in zip(start, _WEIGHTS, strict=True)) % 11]


def phone_number(n: int) -> str:
    """The mobile number of the n-th made-up person."""
    return f"139{n:08d}"


def name(n: int) -> str:
    """A made-up name."""
    return "陆程孟韩何周白宋许叶"[n % 10] + chr(0x4E00 + n // 10 % 2000) + chr(0x6000 + n // 20_000)


def people(count: int, first: int = 0) -> list[list[str]]:
    """Rows of name, ID number, phone, department, floor."""
    return [[name(n), id_number(n), phone_number(n), "贸易一部", "15F"] for n in range(first, first + count)]


HEADING = ["姓名", "身份证号", "手机号", "部门", "楼层"]


def ugly() -> bytes:
    """The file a clerk has: two titles, a heading two rows high in its own words, spaces, wide digits, a total."""
    rows: Rows = [
        ["澜石贸易有限公司返岗人员花名册", None, None, None, None, None, None],
        ["填表日期：2020年3月16日", None, None, None, None, None, None],
        [],
        ["序号", "员工姓名（必填）", "联系方式", None, "所在部门", "证件号码", "工资"],
        [None, None, "手机", "座机", None, None, None],
        [1, "陆 听雨", "１３９００００００２１", "", "贸易一部", id_number(21), 9000],
        [2, "程　归帆", 13900000022, "", "贸易一部", id_number(22).lower(), 8000],
        [
            3,
            "孟望舒",
            "139-0000-0023",
            "",
            "财务",
            f" {id_number(23)[:6]} {id_number(23)[6:14]} {id_number(23)[14:]} ",
            1,
        ],
        [4, "韩亦澄", "13900000024", "", "财务", 370299199001011236, 1],
        [5, "何以宁", "1390000002", "", "单证", id_number(25), 1],
        [6, "周子澄", "13900000026", "", "单证", id_number(26)[:17] + ("0" if id_number(26)[17] != "0" else "1"), 1],
        [],
        [7, "陆 听雨", "１３９００００００２１", "", "贸易一部", id_number(21), 9000],
        [8, "白知远", "", "", "仓储", "", 1],
        ["合计", "合计：8 人", None, None, None, None, 27000],
    ]
    return xlsx(rows, merged=["A1:G1", "A4:A5", "B4:B5", "C4:D4", "E4:E5", "F4:F5", "G4:G5"],
                sheets={"说明": [["请各部门于 17:00 前报送"]]})  # fmt: skip
