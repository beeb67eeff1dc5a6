"""Writing files that are safe to open, and reading them back."""

import io
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from kaimen.ui.spreadsheets import Column, Marked, csv_bytes, xlsx_bytes
from kaimen.ui.spreadsheets.reading import read_here
from kaimen.ui.spreadsheets.refusal import NotRead
from kaimen.ui.spreadsheets.words import REASONS, explain

DANGEROUS = ["=1+1", '=HYPERLINK("http://x.example","看")', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＠x"]
# No cell of blanks alone, and no character XML cannot carry.
texts = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"], include_characters="\t"),
    min_size=1,
    max_size=30,
).filter(lambda text: text.strip() != "" and text == text.strip("\r\n"))
tables = st.lists(st.lists(texts, min_size=2, max_size=5), min_size=1, max_size=8)


@pytest.mark.parametrize("text", DANGEROUS)
def test_csv_never_holds_a_cell_a_spreadsheet_would_calculate(text):
    line = csv_bytes([[text, "好"]]).decode("utf-8-sig")
    assert line.strip('"').startswith("'")


@pytest.mark.parametrize("text", DANGEROUS)
def test_xlsx_holds_text_where_a_formula_was_typed(text):
    content = xlsx_bytes([Column("姓名")], [[text], [Marked(text, "公式")]], sheet="名单")
    page = load_workbook(io.BytesIO(content)).active
    assert [page.cell(row, 1).data_type for row in (2, 3)] == ["s", "s"]
    assert page.cell(2, 1).value.replace("_x000D_", "\r") == text


def test_an_id_number_stays_text_in_both():
    number = "370299199001011236"
    assert f'"\'{number}"' in csv_bytes([[number]]).decode("utf-8-sig")
    cell = load_workbook(io.BytesIO(xlsx_bytes([Column("证件号码")], [[number]], sheet="名单"))).active["A2"]
    assert (cell.value, cell.data_type, cell.number_format) == (number, "s", "@")


def test_an_address_in_a_cell_does_not_become_a_link():
    page = load_workbook(io.BytesIO(xlsx_bytes([Column("a")], [["https://x.example"]], sheet="s"))).active
    assert page["A2"].hyperlink is None


def test_csv_opens_as_utf_8_in_excel():
    assert csv_bytes([["姓名"]]).startswith(b"\xef\xbb\xbf")


def test_a_marked_cell_is_coloured_and_says_why():
    page = load_workbook(
        io.BytesIO(xlsx_bytes([Column("手机")], [[Marked("139", "少 8 位")], ["好"]], sheet="s"))
    ).active
    assert page["A2"].comment.text == "少 8 位"
    assert page["A2"].fill.fgColor.rgb != page["A3"].fill.fgColor.rgb


@given(tables)
def test_what_is_written_as_csv_is_read_back(rows):
    read = read_here(csv_bytes([["首", "行"], *rows])).sheets[0].rows[1:]
    assert [list(row.values) for row in read] == rows


@given(tables)
def test_what_is_written_as_xlsx_is_read_back(rows):
    content = xlsx_bytes([Column("首"), Column("行")], rows, sheet="名单")
    read = read_here(content).sheets[0].rows[1:]
    assert [list(row.values) for row in read] == rows


@given(st.text(st.sampled_from("=+-@'\t" + string.digits + "张"), min_size=1).filter(str.strip))
def test_defusing_is_undone_by_reading(text):
    (row,) = read_here(csv_bytes([["首", text]])).sheets[0].rows
    assert row.values == ("首", text)


@pytest.mark.parametrize("reason", REASONS)
def test_every_refusal_says_what_is_wrong_and_what_would_be_right(reason):
    what, remedy = explain(NotRead(reason, rows=3, sheet="名单", row=1, columns=300))
    assert what
    assert remedy
    assert "%(" not in what + remedy
