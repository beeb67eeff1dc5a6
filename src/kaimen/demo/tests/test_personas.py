"""One click into somebody's shoes: only where nobody is real."""

from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from kaimen.demo.models import SampleProgress
from kaimen.demo.personas import DOORS, OFFICES, Door
from kaimen.register.models import Area, InstalledPack


@pytest.mark.parametrize("door", [*DOORS, *OFFICES], ids=lambda door: door.slug)
def test_behind_each_door_stands_the_page_it_promises(filled: SampleProgress, client: Client, door: Door) -> None:
    answer = client.post(reverse("demo:enter", args=[door.slug]))
    assert answer.status_code == 302
    assert answer["Location"] == reverse(door.opens)
    assert client.session["_auth_user_id"]


def test_a_database_not_marked_synthetic_lets_nobody_in(filled: SampleProgress, client: Client) -> None:
    InstalledPack.objects.update(synthetic=False)
    assert client.post(reverse("demo:enter", args=["guard"])).status_code == 403
    assert "_auth_user_id" not in client.session


def test_a_synthetic_pack_loaded_over_a_real_one_makes_nobody_up(filled: SampleProgress, client: Client) -> None:
    newest = InstalledPack.objects.get()
    older = InstalledPack(id=UUID(int=1), slug="real", digest="0" * 64, content=b"", synthetic=False)
    older.save(force_insert=True)
    assert InstalledPack.objects.first() == newest
    assert client.post(reverse("demo:enter", args=["guard"])).status_code == 403


def test_settings_of_a_real_installation_let_nobody_in(
    filled: SampleProgress, client: Client, settings: Settings
) -> None:
    settings.SYNTHETIC = False
    assert client.post(reverse("demo:enter", args=["guard"])).status_code == 403
    assert "_auth_user_id" not in client.session


def test_a_link_alone_signs_nobody_in(filled: SampleProgress, client: Client) -> None:
    assert client.get(reverse("demo:enter", args=["guard"])).status_code == 405


def test_no_such_door(district: Area, client: Client) -> None:
    assert client.post(reverse("demo:enter", args=["emperor"])).status_code == 404


def test_before_anybody_has_moved_in_the_door_says_so(district: Area, client: Client) -> None:
    answer = client.post(reverse("demo:enter", args=["guard"]))
    assert answer.status_code == 503
    assert "这扇门马上就开" in answer.content.decode()


def test_the_home_shows_eight_doors_six_offices_and_how_far_the_sample_is(district: Area, client: Client) -> None:
    SampleProgress.objects.create(done=30, total=120, seed=7)
    page = client.get(reverse("demo:home")).content.decode()
    assert page.count("/demo/personas/") == len(DOORS) + len(OFFICES) == 8 + 6
    assert "30 / 120" in page
    assert 'hx-get="/demo/progress/"' in page


def test_a_whole_sample_asks_no_more(filled: SampleProgress, client: Client) -> None:
    assert "hx-get" not in client.get(reverse("demo:progress")).content.decode()


@pytest.mark.django_db(databases=["default", "events"])
def test_every_door_leads_to_a_page_its_persona_may_open(filled: SampleProgress, client: Client) -> None:
    for door in (*DOORS, *OFFICES):
        client.post(reverse("demo:enter", args=[door.slug]))
        assert client.get(reverse(door.opens), follow=True).status_code == 200, door.slug
