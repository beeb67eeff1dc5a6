"""A real node process that was told whom to believe: colours come down, bad ones do not, and a restart forgets none."""

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kaimen_gate.tests.colour_world import ColourWorld, unwitnessed
from kaimen_gate.tests.fake_centre import FakeCentre, snapshot, with_rules
from kaimen_gate.tests.running import COMMAND, running, until

_RULES = with_rules(
    ("colours-old", "desk", "colours_age >= 24"), ("colour-refused", "refuse", "colour = 'red'"),
    ("colour-desk", "desk", "colour = 'yellow'"),
)  # fmt: skip
COLOURED = {"colours": ("green", "red", "yellow"), "rules": _RULES}


@pytest.fixture
def world(centre: FakeCentre) -> ColourWorld:
    """A log and witnesses beside the centre, whose place asks for colours."""
    now = datetime.now(UTC)
    centre.publish(snapshot(centre.key, now, version=2, opens="00:00", closes="24:00", **COLOURED))
    return ColourWorld(centre.key, now)


def trust(data: Path, world: ColourWorld, *more: str) -> subprocess.CompletedProcess[str]:
    """`kaimen-gate trust`."""
    pins = world.pins
    witnesses = [word for one in pins.witnesses for word in ("--witness", str(one))]
    asked = ["--genesis", pins.genesis.hex(), "--log", str(pins.logs[0]), *witnesses, *more]
    return subprocess.run(
        [*COMMAND, "trust", "--data", str(data), *asked], capture_output=True, text=True, timeout=30, check=False
    )


def test_a_node_acts_on_proved_colours_only_and_keeps_them(data: Path, centre: FakeCentre, world: ColourWorld) -> None:
    assert "believes 2 of: court.example/w, university.example/w" in trust(data, world).stdout
    centre.colours = world.publish({11: 1, 14: 2}).to_bytes()
    with running(data) as node:
        until(lambda: node.state()["colours"]["as_of"] is not None)
        assert [node.scan(code=centre.code(index))[1]["reason"] for index in (11, 14)] == [
            "colour-refused", "colour-desk",
        ]  # fmt: skip
        assert node.scan(code=centre.code(11), direction="out")[1]["verdict"] == "enter"
        node.kill()
        centre.colours = unwitnessed(world.publish({12: 1}, world.now + timedelta(minutes=1))).to_bytes()
        node.start()
        until(lambda: node.state()["colours"]["refused"] != "")
        assert "0 of 2 pinned witnesses" in node.state()["trouble"]
        assert node.state()["colours"]["witnessed"] == ["court.example/w", "university.example/w"]
        assert node.scan(code=centre.code(11))[1]["reason"] == "colour-refused"
        assert node.scan(name="赵样", tail="0015")[1]["reason"] == "on-list"
        assert node.log().count("the list of colours is refused") == 1


def test_a_node_that_was_told_nobody_to_believe_asks_for_no_colour(
    data: Path, centre: FakeCentre, world: ColourWorld
) -> None:
    centre.colours = world.publish({11: 1}).to_bytes()
    with running(data) as node:
        until(lambda: node.state()["places"][0]["version"] == 2)
        assert node.state()["colours"] is None
        assert node.scan(code=centre.code(11))[1]["reason"] == "on-list"


def test_pins_that_cannot_be_used_are_one_line_and_status_1(data: Path, world: ColourWorld) -> None:
    done = trust(data, world, "--quorum", "3")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "quorum of 1 to 2" in done.stderr
    trust(data, world)
    (data / "colours.json").write_text("{}")
    served = subprocess.run(
        [*COMMAND, "serve", "--data", str(data), "--port", "0"], capture_output=True, text=True, timeout=30, check=False
    )
    assert served.returncode == 1
    assert "kaimen-gate trust" in served.stderr
