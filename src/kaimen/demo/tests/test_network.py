"""The button that cuts a building's network: what it does, what it says, and where it does nothing."""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from kaimen.demo import network
from kaimen.demo.models import SampleProgress
from kaimen.gate import asking_nodes
from kaimen.gate.asking_nodes import NodeSilent, State
from kaimen.gate.models import ChainHead, Node
from kaimen.kit import clock
from kaimen.kit.keys import SigningKey

LIST = datetime(2020, 3, 16, 0, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: SimpleNamespace) -> Path:
    """A folder in which a line may be cut."""
    settings.DATA = tmp_path
    (tmp_path / "demo").mkdir()
    return tmp_path / "demo"


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> None:
    """A gate that decided 71 times, of which 58 arrived."""
    monkeypatch.setattr(asking_nodes, "state", lambda _place: State(False, 71, 13, LIST, 9, LIST))
    node = Node.objects.create(name=network.STAGE_NODE, public_key=SigningKey.generate().public.raw)
    ChainHead.objects.create(node=node.pk.bytes, epoch=1, node_seq=58, head=bytes(32), heard_at=clock.now())


def test_the_button_cuts_and_the_next_mends(
    filled: SampleProgress, client: Client, own_folder: Path, gate: None
) -> None:
    page = reverse("demo:network")
    assert client.post(page, {"plug": "out"}).status_code == 302
    first = (own_folder / "cut").read_text()
    client.post(page, {"plug": "out"})
    assert (own_folder / "cut").read_text() == first  # cut since the first press
    assert 'class="wire cut"' in client.get(page).content.decode()
    client.post(page, {"plug": "in"})
    client.post(page, {"plug": "in"})
    assert not (own_folder / "cut").exists()


def test_what_waits_is_what_the_gate_decided_less_what_arrived(
    filled: SampleProgress, client: Client, gate: None
) -> None:
    found = network.network()
    assert found
    assert (found.decided, found.waiting, found.arrived) == (71, 13, 58)
    assert '<b class="num">13</b>' in client.get(reverse("demo:network-live")).content.decode()


def test_before_the_gate_answers_the_page_says_so(
    filled: SampleProgress, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(_place: str) -> State:
        raise NodeSilent("no answer")

    monkeypatch.setattr(asking_nodes, "state", silent)
    answer = client.get(reverse("demo:network"))
    assert (answer.status_code, "马上启动" in answer.content.decode()) == (200, True)


def test_where_people_may_be_real_nothing_is_cut(
    filled: SampleProgress, client: Client, own_folder: Path, settings: SimpleNamespace
) -> None:
    settings.SYNTHETIC = False
    assert client.post(reverse("demo:network"), {"plug": "out"}).status_code == 403
    assert not (own_folder / "cut").exists()
