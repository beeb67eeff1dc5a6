"""Reading the spreadsheets people have."""

from datetime import date, datetime

import pytest

from kaimen.ui.spreadsheets import Kind, NotRead, read
from kaimen.ui.spreadsheets.reading import read_here
from kaimen.ui.tests.other_writers import Rows, csv, ods, xls, xlsx

ROWS: Rows = [["姓名", "手机"], ["张三", "13900000001"], ["李四", None]]
TEXTS = [("姓名", "手机"), ("张三", "13900000001"), ("李四",)]


def values(content: bytes) -> list[tuple[object, ...]]:
    return [row.values for row in read_here(content).sheets[0].rows]


@pytest.mark.parametrize("write", [xlsx, xls, ods, csv])
def test_every_format_gives_the_same_cells(write):
    assert values(write(ROWS)) == TEXTS


@pytest.mark.parametrize(("write", "name"), [(xlsx, "xlsx"), (xls, "xls"), (ods, "ods"), (csv, "csv")])
def test_the_format_is_what_the_content_says(write, name):
    assert read_here(write(ROWS)).format == name


@pytest.mark.parametrize("write", [xlsx, xls, ods])
def test_cells_keep_their_type(write):
    row = read_here(write([["文字", 42, 1.5, date(2020, 3, 16)]])).sheets[0].rows[0]
    assert [cell.kind for cell in row.cells] == [Kind.TEXT, Kind.NUMBER, Kind.NUMBER, Kind.DATE]
    assert row.values == ("文字", 42, 1.5, date(2020, 3, 16))


def test_a_boolean_is_not_a_number_and_a_time_of_day_stays_with_its_date():
    row = read_here(xlsx([[True, datetime(2020, 3, 16, 8, 15)]])).sheets[0].rows[0]
    assert row.cell(1).kind is Kind.BOOLEAN
    assert row.cell(2).text == "2020-03-16 08:15"
    assert row.cell(9).kind is Kind.EMPTY


@pytest.mark.parametrize("write", [xlsx, xls, ods])
def test_a_number_too_long_for_a_spreadsheet_reads_as_it_shows(write):
    cell = read_here(write([["证件号码", 370299199001011236]])).sheets[0].rows[0].cell(2)
    assert cell.kind is Kind.NUMBER
    assert cell.text.startswith("3.7029919900101")
    assert cell.text.endswith("E+17")


def test_a_cell_knows_the_address_people_find_it_by():
    content = xlsx([[], [], [None] * 27 + ["远"]])
    (row,) = read_here(content).sheets[0].rows
    assert row.number == 3
    assert [cell.address for cell in row.cells if cell.value] == ["AB3"]


def test_merged_cells_hold_the_value_of_the_first_in_xlsx():
    content = xlsx([["贸易一部", "张三"], [None, "李四"], [None, None]], merged=["A1:A2"])
    assert values(content) == [("贸易一部", "张三"), ("贸易一部", "李四")]


def test_merged_cells_hold_the_value_of_the_first_in_xls():
    content = xls([["贸易一部", "张三"], [None, "李四"]], merged=[(0, 1, 0, 0)])
    assert values(content) == [("贸易一部", "张三"), ("贸易一部", "李四")]


def test_merged_cells_hold_the_value_of_the_first_in_ods():
    content = ods([["标题", None, "x"], [None, None, "y"], ["z"]], merged={(0, 0): (2, 2)})
    assert values(content) == [("标题", "标题", "x"), ("标题", "标题", "y"), ("z",)]


def test_hidden_sheets_are_not_read():
    import io

    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["看得见"])
    hidden = book.create_sheet("底稿")
    hidden.append(["看不见"])
    hidden.sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    assert [sheet.name for sheet in read_here(stream.getvalue()).sheets] == ["Sheet"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk"])
def test_text_is_read_in_the_encoding_it_is_in(encoding):
    rows: Rows = [["姓名", "mobile phone number"], ["张三", "13900000001"], ["李四"]]
    assert values(csv(rows, encoding))[1] == ("张三", "13900000001")


def test_characters_only_gb18030_has_are_read():
    assert values(csv([["姓名"], ["𠮷野"]], "gb18030")) == [("姓名",), ("𠮷野",)]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_found(separator):
    assert values(csv(ROWS, separator=separator))[1] == ("张三", "13900000001")


def test_quoted_text_may_hold_separators_and_line_ends():
    assert values('姓名;部门\n"张;三";"贸易,一部\n二楼"\n'.encode()) == [("姓名", "部门"), ("张;三", "贸易,一部\n二楼")]


@pytest.mark.parametrize("cell", ['="370299199001011236"', "'370299199001011236", '"=""370299199001011236"""'])
def test_what_keeps_a_number_text_is_taken_off(cell):
    assert values(f"号\n{cell}\n".encode())[1] == ("370299199001011236",)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t\r\n", "empty"),
        (xlsx([]), "empty"),
        (b"%PDF-1.7 ...", "pdf"),
        (b"\x89PNG\r\n\x1a\n....", "picture"),
        (b"Rar!\x1a\x07\x00", "archive"),
        (b"\x00\x01\x02\x03\xff\xfe\xfd" * 50, "not-text"),
        ("姓名,电话".encode("gb18030") + b"\xff\xff\xff", "not-text"),
        (b"<html><table><tr><td>\xe5\xa7\x93\xe5\x90\x8d</td></tr></table></html>", "web-page"),
        (b'<?xml version="1.0"?><Workbook/>', "web-page"),
    ],
)
def test_what_is_no_spreadsheet_is_refused_for_what_it_is(content, reason):
    with pytest.raises(NotRead) as refused:
        read_here(content)
    assert refused.value.reason == reason


def test_a_file_with_too_many_rows_says_how_many():
    with pytest.raises(NotRead) as refused:
        read_here(csv([["张三"]] * 20_101))
    assert refused.value.reason == "too-long"
    assert refused.value.about["rows"] == 20_101


def test_a_file_that_is_too_wide_says_where():
    with pytest.raises(NotRead) as refused:
        read_here(csv([["a"] * 300]))
    assert (refused.value.reason, refused.value.about["columns"]) == ("too-wide", 300)


@pytest.mark.parametrize("write", [xlsx, xls, ods, csv])
def test_the_child_process_gives_what_was_read(write):
    content = write([["姓名", "日期"], ["张三", date(2020, 3, 16)], ["李四", 7]])
    assert read(content) == read_here(content)


def test_a_refusal_reaches_the_reader_through_the_child_process():
    with pytest.raises(NotRead) as refused:
        read(csv([["a"] * 300]))
    assert (refused.value.reason, refused.value.about) == ("too-wide", {"row": 1, "columns": 300})


@pytest.mark.parametrize("write", [xlsx, xls, ods])
def test_what_stands_away_from_the_corner_keeps_its_place(write):
    (row,) = read_here(write([[], [], [None, None, "远"]])).sheets[0].rows
    assert [cell.address for cell in row.cells if cell.value] == ["C3"]


def test_merged_cells_away_from_the_corner_are_filled_in_place():
    content = xlsx([[], [None, "贸易一部", "张三"], [None, None, "李四"]], merged=["B2:B3"])
    assert [row.values for row in read_here(content).sheets[0].rows] == [
        (None, "贸易一部", "张三"),
        (None, "贸易一部", "李四"),
    ]
