"""Which rows of a spreadsheet are people, and which columns mean what."""

from datetime import date

import pytest
from django.utils.translation import override

from kaimen.register.definitions import staff
from kaimen.register.definitions.staff import plain, usual
from kaimen.register.staff_list import NotAStaffList, find
from kaimen.register.tests.staff_files import HEADING, id_number, people, ugly
from kaimen.ui.spreadsheets.reading import read_here
from kaimen.ui.tests.other_writers import csv, ods, xls, xlsx

COLUMNS = usual()


def found(content: bytes):
    return find(read_here(content), COLUMNS)


def names(content: bytes) -> list[str]:
    return [line.cells["name"].text for line in found(content).lines]


@pytest.mark.parametrize("write", [xlsx, xls, ods, csv])
def test_a_plain_list_is_read_in_every_format(write):
    listed = found(write([HEADING, *people(3)]))
    assert [line.cells["national_id"].text for line in listed.lines] == [id_number(n) for n in range(3)]
    assert [line.number for line in listed.lines] == [2, 3, 4]


def test_titles_may_stand_above_the_heading():
    assert len(names(xlsx([["花名册"], ["单位：澜石"], [], ["2020-03-16"], HEADING, *people(2)]))) == 2


def test_a_heading_below_the_twentieth_row_is_not_looked_for():
    with pytest.raises(NotAStaffList) as refused:
        found(xlsx([*[["说明"]] * 20, HEADING, *people(2)]))
    assert "20" in str(refused.value.message)


@pytest.mark.parametrize(
    "heading",
    [
        ["Name", "ID number", "Mobile phone", "Department", "Floor"],
        ["EMPLOYEE NAME", "ID No.", "Tel.", "Dept", "storey"],
        ["员工姓名（必填）", "居民身份证号码", "联系电话", "所在部门", "办公楼层"],
        ["姓　名", "证件号码*", "手机号码：", "科 室", "楼层"],
        ["姓名/", "身份证号【18位】", "电话", "部门", "层"],
    ],
)
def test_headings_are_known_by_many_names(heading):
    assert set(found(xlsx([heading, *people(1)])).headings) == {"name", "national_id", "phone", "department", "floor"}


def test_columns_may_stand_in_any_order():
    rows = [[row[i] for i in (4, 2, 0, 3, 1)] for row in [HEADING, *people(2)]]
    assert names(csv(rows)) == [person[0] for person in people(2)]


def test_columns_nobody_asks_for_are_named_and_not_kept():
    listed = found(xlsx([[*HEADING, "工资", "家庭住址"], [*people(1)[0], 9000, "山东路 1 号"]]))
    assert listed.unread == ("工资", "家庭住址")
    assert set(listed.lines[0].cells) == {"name", "national_id", "phone", "department", "floor"}


def test_the_first_sheet_with_a_heading_is_read_and_the_others_are_named():
    content = xlsx([HEADING, *people(1)], sheets={"封面": [["花名册"]], "说明": [["请填写"]]})
    listed = found(content)
    assert (listed.sheet, listed.other_sheets) == ("名单", ("封面", "说明"))


def test_a_heading_two_rows_high_is_read_at_its_lower_row():
    listed = found(ugly())
    assert listed.headings["phone"] == (3, "手机")
    assert [line.number for line in listed.lines] == [6, 7, 8, 9, 10, 11, 13, 14]


def test_a_heading_printed_again_on_every_page_is_no_person():
    assert len(names(csv([HEADING, *people(2), HEADING, *people(2, first=2)]))) == 4


@pytest.mark.parametrize(
    "note", [["合计", "", "", "", "2 人"], ["备注：以上人员均已返岗"], ["Total: 2"], ["", "", "", "", ""]]
)
def test_totals_remarks_and_blank_rows_are_no_people(note):
    assert len(names(csv([HEADING, *people(2), note]))) == 2


def test_a_remark_merged_across_the_columns_is_no_person():
    assert len(names(xlsx([HEADING, *people(1), ["请于 17:00 前报送"]], merged=["A3:E3"]))) == 1


def test_somebody_whose_name_begins_like_a_remark_is_a_person():
    assert names(csv([HEADING, ["备注", id_number(1), "", "", ""]])) == ["备注"]


@pytest.mark.parametrize("rows", [[["甲", "乙"], ["1", "2"]], [["姓名"], ["张三"]], [["手机"], ["139"]]])
def test_a_file_without_the_needed_headings_says_which(rows):
    with pytest.raises(NotAStaffList) as refused:
        found(csv(rows))
    assert "姓名" in f"{refused.value.message}{refused.value.remedy}"


def test_a_heading_with_nobody_below_it_says_so():
    with pytest.raises(NotAStaffList) as refused:
        found(csv([HEADING]))
    with override("en"):
        assert "no people below" in str(refused.value.message)


def test_more_people_than_are_taken_at_a_time_are_counted():
    with pytest.raises(NotAStaffList) as refused:
        found(csv([HEADING, *people(20_001)]))
    assert "20,001" in str(refused.value.message)


def test_a_pack_may_name_the_columns_otherwise(template_pack):
    from kaimen.packs.kinds import Found

    data = {
        "columns": {
            slug: {
                "title": {"zh-Hans": title, "en": slug},
                "why": {"zh-Hans": "为何", "en": "why"},
                "headings": [title],
            }
            for slug, title in (("name", "大名"), ("national_id", "证号"), ("phone", "传呼"))
        }
    }
    (columns,) = staff.STAFF_LIST.parse(Found("imports/staff.yaml", "staff", data))
    assert isinstance(columns, staff.StaffColumns)
    assert find(read_here(csv([["大名", "传呼"], ["张三", "13900000001"]])), columns).headings["phone"] == (2, "传呼")


def test_a_heading_claimed_by_two_columns_is_a_mistake_of_the_pack():
    from kaimen.packs import Wrong
    from kaimen.packs.kinds import Found

    words = {"zh-Hans": "x", "en": "x"}
    column = {"title": words, "why": words, "headings": ["电话"]}
    data = {"columns": {"name": column, "national_id": column, "phone": column}}
    with pytest.raises(Wrong) as refused:
        list(staff.STAFF_LIST.parse(Found("imports/staff.yaml", "staff", data)))
    assert "电话" in str(refused.value)


def test_the_usual_columns_fit_their_own_schema():
    from pathlib import Path

    from jsonschema import Draft202012Validator

    from kaimen.packs.reading import Read, read

    file = Path(staff.__file__).with_name("staff.yaml")
    content = read(file.name, file.read_bytes())
    assert isinstance(content, Read)
    Draft202012Validator(staff.STAFF_LIST.schema).validate(content.data)


@pytest.mark.parametrize(
    ("one", "other"),
    [("手机号码（本人）", "手机号码"), ("ＩＤ　Ｎｏ．", "id no"), ("Name *", "name"), ("姓\n名", "姓名")],
)
def test_headings_are_compared_by_what_they_mean(one, other):
    assert plain(one) == plain(other)


def test_a_date_cell_reaches_the_list_as_a_date():
    listed = found(xlsx([[*HEADING, "返岗日期"], [*people(1)[0], date(2020, 3, 2)]]))
    assert listed.lines[0].cells["back_on"].value == date(2020, 3, 2)
