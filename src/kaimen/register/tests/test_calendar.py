"""The calendars the packs ship, against the notices they cite."""

from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from kaimen.packs import read_folder
from kaimen.register.definitions import CalendarDefinition

QINGDAO = Path(__file__).resolve().parents[4] / "packs" / "qingdao-2020"


@pytest.fixture(scope="module")
def qingdao() -> CalendarDefinition:
    """The calendar of packs/qingdao-2020."""
    return read_folder(QINGDAO).one(CalendarDefinition)


@pytest.mark.parametrize(
    ("year", "workdays", "made_up"),
    [
        (2020, 249, ["01-19", "04-26", "05-09", "06-28", "09-27", "10-10"]),
        (2026, 248, ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]),
    ],
)
def test_a_year_has_the_working_days_its_notices_leave(
    qingdao: CalendarDefinition, year: int, workdays: int, made_up: list[str]
) -> None:
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    worked = [day for day in days if day.year == year and qingdao.calendar.is_workday(day)]
    assert len(worked) == workdays
    assert [day.strftime("%m-%d") for day in worked if day.weekday() >= 5] == made_up
    assert {year} <= qingdao.calendar.known_years


def test_a_day_off_says_why_in_both_languages(qingdao: CalendarDefinition) -> None:
    holiday = qingdao.why(date(2020, 2, 1))
    assert holiday is not None
    assert (holiday.why.zh, holiday.notice) == ("春节假期延长", "国办发明电〔2020〕1号")
    assert qingdao.why(date(2020, 4, 26)) is None


def test_the_command_counts_by_a_pack_and_says_what_is_provisional() -> None:
    out = StringIO()
    call_command("workdays", "add", "2020-03-13", "5", "--pack", str(QINGDAO), stdout=out)
    assert out.getvalue() == "2020-03-20\n"
    call_command("workdays", "add", "2026-12-31", "1", "--pack", str(QINGDAO), stdout=out)
    assert "provisional" in out.getvalue()


@pytest.mark.parametrize(
    ("day", "n"), [("2020-02-30", "5"), ("tomorrow", "5"), ("2020-03-13", "-1"), ("2020-03-13", "٣")]
)
def test_the_command_refuses_what_is_no_day_or_number_in_words(day: str, n: str) -> None:
    with pytest.raises(CommandError, match=r"is no (day|number)|the following arguments|unrecognized"):
        call_command("workdays", "add", day, n, "--pack", str(QINGDAO))


@pytest.mark.django_db
def test_without_a_pack_the_command_says_how_to_install_one() -> None:
    with pytest.raises(CommandError, match="kaimen pack load"):
        call_command("workdays", "add", "2020-03-13", "5")
