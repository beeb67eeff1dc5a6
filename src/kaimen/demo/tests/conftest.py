"""The template's district, filled with its sample."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest
from pytest_django import DjangoDbBlocker

from kaimen.demo.definitions import Sample
from kaimen.demo.models import SampleProgress
from kaimen.demo.sample import make_sample
from kaimen.packs import Pack
from kaimen.register.installing import install_pack
from tests.tables import opened, put_tables


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The sample freezes evenings, and those count entries, which stand in the other file."""
    for item in items:
        if "filled" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.django_db(databases=["default", "events"]), append=False)


@pytest.fixture(scope="session")
def sample_files(
    template_pack: Pack,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Path:
    """The district full of people, in files that each test copies."""
    folder = tmp_path_factory.mktemp("sample")
    put_tables(folder)
    with django_db_blocker.unblock(), opened(folder):
        install_pack(template_pack)
        make_sample()
    return folder


@pytest.fixture
def sample(template_pack: Pack) -> Sample:
    """The template's definition of its sample."""
    return template_pack.one(Sample)


@pytest.fixture
def filled(sample_files: Path, tmp_path: Path) -> Iterator[SampleProgress]:
    """The district, full of people; a test that wants more of it asks for that after this."""
    with opened(copytree(sample_files, tmp_path / "sample")):
        yield SampleProgress.objects.get()
