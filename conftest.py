"""Fixtures every part's tests may use: the template pack, a district made of it, posts, signed-in browsers."""

import gc
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import Client
from hypothesis import HealthCheck, settings

from kaimen.packs import Pack, read_folder
from kaimen.register.installing import install_pack
from kaimen.register.models import Account, Area, Organisation, Person, Place, Post
from tests.tables import FILES, put_tables

# A busy machine is no failure: pytest's own timeout holds.
settings.register_profile("kaimen", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("kaimen")

LONGEST_ID = 40


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes and long texts, some of them random, are named by their argument and number: all workers must agree."""
    return argname if isinstance(val, bytes) or (isinstance(val, str) and len(val) > LONGEST_ID) else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that no worker is left alone with it at the end."""
    items.sort(key=lambda item: not any(item.get_closest_marker(name) for name in ("whole", "browser")))


def pytest_collection_finish() -> None:
    """What was loaded so far stays: it need not be looked through again for rubbish."""
    gc.collect()
    gc.freeze()


PACKS = Path(__file__).parent / "packs"
Scope = Area | Organisation | Place | None
MakePost = Callable[..., Post]


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """The tables are copied, not made: Django finds them and has nothing left to migrate."""
    put_tables(django_settings.DATA, {alias: f"test-{alias}.sqlite3" for alias in FILES})
    return True


@pytest.fixture(scope="session")
def template_pack() -> Pack:
    """packs/template, read and checked."""
    return read_folder(PACKS / "template")


@pytest.fixture
def district(template_pack: Pack, db: None) -> Area:
    """The template pack in force; gives its only district."""
    install_pack(template_pack)
    return Area.objects.get(level="district")


@pytest.fixture
def firm(district: Area) -> Organisation:
    """A firm in the template's first building."""
    place = Place.objects.get(code="ferry-house")
    firm = Organisation.objects.create(name="云汀渡船厂", name_en="Yunting Ferry Works", area=place.area)
    firm.premises.create(place=place, floor="3")
    return firm


@pytest.fixture
def post(district: Area) -> MakePost:
    """`post(role, scope)`: a person with an account who holds `role` over `scope` (None: over themself)."""

    def make(role: str, scope: Scope = None, name: str = "试用人") -> Post:
        person = Person.objects.create(name=name, given_name=name[1:], area=district)
        account = Account(username=f"{role}-{person.pk.hex}", person=person)
        account.set_unusable_password()
        account.save()
        fields = {Area: "area", Organisation: "organisation", Place: "place"}
        over = {fields[type(scope)]: scope} if scope is not None else {}
        return Post.objects.create(person=person, role=role, since=date(2020, 1, 1), **over)

    return make


@pytest.fixture
def signed_in_as(post: MakePost, district: Area, request: pytest.FixtureRequest) -> Callable[..., Client]:
    """`signed_in_as(role)`: a browser in which somebody with that role, over the district or firm."""

    def sign_in(role: str, scope: Scope = None) -> Client:
        held = post(role, scope if scope is not None else _usual_scope(role, district, request))
        client = Client()
        client.force_login(held.person.account)
        return client

    return sign_in


def _usual_scope(role: str, district: Area, request: pytest.FixtureRequest) -> Scope:
    pack: Pack = request.getfixturevalue("template_pack")
    from kaimen.register.definitions import Role  # noqa: PLC0415

    match next(one for one in pack.all(Role) if one.slug == role).scope:
        case "area":
            return district
        case "organisation":
            firm: Organisation = request.getfixturevalue("firm")
            return firm
        case "place":
            return Place.objects.get(code="ferry-house")
    return None
