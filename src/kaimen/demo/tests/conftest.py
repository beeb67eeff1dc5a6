"""The template's district, filled with its sample."""

import pytest

from kaimen.demo.definitions import Sample
from kaimen.demo.models import SampleProgress
from kaimen.demo.sample import make_sample
from kaimen.packs import Pack
from kaimen.register.models import Area


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The sample freezes evenings, and those count entries, which stand in the other file."""
    for item in items:
        if "filled" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.django_db(databases=["default", "events"]), append=False)


@pytest.fixture
def sample(template_pack: Pack) -> Sample:
    """The template's definition of its sample."""
    return template_pack.one(Sample)


@pytest.fixture
def filled(district: Area) -> SampleProgress:
    """The district, full of people."""
    return make_sample()
