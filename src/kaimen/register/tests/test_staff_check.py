"""What is wrong with a cell of a staff list, and what would be right."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from kaimen.register.definitions.staff import usual
from kaimen.register.staff_check import Checked, check
from kaimen.register.staff_draft import Draft
from kaimen.register.staff_list import FoundList, Line, find
from kaimen.register.tests.staff_files import HEADING, id_number, people, phone_number, ugly
from kaimen.ui.spreadsheets import Cell
from kaimen.ui.spreadsheets.reading import read_here
from kaimen.ui.tests.other_writers import csv, ods, xls, xlsx

TODAY = date(2020, 3, 16)
TOWER = UUID(int=7)
WIDE = [*HEADING, "楼宇", "返岗日期", "出生日期"]


def rows_of(content: bytes) -> list[Checked]:
    return check(find(read_here(content), usual()), {"听海大厦": TOWER, "Tinghai Tower": TOWER}, TODAY)


def row_of(**cells: object) -> Checked:
    """One good row, with some of its cells otherwise."""
    good = dict(zip(WIDE, [*people(1)[0], "", "", ""], strict=True)) | cells
    return rows_of(xlsx([WIDE, [good[heading] for heading in WIDE]]))[0]


def wrong(row: Checked) -> tuple[str, str]:
    (mistake,) = row.mistakes
    return mistake.column, mistake.address


def test_a_good_row_is_a_person():
    (row,) = rows_of(csv([HEADING, *people(1)]))
    assert row.staff is not None
    assert (row.staff.national_id, row.staff.phone) == (id_number(0), phone_number(0))
    assert (row.staff.department, row.staff.floor) == ("贸易一部", "15F")


@pytest.mark.parametrize("write", [xlsx, xls, ods])
def test_an_id_number_stored_as_a_number_is_refused_even_when_its_checksum_holds(write):
    holds = 370299199001011236
    (row,) = rows_of(write([HEADING, ["韩亦澄", holds, "", "", ""]]))
    assert wrong(row) == ("national_id", "B2")
    with override("en"):
        assert "lost its last digits" in str(row.mistakes[0].message)
        assert "text" in str(row.mistakes[0].remedy)


def test_a_short_number_is_not_said_to_have_lost_digits():
    (row,) = rows_of(xlsx([HEADING, ["韩亦澄", 12345, "", "", ""]]))
    with override("en"):
        assert "5 characters" in str(row.mistakes[0].message)


def test_scientific_notation_in_text_is_refused_as_lost_digits():
    (row,) = rows_of(csv([HEADING, ["韩亦澄", "3.70299E+17", "", "", ""]]))
    with override("en"):
        assert "lost its last digits" in str(row.mistakes[0].message)


def test_id_numbers_that_went_through_fifteen_digits_are_refused_all_of_them():
    def rounded(n: int) -> str:
        return id_number(n)[:15] + "000"

    by_chance = next(text for text in map(rounded, range(5000)) if not check_fails(text))
    rows = rows_of(csv([HEADING, ["甲", by_chance, "", "", ""], ["乙", rounded(3), "", "", ""]]))
    assert [wrong(row) for row in rows] == [("national_id", "B2"), ("national_id", "B3")]
    (alone,) = rows_of(csv([HEADING, ["甲", by_chance, "", "", ""]]))
    assert alone.staff is not None, "by itself it may be a true number"


def check_fails(text: str) -> bool:
    from kaimen.register.identifiers import NotAnIdentifier, national_id

    try:
        national_id(text, TODAY)
    except NotAnIdentifier:
        return True
    return False


@pytest.mark.parametrize(
    ("heading", "cell", "read"),
    [
        ("姓名", "陆　听雨", "陆听雨"),
        ("姓名", " 陆 听 雨 ", "陆听雨"),
        ("姓名", "Ａｎｎａ  Smith", "Anna Smith"),
        ("姓名", "阿卜杜拉·买买提", "阿卜杜拉·买买提"),
        ("手机号", "１３９ ０００１ ０００２", "13900010002"),
        ("手机号", 13900010002, "13900010002"),
        ("手机号", "+86 139-0001-0002", "13900010002"),
        ("部门", "  贸易\n一部 ", "贸易 一部"),
        ("部门", "-", ""),
        ("部门", "无", ""),
        ("楼层", 15, "15"),
        ("楼层", "－１", "-1"),
    ],
)
def test_cells_are_read_as_they_were_meant(heading, cell, read):
    slug = {"姓名": "name", "手机号": "phone", "部门": "department", "楼层": "floor"}[heading]
    row = row_of(**{heading: cell})
    assert row.mistakes == []
    assert getattr(row.staff, slug) == read


def test_a_lower_case_x_and_spaces_in_an_id_number_are_read():
    with_x = next(n for n in range(100) if id_number(n).endswith("X"))
    number = id_number(with_x)
    row = row_of(身份证号=f" {number[:6]} {number[6:14]}　{number[14:].lower()}")
    assert row.staff is not None
    assert row.staff.national_id == number


@pytest.mark.parametrize(
    ("heading", "cell", "column"),
    [
        ("姓名", "", "name"),
        ("姓名", "张3", "name"),
        ("姓名", 42, "name"),
        ("姓名", "=1+1", "name"),
        ("姓名", "名" * 61, "name"),
        ("身份证号", id_number(0)[:17], "national_id"),
        ("身份证号", id_number(0)[:17] + "A", "national_id"),
        ("手机号", "1390000000", "phone"),
        ("手机号", "没有", "phone"),
        ("部门", "@SUM(A1:A9)", "department"),
        ("部门", "部" * 61, "department"),
        ("楼层", "十五" * 11, "floor"),
        ("楼宇", "望岳大厦", "building"),
        ("返岗日期", "下周一", "back_on"),
        ("返岗日期", "2020-02-30", "back_on"),
        ("返岗日期", 43892, "back_on"),
        ("出生日期", "2031-01-01", "birth_date"),
        ("出生日期", "1990-02-03", "birth_date"),
    ],
)
def test_a_cell_that_cannot_be_right_is_named_by_its_address(heading, cell, column):
    row = row_of(**{heading: cell})
    assert wrong(row) == (column, f"{'ABCDEFGH'[WIDE.index(heading)]}2")
    assert row.staff is None


@pytest.mark.parametrize(
    "cell", [date(2020, 3, 2), "2020-03-02", "2020/3/2", "2020.3.2", "2020年3月2日", "20200302", 20200302]
)
def test_a_date_is_read_however_it_is_written(cell):
    row = row_of(返岗日期=cell)
    assert row.staff is not None
    assert row.staff.back_on == date(2020, 3, 2)


def test_an_id_number_with_a_birth_date_to_come_is_refused():
    start = "37029920300101123"
    number = next(start + c for c in "0123456789X" if is_checked(start + c))
    assert wrong(row_of(身份证号=number))[0] == "national_id"


def is_checked(number: str) -> bool:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(int(c) * w for c, w in zip(number, weights, strict=False)) % 11] == number[17]


def test_a_birth_date_is_compared_with_the_id_number_and_not_kept():
    row = row_of(出生日期=date(1965, 1, 1))
    assert row.staff is not None
    assert "birth_date" not in row.staff._fields


@pytest.mark.parametrize("name", ["听海大厦", "听 海 大 厦", "tinghai tower"])
def test_a_building_is_known_by_each_of_its_names(name):
    row = row_of(楼宇=name)
    assert row.staff is not None
    assert row.staff.place == TOWER


def test_a_building_the_organisation_is_not_in_gets_those_it_is_in_as_an_answer():
    assert "听海大厦" in str(row_of(楼宇="望岳大厦").mistakes[0].remedy)


def test_one_of_id_number_and_phone_is_enough_and_none_is_not():
    assert row_of(身份证号="").staff is not None
    assert row_of(手机号="").staff is not None
    assert wrong(row_of(身份证号="", 手机号="")) == ("national_id", "B2")


def test_a_row_may_have_several_mistakes():
    row = row_of(姓名="", 手机号="12", 楼宇="望岳大厦")
    assert [mistake.column for mistake in row.mistakes] == ["name", "phone", "building"]


def test_the_same_row_twice_counts_once():
    first, second = rows_of(csv([HEADING, *people(1), *people(1)]))
    assert first.staff is not None
    assert (second.staff, second.mistakes, second.repeats) == (None, [], 2)


def test_the_same_id_number_with_another_name_is_a_mistake_that_names_the_other_row():
    person = people(1)[0]
    _first, second = rows_of(csv([HEADING, person, ["别人", *person[1:]]]))
    assert wrong(second) == ("national_id", "B3")
    assert second.contradicts == 2
    assert "2" in str(second.mistakes[0].message)


def test_the_same_name_and_phone_is_the_same_person_when_an_id_number_is_missing():
    person = people(1)[0]
    _first, second = rows_of(csv([HEADING, person, [person[0], "", person[2], "财务", ""]]))
    assert second.contradicts == 2


def test_two_people_of_one_name_at_one_phone_are_told_apart_by_their_id_numbers():
    person = people(1)[0]
    rows = rows_of(csv([HEADING, person, [person[0], id_number(500), *person[2:]]]))
    assert [row.mistakes for row in rows] == [[], []]


def test_mistakes_are_said_in_the_language_of_the_reader():
    (row,) = rows_of(csv([HEADING, ["", *people(1)[0][1:]]]))
    said = []
    for language in ("en", "zh-hans"):
        with override(language):
            said.append(str(row.mistakes[0].message))
    assert said == ["The name is missing.", "缺姓名。"]


def test_the_ugly_file_of_a_clerk_is_read_as_a_person_would():
    rows = rows_of(ugly())
    assert [row.staff.name for row in rows if row.staff] == ["陆听雨", "程归帆", "孟望舒"]
    assert [(row.number, row.mistakes[0].column) for row in rows if row.mistakes] == [
        (9, "national_id"),
        (10, "phone"),
        (11, "national_id"),
        (14, "national_id"),
    ]
    assert [(row.number, row.repeats) for row in rows if row.repeats] == [(13, 6)]


def test_a_draft_is_the_same_after_it_was_stored():
    buildings = {"听海大厦": uuid4()}
    listed = find(read_here(ugly()), usual())
    draft = Draft.of(listed, buildings, TODAY)
    again = Draft.from_text(draft.to_text(), buildings, TODAY)
    assert again == draft
    assert again.rows == 8


def test_a_stored_draft_holds_nothing_of_columns_nobody_asks_for():
    listed = find(read_here(xlsx([[*HEADING, "工资"], [*people(1)[0], "机密九千"]])), usual())
    assert "机密九千" not in Draft.of(listed, {}, TODAY).to_text()


def test_what_was_wrong_for_a_reason_that_passed_is_good_when_it_is_read_again():
    listed = find(read_here(xlsx([WIDE, [*people(1)[0], "望岳大厦", "", ""]])), usual())
    draft = Draft.of(listed, {}, TODAY)
    assert len(draft.wrong) == 1
    moved_in = Draft.from_text(draft.to_text(), {"望岳大厦": TOWER}, TODAY)
    assert (len(moved_in.wrong), moved_in.good[0][1].place) == (0, TOWER)


def test_an_unusual_id_number_is_taken_and_said_to_be_worth_a_look():
    start = "99029919650101123"
    number = next(start + c for c in "0123456789X" if is_checked(start + c))
    row = row_of(身份证号=number)
    assert row.staff is not None
    assert "990299" in str(row.doubts[0])
    listed = find(read_here(csv([HEADING, [*people(1)[0][:1], number, "", "", ""], *people(1, first=1)])), usual())
    draft = Draft.of(listed, {}, TODAY)
    assert draft.doubtful == {2}
    assert Draft.from_text(draft.to_text(), {}, TODAY) == draft


COLUMNS = [column.slug for column in usual().columns]
cells = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.dates(),
    st.datetimes(),
    st.text(max_size=80),
    st.sampled_from(
        [*people(1)[0], *people(1, first=1)[0], "2020-03-02", "听海大厦", "3.7E+17", id_number(3)[:15] + "000"]
    ),
)


@given(st.lists(st.tuples(*(cells for _ in COLUMNS)), min_size=1, max_size=5))
def test_no_cell_whatever_it_holds_makes_reading_fail(rows):
    lines = tuple(
        Line(number, {slug: Cell(number, at, row[at - 1]) for at, slug in enumerate(COLUMNS, 1)})
        for number, row in enumerate(rows, 2)
    )
    listed = FoundList("xlsx", "名单", {slug: (at, slug) for at, slug in enumerate(COLUMNS, 1)}, lines)
    draft = Draft.of(listed, {"听海大厦": TOWER}, TODAY)
    assert draft.rows == len(rows), "every row is a person, a mistake or a repetition"
    again = Draft.from_text(draft.to_text(), {"听海大厦": TOWER}, TODAY)
    assert (again.good, again.repeats) == (draft.good, draft.repeats)
    assert [row.mistakes for row in again.wrong] == [row.mistakes for row in draft.wrong]
    assert all(str(mistake.message) and str(mistake.remedy) for row in draft.wrong for mistake in row.mistakes)
