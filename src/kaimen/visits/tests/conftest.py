"""A host in Ferry House, the firm's clerk, the building's manager."""

import pytest

from conftest import MakePost
from kaimen.gate.tests.conftest import MONDAY, PaperNode, ferry_house, monday_morning, node, resident, send
from kaimen.register.models import Area, Employment, Organisation, Person, Place, Post

__all__ = ["MONDAY", "PaperNode", "ferry_house", "monday_morning", "node", "resident", "send"]


@pytest.fixture
def host(firm: Organisation, ferry_house: Place, district: Area) -> Employment:
    """Who works on the third floor of Ferry House."""
    person = Person.objects.create(name="何以宁", area=district)
    return Employment.objects.create(
        person=person, organisation=firm, name=person.name, place=ferry_house, floor="3", id_tail="123X"
    )


@pytest.fixture
def clerk(post: MakePost, firm: Organisation) -> Post:
    """The firm's clerk."""
    return post("company-clerk", firm)
