"""No page, program or row sets a colour; and when an activation ends, no file of the installation knows any."""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connections
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django import DjangoDbBlocker

from kaimen.kit import clock, ids
from kaimen.ledger.advancing import advance
from kaimen.ledger.models import Opening
from kaimen.ledger.openings import OpeningKey, key_path
from kaimen.packs import read_folder
from kaimen.register.installing import install_pack
from kaimen.register.models import Account, Area, Person, Post
from kaimen.status import ending, evidence, lists
from kaimen.status.models import Decision, Evidence, Standing, Subject
from tests.attacks.hands import EMERGENCY, Hands
from tests.attacks.installation import MONDAY, ROOT, Town, build, copied, number_of, opened
from tests.attacks.outside import Outside

pytestmark = pytest.mark.django_db(databases=["default", "events"])
PEOPLE = 12
ROLES = ("rule-keeper", "counter-officer")  # in the campaign all of them
ALL_ROLES = (*ROLES, "source-officer", "appeal-reviewer", "auditor", "node-keeper")
EVERY_KEY = {"colour": "red", "status": "red", "to": "red", "after": "red", "value": "1"}


@pytest.fixture(scope="module")
def town(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Town]:
    """An honest installation; each test has a copy."""
    with django_db_blocker.unblock():
        yield build(tmp_path_factory.mktemp("town") / "honest", PEOPLE)


def test_no_address_turns_anybody_red_whatever_is_sent_to_it(town: Town, tmp_path: Path) -> None:
    town = copied(town, tmp_path / "town")
    with opened(town.folder), clock.frozen(MONDAY + timedelta(hours=1)):
        victim = town.well[0]
        before = _colours()
        asked = 0
        for client in _browsers():
            for address in _addresses(get_resolver(), ""):
                path = _filled(address, str(victim.person_id), str(victim.pk))
                if path is None or "logout" in path:
                    continue
                asked += 1
                about = EVERY_KEY | {"person": str(victim.person_id), "subject": str(victim.pk)}
                answer = client.post(path, about)
                assert answer.status_code != 500, path
        assert asked > 100
        assert _colours() == before
        assert lists.publish(town.activation).counts == {"red": len(town.ill)}


def test_there_is_no_admin_and_only_two_models_hold_a_colour() -> None:
    assert not apps.is_installed("django.contrib.admin")
    holding = {
        model._meta.label
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.name in {"colour", "before", "after"} and model._meta.app_label in {"status", "gate", "register"}
    }
    assert holding == {"status.Standing", "status.Decision"}
    written = [
        path.relative_to(ROOT).as_posix()
        for path in sorted((ROOT / "src" / "kaimen").rglob("*.py"))
        if "tests" not in path.parts
        for line in path.read_text("utf-8").splitlines()
        if any(f"{model}.objects.{verb}" in line for model in ("Standing", "Decision")
               for verb in ("create", "bulk_create", "update", "get_or_create", "update_or_create", "bulk_update"))
    ]  # fmt: skip
    assert set(written) == {"src/kaimen/status/judged.py"}


def test_with_the_whole_disk_in_hand_there_is_no_key_that_a_gate_or_witness_would_believe(town: Town) -> None:
    secret = [key.pem() for _row, key, _officer in town.sources.values()]
    secret += [key.pem() for _post, key in town.keepers] + [town.witness.pem()]
    bodies = [b"".join(pem.splitlines()[1:-1]) for pem in secret]
    for path in _files(town.folder):
        held = path.read_bytes()
        assert not any(body[20:60] in held for body in bodies), path


def test_after_the_end_the_log_verifies_and_no_file_knows_anything_of_anybody(town: Town, tmp_path: Path) -> None:
    town = copied(town, tmp_path / "town")
    with opened(town.folder):
        with clock.frozen(MONDAY + timedelta(hours=1)):
            sent = Hands(town, b"").positive()[:5]
            evidence.receive(sent)
            hidden = _what_must_go(sent)
            before = b"".join(path.read_bytes() for path in _files(town.folder))
            assert any(one in before for one in hidden), "the scan can find what is there"
        with clock.frozen(MONDAY + timedelta(days=40)):
            _say_it_is_over()
            ending.end(EMERGENCY)
            outside = Outside(town, tmp_path / "outside", town.log_key())
            advance()
            assert outside.plain_witness_looks().fresh
            assert key_path(EMERGENCY).read_bytes() == b""
            for alias in connections:
                connections[alias].close()
    found = [(path.name, one[:24]) for path in _files(town.folder) for one in hidden if one in path.read_bytes()]
    assert found == []


def _what_must_go(sent: list[bytes]) -> list[bytes]:
    """All that says a colour of somebody or leads to one: envelopes, salts, secrets, subjects, document numbers."""
    key = OpeningKey.of(EMERGENCY)
    hidden = [*sent, key.key, *(number_of(n).encode() for n in range(PEOPLE))]
    for row in Opening.objects.all():
        opening = key.open(row.leaf, bytes(row.sealed))
        hidden += [opening.salt, opening.secret, bytes(row.sealed)]
    for subject in Subject.objects.all():
        hidden += [subject.pk.bytes, subject.pk.hex.encode(), str(subject.pk).encode(), bytes(subject.salt)]
        hidden += [bytes(subject.identity)] if subject.identity else []
    return [*hidden, *(bytes(one.sealed) for one in Evidence.objects.all())]


def _say_it_is_over() -> None:
    """The pack with the last day of the emergency."""
    with tempfile.TemporaryDirectory() as folder:
        pack = Path(folder) / "template"
        shutil.copytree(ROOT / "packs" / "template", pack)
        head = pack / "pack.yaml"
        head.write_text(head.read_text("utf-8").replace("from: 2020-01-24", "from: 2020-01-24\n    to: 2020-04-10"))
        install_pack(read_folder(pack))


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _colours() -> tuple[list[object], int]:
    return list(Standing.objects.order_by("pk").values_list("pk", "colour")), Decision.objects.count()


def _browsers() -> Iterator[Client]:
    district = Area.objects.get(level="district")
    for role in ALL_ROLES if "KAIMEN_ATTACKED" in os.environ else ROLES:
        person = Person.objects.create(name="试职员", given_name="职员", area=district)
        account = Account.objects.create(username=f"{role}-{ids.new_id().hex}", person=person)
        Post.objects.create(person=person, role=role, since=MONDAY.date() - timedelta(days=9), area=district)
        client = Client(raise_request_exception=False)
        client.force_login(account)
        yield client


def _addresses(resolver: URLResolver, under: str) -> Iterator[str]:
    for one in resolver.url_patterns:
        path = under + str(one.pattern)
        if isinstance(one, URLPattern):
            yield path
        else:
            yield from _addresses(one, path)


def _filled(address: str, person: str, subject: str) -> str | None:
    """The address with somebody's ids in its places; None for one that is a pattern of another kind."""
    if any(sign in address for sign in "^$\\("):
        return None
    for kind, value in (("uuid", person), ("int", "1"), ("str", "person"), ("slug", "person"), ("path", "x")):
        address = re.sub(rf"<{kind}:subject[^>]*>", subject, address)
        address = re.sub(rf"<{kind}:[^>]+>", value, address)
    return None if "<" in address else f"/{address}"
