"""The log with its openings leaves the house by two people, and the log says so."""

import io
from datetime import timedelta

import pytest

from kaimen.kit import clock
from kaimen.ledger import advancing
from kaimen.ledger.models import Leaf
from kaimen.register.access import NotAllowed
from kaimen.status import evidence, releasing
from kaimen.status.refusals import Refused
from kaimen.status.tests.conftest import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditors(district, post):
    return post("auditor", district), post("auditor", district)


def test_one_asks_another_releases_and_who_asked_takes_it_out_within_a_day(auditors, subject, hospital):
    evidence.receive([hospital.evidence(subject, "test", test_result="positive")])
    asked = releasing.ask(auditors[0], "年度审计")
    released = releasing.release(auditors[1], asked)
    advancing.advance()
    file = io.BytesIO()
    assert releasing.write(auditors[0], asked, file) == Leaf.objects.count()
    assert file.getvalue()[:2] == b"PK"
    assert Leaf.objects.get(leaf=released.leaf).kind == "bundle-released"
    with clock.frozen(MONDAY + timedelta(days=1)), pytest.raises(Refused, match="not-released"):
        releasing.write(auditors[0], asked, io.BytesIO())


def test_nobody_releases_what_they_asked_for_or_takes_out_what_is_not_released(auditors):
    asked = releasing.ask(auditors[0], "核查")
    with pytest.raises(Refused, match="two-people"):
        releasing.release(auditors[0], asked)
    with pytest.raises(Refused, match="not-released"):
        releasing.write(auditors[0], asked, io.BytesIO())
    releasing.release(auditors[1], asked)
    with pytest.raises(Refused, match="not-released"):
        releasing.write(auditors[1], asked, io.BytesIO())


def test_only_auditors_ask_and_say_why(auditors, district, post):
    with pytest.raises(NotAllowed):
        releasing.ask(post("rule-keeper", district), "想看看")
    with pytest.raises(Refused):
        releasing.ask(auditors[0], "  ")
