"""Whom a clerk says has left is at no gate's list from that moment."""

from collections.abc import Callable

import pytest

from kaimen.gate.actions import take_in_staff
from kaimen.gate.local_time import today
from kaimen.gate.models import ListVersion
from kaimen.gate.queries import coming
from kaimen.register.actions import employ
from kaimen.register.models import Organisation, Person, Place, Post
from kaimen.register.staff_actions import leave

pytestmark = pytest.mark.django_db(databases=["default", "events"])


def test_who_has_left_is_expected_no_more_and_the_gates_fetch_a_new_list(
    firm: Organisation, post: Callable[..., Post]
) -> None:
    place, clerk = Place.objects.get(code="ferry-house"), post("company-clerk", firm)
    stays, goes = (employ(Person.objects.create(name=name, area=firm.area), firm, place=place) for name in "甲乙")
    take_in_staff(firm, [stays.pk, goes.pk], clerk)
    assert coming(firm, place, today()) == {stays.pk, goes.pk}
    before = ListVersion.objects.get(place=place).version
    leave(clerk, goes)
    assert coming(firm, place, today()) == {stays.pk}
    assert ListVersion.objects.get(place=place).version > before
