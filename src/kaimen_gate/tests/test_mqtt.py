"""A node and a real Mosquitto: a thermometer measures, a door is told, a lift leaves, and the broker may go away."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, Queue
from typing import Any

import pytest

from kaimen.kit.ids import new_id
from kaimen_gate.enrolment import enrol
from kaimen_gate.mqtt import Broker, NotABroker
from kaimen_gate.tests.fake_centre import PLACE, FakeCentre, served, snapshot, with_rules
from kaimen_gate.tests.running import Running, free_port, until
from kaimen_gate.wire import Lift, Snapshot

pytestmark = pytest.mark.broker
MOSQUITTO = shutil.which("mosquitto", path=f"{sys.path[0]}:/usr/sbin:/usr/bin:/usr/local/sbin:/opt/homebrew/sbin")
PASSWORD = "only-for-this-test"


class Mosquitto:
    """A broker that lets in who knows a password, on a port of this machine."""

    def __init__(self, folder: Path) -> None:
        assert MOSQUITTO, "Mosquitto is missing; tools/system-packages installs it"
        self.port, self._conf = free_port(), folder / "mosquitto.conf"
        passwords = folder / "passwords"
        passwords.touch(mode=0o600)
        subprocess.run(["mosquitto_passwd", "-b", str(passwords), "gate", PASSWORD], check=True, capture_output=True)
        owner = subprocess.run(["id", "-un"], check=True, capture_output=True, text=True).stdout.strip()
        self._conf.write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous false\npassword_file {passwords}\nuser {owner}\n"
        )
        self.start()

    def start(self) -> None:
        """Run it."""
        assert MOSQUITTO
        self.process = subprocess.Popen([MOSQUITTO, "-c", str(self._conf)], stderr=subprocess.DEVNULL)

    def kill(self) -> None:
        """It is gone at once."""
        self.process.kill()
        self.process.wait()


class Thing:
    """Something at a door: says and hears."""

    def __init__(self, port: int) -> None:
        from paho.mqtt.client import Client, MQTTv5
        from paho.mqtt.enums import CallbackAPIVersion

        self.heard: Queue[tuple[str, dict[str, Any]]] = Queue()
        self.line = Client(CallbackAPIVersion.VERSION2, protocol=MQTTv5)
        self.line.username_pw_set("gate", PASSWORD)
        self.line.on_message = lambda _c, _d, one: self.heard.put((one.topic, json.loads(one.payload)))
        self.line.on_connect = self._listen
        self.line.connect_async("127.0.0.1", port)
        self.line.loop_start()
        until(self.line.is_connected)

    def _listen(self, *_: object) -> None:
        self.line.subscribe(f"kaimen/{PLACE}/#", qos=1)

    def say(self, word: str, body: Any, *, kept: bool = False) -> None:
        """Publish, and wait until the broker has it."""
        self.line.publish(f"kaimen/{PLACE}/{word}", json.dumps(body), qos=1, retain=kept).wait_for_publish(10)

    def hears(self, word: str, seconds: float = 20) -> dict[str, Any]:
        """The next message of a topic."""
        end = time.monotonic() + seconds
        while True:
            topic, said = self.heard.get(timeout=max(0.01, end - time.monotonic()))
            if topic == f"kaimen/{PLACE}/{word}":
                return said


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    one = Mosquitto(tmp_path)
    yield one
    one.kill()


def listed(centre: FakeCentre, **changes: Any) -> Snapshot:
    """A list that sends a fever, and the third in a lift of two, to the desk."""
    rules = with_rules(("fever", "desk", "temperature >= 37.3"), ("lift-full", "desk", "lift_full"))
    about: dict[str, Any] = {"opens": "00:00", "closes": "24:00", "rules": rules, "lift": Lift(2)}
    return snapshot(centre.key, datetime.now(UTC), **(about | changes))


@pytest.fixture
def centre() -> FakeCentre:
    """A centre with that list."""
    one = FakeCentre()
    one.publish(listed(one))
    return one


@pytest.fixture
def node(tmp_path: Path, broker: Mosquitto, centre: FakeCentre) -> Iterator[Running]:
    password = tmp_path / "mqtt-password"
    password.write_text(PASSWORD)
    with served(centre) as address:
        enrol(tmp_path / "node", address, "GOOD-CODE", "east gate")
        more = ["--mqtt", f"mqtt://gate@127.0.0.1:{broker.port}", "--mqtt-password-file", str(password)]
        running = Running(tmp_path / "node", more=more)
        until(lambda: "the broker is there" in running.log() and running.state()["places"][0]["people"] > 0)
        yield running
        running.kill()


@pytest.fixture
def thing(node: Running, broker: Mosquitto) -> Iterator[Thing]:
    one = Thing(broker.port)
    yield one
    one.line.disconnect()
    one.line.loop_stop()


def test_what_a_thermometer_measures_is_the_next_persons_and_nobody_elses(
    node: Running, thing: Thing, centre: FakeCentre
) -> None:
    thing.say("thermometer", {"temperature": "37.9"})
    thing.say("scan", {"id": str(new_id()), "place": PLACE, "direction": "out", "code": "x"})  # the measure has arrived
    thing.hears("door")
    id_ = str(new_id())
    first = node.scan(id=id_, code=centre.code(11))[1]
    assert (first["verdict"], first["reason"]) == ("desk", "fever")
    thing.say("thermometer", {"temperature": "36.5"})
    assert node.scan(id=id_, code=centre.code(11))[1]["reason"] == "fever"  # asked again, the same
    assert node.scan(code=centre.code(12))[1]["verdict"] == "enter"
    until(lambda: [one.temperature for one in centre.arrived() if one.direction == "in"] == [379, 365])


def test_a_door_is_told_what_was_decided_and_nobodys_name(node: Running, thing: Thing, centre: FakeCentre) -> None:
    id_ = str(new_id())
    node.scan(id=id_, code=centre.code(11))
    said = thing.hears("door")
    assert (said["id"], said["verdict"], said["direction"]) == (id_, "enter", "in")
    assert said.keys() == {"id", "verdict", "direction", "at"}
    node.scan(code="KM1:NOTHING")
    assert thing.hears("door")["verdict"] == "refuse"


def test_a_turnstile_may_ask_over_the_broker_and_gets_the_words_that_http_gives(
    node: Running, thing: Thing, centre: FakeCentre
) -> None:
    id_ = str(new_id())
    ask = {"id": id_, "place": PLACE, "direction": "in", "code": centre.code(11)}
    thing.say("scan", ask)
    assert thing.hears(f"answer/{id_}") == node.scan(**ask)[1]
    for wrong in ({"place": "elsewhere"}, {"direction": "up"}, {"code": None}):
        other = str(new_id())
        thing.say("scan", ask | wrong | {"id": other})
        assert thing.hears(f"answer/{other}").keys() == {"error", "remedy"}
    strange: tuple[Any, ...] = ([], "x", {"id": 7}, {"id": "#"}, {"id": "a/b"}, {})
    for nonsense in strange:
        thing.say("scan", nonsense)
        thing.say("thermometer", nonsense)
    assert node.scan(code=centre.code(12))[0] == 200


def test_a_lift_that_has_gone_is_empty_again(node: Running, thing: Thing, centre: FakeCentre) -> None:
    centre.publish(listed(centre, version=2, post="lift"))
    until(lambda: node.state()["places"][0]["version"] == 2)
    said = [node.scan(code=centre.code(index))[1]["verdict"] for index in (11, 12, 13)]
    assert said == ["enter", "enter", "desk"]
    thing.say("lift-gone", {})
    until(lambda: node.scan(code=centre.code(13))[1]["verdict"] == "enter", 20)


def test_what_was_kept_for_late_comers_counts_for_nothing(
    node: Running, thing: Thing, broker: Mosquitto, centre: FakeCentre
) -> None:
    thing.say("thermometer", {"temperature": "39.9"}, kept=True)
    assert node.scan(code=centre.code(11))[1]["reason"] == "fever"  # it was there when it was said
    node.kill()
    node.start()
    until(lambda: node.log().count("the broker is there") == 2)
    for _ in range(3):  # whatever the broker kept has come by then
        thing.say("scan", {"id": str(new_id()), "place": PLACE, "direction": "out", "code": "x"})
        thing.hears("door")
    assert node.scan(code=centre.code(12))[1]["verdict"] == "enter"


def test_the_gate_goes_on_without_its_broker_and_finds_it_again(
    node: Running, thing: Thing, broker: Mosquitto, centre: FakeCentre
) -> None:
    broker.kill()
    until(lambda: "the broker is gone" in node.log())
    assert node.scan(code=centre.code(11))[1]["verdict"] == "enter"
    broker.start()
    until(lambda: node.log().count("the broker is there") == 2 and thing.line.is_connected())
    with suppress(Empty):
        while True:
            thing.heard.get_nowait()
    id_ = str(new_id())
    node.scan(id=id_, code=centre.code(12))
    assert thing.hears("door")["id"] == id_  # and not the word of before: a door opens now or not at all


def test_a_wrong_password_keeps_the_broker_shut_and_the_gate_open(
    tmp_path: Path, broker: Mosquitto, centre: FakeCentre
) -> None:
    with served(centre) as address:
        enrol(tmp_path / "node", address, "GOOD-CODE", "east gate")
        running = Running(tmp_path / "node", more=["--mqtt", f"mqtt://gate@127.0.0.1:{broker.port}"])
        until(lambda: "the broker refuses this node" in running.log())
        assert running.scan(code="KM1:NOTHING")[0] == 200
        running.kill()


@pytest.mark.parametrize("url", ["http://broker", "mqtt://", "mqtt://a:secret@broker", "mqtt://broker:x", "broker"])
def test_an_address_that_is_no_brokers_is_refused_without_being_repeated(url: str) -> None:
    with pytest.raises(NotABroker) as refused:
        Broker.of(url, "")
    assert "secret" not in str(refused.value)


def test_a_broker_is_found_by_its_address() -> None:
    assert Broker.of("mqtts://gate@broker.example", "p") == Broker("broker.example", 8883, True, "gate", "p")
