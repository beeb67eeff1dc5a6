"""The strip under the staff bar: which emergency is in force."""

from datetime import UTC, datetime

from django.test import RequestFactory

from kaimen.kit import clock
from kaimen.packs import Pack
from kaimen.register import emergencies
from kaimen.register.definitions import Head
from kaimen.register.models import Area
from kaimen.ui.emergency import Strip


def strip(day: str) -> Strip | None:
    year, month, date = map(int, day.split("-"))
    with clock.frozen(datetime(year, month, date, 4, tzinfo=UTC)):
        return emergencies.in_force(RequestFactory().get("/"))


def test_before_a_pack_is_installed_there_is_none(db: None) -> None:
    assert strip("2020-03-16") is None


def test_the_first_day_is_day_one_and_the_last_still_counts(district: Area, template_pack: Pack) -> None:
    [emergency] = template_pack.one(Head).emergencies
    first = strip(emergency.began.isoformat())
    assert first is not None
    assert (first.day, first.name) == (1, emergency.title.zh)
    assert emergency.basis.startswith(first.legal_basis)
    if emergency.ended:
        assert strip(emergency.ended.isoformat()) is not None


def test_on_ordinary_days_there_is_none(district: Area) -> None:
    assert strip("1999-12-31") is None
