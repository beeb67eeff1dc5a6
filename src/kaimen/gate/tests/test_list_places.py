"""Passes and their places in the published lists: given once, and logged."""

import pytest

from kaimen.gate import actions
from kaimen.gate.models import Pass
from kaimen.ledger.models import PendingLeaf
from kaimen.status.models import Placement
from kaimen.status.tests.conftest import (  # noqa: F401
    genesis,
    keepers,
    keys_of_its_own,
    person,
)

pytestmark = pytest.mark.django_db(databases=["default", "events"])


def test_without_an_activation_a_pass_is_a_pass_and_nothing_is_logged(person):  # noqa: F811
    actions.issue_pass(None, person)
    assert not Placement.objects.exists()


def test_a_pass_is_the_place_of_its_person_in_the_lists(genesis, person):  # noqa: F811
    issued = actions.issue_pass(None, person)
    place = Placement.objects.get(index=issued.index)
    assert place.subject.person == person
    assert PendingLeaf.objects.filter(kind="index", leaf=place.leaf).count() == 1


def test_passes_issued_before_the_activation_get_their_places_when_it_begins(person, request):  # noqa: F811
    actions.issue_pass(None, person)
    actions.issue_pass(None, person, Pass.Kind.CARD)
    request.getfixturevalue("genesis")
    assert set(Placement.objects.values_list("index", flat=True)) == set(Pass.objects.values_list("index", flat=True))
