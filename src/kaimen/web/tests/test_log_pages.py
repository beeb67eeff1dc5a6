"""The log for people: how it stands, a receipt checked by the server, the public bundle, the auditor's by two."""

import io
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from kaimen.kit import clock
from kaimen.ledger import queries, witnesses
from kaimen.ledger.actions import ToRecord, record, record_many
from kaimen.ledger.advancing import advance
from kaimen.ledger.models import Leaf, Log
from kaimen.packs import Pack
from kaimen.proofs import checkpoints
from kaimen.proofs.audit import Trust, audit
from kaimen.proofs.bundles import Bundle
from kaimen.proofs.notes import VerifierKey, WitnessKey
from kaimen.register.definitions import Role
from kaimen.register.models import Area, Post
from kaimen.status.models import BundleAsked, BundleTaken
from kaimen.web import log_standing, public_bundle

SignIn = Callable[..., Client]
pytestmark = pytest.mark.django_db
MONDAY = datetime(2020, 3, 16, 4, tzinfo=UTC)
COURT = WitnessKey.generate("court.example/witness")


@pytest.fixture(autouse=True)
def _folder_of_its_own(settings: Settings, tmp_path: Path) -> None:
    settings.KEYS, settings.DATA = tmp_path / "keys", tmp_path


@pytest.fixture
def log(district: Area) -> VerifierKey:
    """A log with 30 leaves on a Monday."""
    with clock.frozen(MONDAY):
        record_many(ToRecord("list", {"n": n}) for n in range(30))
        advance()
    return VerifierKey.read(Log.objects.get().verifier)


def seen_at(moment: datetime) -> None:
    """The court looks at the log."""
    with clock.frozen(moment):
        witnesses.add(str(COURT.verifier))
        newest = queries.checkpoint()
        assert newest is not None
        witnesses.take_in(str(checkpoints.cosigned(queries.note(newest), COURT, moment)))


def streamed(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def words(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


def test_the_page_says_size_checkpoint_and_key_and_that_nobody_watches(client: Client, log: VerifierKey) -> None:
    page = words(client.get("/log/"))
    assert str(log) in page.replace("&#x2B;", "+")
    assert "还没有外部见证人" in page
    assert log_standing.standing().size == Leaf.objects.count()


def test_before_anything_is_signed_the_pages_stand(client: Client) -> None:
    assert client.get("/log/").status_code == client.get("/log/check/").status_code == 200
    answer = client.get("/log/bundle/")
    assert (answer.status_code, answer["Retry-After"]) == (404, "30")


def test_a_witness_that_has_not_seen_what_grew_for_an_hour_lags(client: Client, log: VerifierKey) -> None:
    seen_at(MONDAY)
    with clock.frozen(MONDAY + timedelta(hours=2)):
        assert [one.late for one in log_standing.standing().witnesses] == [False], "nothing was signed since"
        advance()  # that it was registered is an entry it has not seen
        (one,) = log_standing.standing().witnesses
        assert (one.late, one.missing) == (True, 1)
        assert "落后" in words(client.get("/log/"))


def test_the_server_checks_a_receipt_and_says_who_checks(client: Client, log: VerifierKey) -> None:
    leaf = record("colour", {"rule": "infected"}, secret={"subject": b"\7" * 16}, emergency="epidemic")
    advance()
    seen_at(MONDAY + timedelta(hours=1))
    text, keys = str(queries.receipt_for(leaf)), "\n".join(log_standing.keys())
    page = words(client.post("/log/check/", {"receipt": f" {text[:70]}\r\n{text[70:]}\n", "keys": keys}))
    assert "确在台账中" in page
    assert "由我们的服务器核验" in page
    assert "07" * 16 in page
    assert "court.example/witness" in page
    spoilt = text[:-9] + text[-9:].replace(text[-9], "0" if text[-9] != "0" else "1")
    assert "07" * 16 not in words(client.post("/log/check/", {"receipt": spoilt, "keys": keys}))


@pytest.mark.parametrize(("receipt", "keys", "status"), [
    ("", "", 422), ("KR1:" + "0" * 6000, "x", 422), ("hello", "nobody", 422), ("hello", None, 200),
    ("KR1:\0", None, 422), ("KR1:ĀĀĀ", None, 200),
])  # fmt: skip
def test_what_is_no_receipt_is_answered_in_words(
    client: Client, log: VerifierKey, receipt: str, keys: str | None, status: int
) -> None:
    keys = "\n".join(log_standing.keys()) if keys is None else keys
    answer = client.post("/log/check/", {"receipt": receipt, "keys": keys})
    assert answer.status_code == status
    assert ("也就是由被核验的一方" in words(answer)) == (status == 200)


def test_the_public_bundle_holds_and_is_written_once_an_hour(client: Client, log: VerifierKey) -> None:
    first = streamed(client.get("/log/bundle/"))
    assert audit(Bundle(io.BytesIO(first)), Trust((log,), ())).openings == 0
    record_many([ToRecord("list", {"n": 99})])
    advance()
    assert streamed(client.get("/log/bundle/")) == first
    kept = public_bundle.newest()
    assert kept is not None
    os.utime(kept, (0, 0))
    assert streamed(client.get("/log/bundle/")) != first
    assert not kept.exists(), "one file is kept, not one for each time it was asked for"


def test_two_never_write_the_public_bundle_at_once(client: Client, log: VerifierKey) -> None:
    with public_bundle._alone() as mine:
        assert mine
        assert client.get("/log/bundle/").status_code == 202
    assert streamed(client.get("/log/bundle/"))[:2] == b"PK"


@pytest.fixture
def auditors(district: Area, post: Callable[..., Post]) -> list[Client]:
    """Two auditors at their browsers."""
    browsers = [Client(), Client()]
    for number, browser in enumerate(browsers):
        browser.force_login(post("auditor", district, f"审计{'甲乙'[number]}").person.account)
    return browsers


def test_an_auditor_asks_another_releases_and_each_taking_is_a_row(auditors: list[Client], log: VerifierKey) -> None:
    asker, other = auditors
    record("colour", {"rule": "infected"}, secret={"subject": b"\7" * 16}, emergency="epidemic")
    asker.post("/log/bundles/", {"reason": "年度审计"})
    asked = BundleAsked.objects.get()
    way = f"/log/bundles/{asked.pk}/"
    assert asker.post(f"{way}take/").status_code == 302
    assert not BundleTaken.objects.exists()
    asker.post(f"{way}release/")
    assert not hasattr(BundleAsked.objects.get(), "released"), "nobody releases what they asked for"
    assert "年度审计" in words(other.get("/log/bundles/"))
    assert "已放行" in words(other.post(f"{way}release/", follow=True))
    advance()
    for _ in range(2):
        answer = asker.post(f"{way}take/")
        found = audit(Bundle(io.BytesIO(streamed(answer))), Trust((log,), ()))
        assert found.openings == 1
        assert asked.pk.hex[-8:] in answer["Content-Disposition"]
        assert answer["Cache-Control"] == "no-store"
    assert BundleTaken.objects.filter(leaves=found.leaves).count() == 2
    other.post(f"{way}take/")
    assert BundleTaken.objects.count() == 2
    assert Leaf.objects.filter(kind="bundle-released").count() == 1


def test_after_a_day_nothing_is_taken_out(auditors: list[Client], log: VerifierKey) -> None:
    asker, other = auditors
    asker.post("/log/bundles/", {"reason": "年度审计"})
    way = f"/log/bundles/{BundleAsked.objects.get().pk}/"
    other.post(f"{way}release/")
    with clock.frozen(clock.now() + timedelta(hours=24, minutes=1)):
        assert asker.post(f"{way}take/").status_code == 302
        assert "已过期" in words(asker.get("/log/bundles/"))
    assert not BundleTaken.objects.exists()


def test_a_request_without_a_reason_is_answered_in_words(auditors: list[Client]) -> None:
    answer = auditors[0].post("/log/bundles/", {"reason": "  "})
    assert answer.status_code == 422
    assert not BundleAsked.objects.exists()


def test_nobody_but_auditors_comes_near(signed_in_as: SignIn, template_pack: Pack, client: Client) -> None:
    assert client.get("/log/bundles/")["Location"].startswith("/accounts/login/")
    for role in template_pack.all(Role):
        answer = signed_in_as(role.slug).get("/log/bundles/")
        assert answer.status_code == (200 if "ledger.release_bundle" in role.may else 403), role.slug
