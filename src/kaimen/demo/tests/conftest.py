"""The template's district, filled with its sample."""

import pytest

from kaimen.demo.definitions import Sample
from kaimen.demo.models import SampleProgress
from kaimen.demo.sample import make_sample
from kaimen.packs import Pack
from kaimen.register.models import Area


@pytest.fixture
def sample(template_pack: Pack) -> Sample:
    """The template's definition of its sample."""
    return template_pack.one(Sample)


@pytest.fixture
def filled(district: Area) -> SampleProgress:
    """The district, full of people."""
    return make_sample()
