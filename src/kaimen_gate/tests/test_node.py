"""A real node process beside a fake centre: what it answers, keeps, sends and survives."""

import base64
import json
import os
import signal
import sqlite3
import stat
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psutil
import pytest

from kaimen.kit.ids import new_id
from kaimen.kit.keys import SigningKey
from kaimen.passes import issue
from kaimen_gate import wire
from kaimen_gate.journal import Head, follow
from kaimen_gate.tests.fake_centre import PLACE, FakeCentre, snapshot
from kaimen_gate.tests.running import COMMAND, Running, running, until
from kaimen_gate.wire_notice import write_notice


def journal(data: Path) -> list[wire.Entry]:
    """The whole chain on disk, checked."""
    with sqlite3.connect(data / "journal.sqlite3") as db:
        rows = db.execute("SELECT seq, raw FROM entry ORDER BY seq").fetchall()
    db.close()
    return list(follow(rows, Head()))


def run(*arguments: str) -> tuple[int, str]:
    """The command; gives its status and what it said on the standard error."""
    done = subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=30, check=False)
    return done.returncode, done.stderr


def test_a_pass_on_the_list_enters_and_the_centre_hears_of_it(node: Running, centre: FakeCentre) -> None:
    status, said = node.scan(code=centre.code(11))
    assert status == 200
    assert (said["verdict"], said["reason"]) == ("enter", "on-list")
    assert said["person"] == {"name": "王样", "organisation": {"zh-Hans": "渡船厂", "en": "Ferry Works"}, "floor": "3"}
    assert said["guard"] == {"zh-Hans": "在今日名单", "en": "On today’s list"}
    assert 0 <= said["data_age"] < 60
    until(lambda: len(centre.arrived()) == 1)
    entry = centre.arrived()[0]
    assert (entry.index, entry.reason, entry.how, entry.at.isoformat(timespec="milliseconds")) == (
        11, "on-list", "code", said["at"],
    )  # fmt: skip
    until(lambda: node.state()["unsent"] == 0)


def test_the_same_id_again_gives_the_stored_answer_and_is_recorded_once(node: Running, centre: FakeCentre) -> None:
    id_ = str(new_id())
    first = node.scan(id=id_, code=centre.code(11))
    centre.publish(snapshot(centre.key, datetime.now(UTC), version=2, people=(), opens="00:00", closes="00:00"))
    until(lambda: node.state()["places"][0]["version"] == 2)
    status, again = node.scan(id=id_, code=centre.code(11))
    assert (status, again["verdict"], again["at"]) == (200, first[1]["verdict"], first[1]["at"])
    assert len(journal(node.data)) == 1


def test_an_id_that_belongs_to_another_scan_opens_nothing(node: Running, centre: FakeCentre) -> None:
    id_ = str(new_id())
    node.scan(id=id_, code=centre.code(11))
    assert node.scan(id=id_, code=centre.code(12))[0] == 409
    assert node.scan(id=id_, code=centre.code(11), direction="out")[0] == 409
    assert node.scan(id=id_, name="王样", tail="000X")[0] == 409
    assert node.scan(id=id_, code="not a pass at all")[0] == 409


def test_a_form_sent_again_with_another_name_never_answers_for_the_first(node: Running, centre: FakeCentre) -> None:
    id_ = str(new_id())
    assert node.scan(id=id_, name="王样", tail="000X")[1]["verdict"] == "enter"
    assert node.scan(id=id_, name="外人", tail="0001")[0] == 409
    assert node.scan(id=id_, name="王样", tail="000X")[1]["verdict"] == "enter"
    assert len(journal(node.data)) == 1


def test_no_scan_without_the_token(shared_node: Running) -> None:
    for token in ("", "x" * 43, shared_node.token[:-1]):
        status, said = shared_node.ask("POST", "/v1/scans", b"{}", token=token)
        assert (status, sorted(said)) == (401, ["error", "remedy"])
        assert shared_node.ask("GET", "/v1/state", token=token)[0] == 401


GOOD: dict[str, Any] = {"id": str(uuid4()), "place": PLACE, "direction": "in", "code": "x"}


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"[" * 8000, b"1" * 8000, b'{"a": NaN}',
        json.dumps({**GOOD, "extra": "1"}).encode(), json.dumps({**GOOD, "id": "1"}).encode(),
        json.dumps({**GOOD, "id": f"{{{GOOD['id']}}}"}).encode(), json.dumps({**GOOD, "direction": "up"}).encode(),
        json.dumps({**GOOD, "place": "elsewhere"}).encode(), json.dumps({**GOOD, "place": "\ud800"}).encode(),
        json.dumps({**GOOD, "code": 7}).encode(), json.dumps({**GOOD, "code": None}).encode(),
        json.dumps({**GOOD, "name": "王样", "tail": "000X"}).encode(),
        json.dumps({k: v for k, v in GOOD.items() if k != "code"} | {"name": " ", "tail": "000X"}).encode(),
        json.dumps({k: v for k, v in GOOD.items() if k != "code"} | {"name": "王样", "tail": "X000"}).encode(),
        json.dumps(GOOD)[:-1].encode() + b', "code": "y"}',
    ],
)  # fmt: skip
def test_what_is_no_scan_is_refused_in_words_and_not_recorded(shared_node: Running, body: bytes) -> None:
    before = journal(shared_node.data)
    status, said = shared_node.ask("POST", "/v1/scans", body)
    assert status == 400
    assert said["error"]
    assert said["remedy"]
    assert journal(shared_node.data) == before


def test_a_field_that_comes_twice_is_told(shared_node: Running) -> None:
    status, said = shared_node.ask("POST", "/v1/scans", json.dumps(GOOD)[:-1].encode() + b', "code": "y"}')
    assert (status, said["error"]) == (400, "A field comes twice.")


def test_too_much_is_refused(shared_node: Running) -> None:
    assert shared_node.ask("POST", "/v1/scans", b"x" * 9000)[0] == 413
    assert shared_node.ask("POST", "/v1/scans", b"x" * 900_000)[0] == 413


def test_other_addresses_and_methods_are_refused_in_words(shared_node: Running) -> None:
    assert shared_node.ask("GET", "/v1/scans")[0] == 405
    assert shared_node.ask("GET", "/etc/passwd")[0] == 404


def test_any_text_in_a_code_gets_an_answer(shared_node: Running) -> None:
    until(lambda: shared_node.state()["places"][0]["version"] == 1)
    for code in ("", "https://example.org/?q=1", "KM1:", "KM1:\ud800", "通行证", "\x00" * 50, "KM1:" + "0" * 4000):
        status, said = shared_node.scan(code=code)
        assert (status, said["reason"]) == (200, "too-long" if len(code) > 1000 else "not-a-pass")


def test_killed_under_load_nothing_acknowledged_is_lost_and_nothing_is_there_twice(
    node: Running, centre: FakeCentre
) -> None:
    acknowledged: dict[str, str] = {}
    code = centre.code(11)
    for _ in range(3):

        def scanning(_lane: int) -> None:
            try:
                while True:
                    id_ = str(new_id())
                    status, said = node.scan(id=id_, code=code)
                    if status == 200:
                        acknowledged[id_] = said["at"]
            except (OSError, ValueError, HTTPException):
                return  # the node is gone, perhaps in the middle of an answer

        before = len(acknowledged)
        with ThreadPoolExecutor(4) as lanes:
            work = [lanes.submit(scanning, lane) for lane in range(4)]
            until(lambda before=before: len(acknowledged) > before + 50)  # type: ignore[misc]
            node.kill()
            for one in work:
                one.result()
        node.start()
    entries = {str(entry.id): entry for entry in journal(node.data)}
    assert acknowledged.keys() <= entries.keys()
    assert all(entries[id_].at.isoformat(timespec="milliseconds") == at for id_, at in acknowledged.items())
    until(lambda: node.state()["unsent"] == 0)
    assert [entry.seq for entry in centre.arrived()] == list(range(1, len(entries) + 1))
    assert len({entry.epoch for entry in centre.arrived()}) == 1


def test_a_restart_with_the_centre_away_still_decides(node: Running, centre: FakeCentre) -> None:
    centre.away = True
    node.kill()
    node.start()
    assert node.scan(code=centre.code(11))[1]["verdict"] == "enter"
    until(lambda: node.state()["trouble"] != "")
    state = node.state()
    assert (state["online"], state["unsent"], state["places"][0]["version"]) == (False, 1, 1)
    centre.away = False
    until(lambda: node.state()["unsent"] == 0 and node.state()["online"])
    assert len(centre.arrived()) == 1


def test_a_batch_whose_answer_was_lost_is_sent_again_with_the_same_bytes(node: Running, centre: FakeCentre) -> None:
    centre.forgets_to_answer = 2
    node.scan(code=centre.code(11))
    until(lambda: node.state()["unsent"] == 0)
    assert len(centre.batches) == 3
    assert len(set(centre.batches)) == 1
    assert len(centre.arrived()) == 1


def test_a_centre_that_lost_entries_gets_them_again(node: Running, centre: FakeCentre) -> None:
    for _ in range(5):
        node.scan(code=centre.code(11))
    until(lambda: len(centre.arrived()) == 5 and node.state()["unsent"] == 0)
    for chain in centre.entries.values():
        del chain[2:]
    node.scan(code=centre.code(11))
    until(lambda: len(centre.arrived()) == 6)


def test_a_centre_restored_from_a_backup_gets_what_it_lost_though_nobody_passes(
    node: Running, centre: FakeCentre
) -> None:
    for index in (11, 14):
        node.scan(code=centre.code(index))
    until(lambda: node.state()["unsent"] == 0)
    with centre.lock:
        for chain in centre.entries.values():
            del chain[1:]
    until(lambda: len(centre.arrived()) == 2)
    with centre.lock:
        centre.entries.clear()
    until(lambda: [entry.index for entry in centre.arrived()] == [11, 14])


def test_a_revoked_node_forgets_its_lists_and_decides_nothing_by_the_centres_signed_word_alone(
    node: Running, centre: FakeCentre, data: Path
) -> None:
    node.scan(code=centre.code(11))
    until(lambda: node.state()["unsent"] == 0)
    (id_,) = centre.nodes
    for key, other in ((SigningKey.generate(), id_), (centre.key, new_id())):
        centre.revoked = told(other, key)
        until(lambda: "Enrol it anew" in node.state()["trouble"])
        assert node.scan(code=centre.code(11))[1]["verdict"] in {"enter", "desk"}
    centre.revoked = told(id_, centre.key)
    until(lambda: node.state()["revoked"] is not None)
    assert list(data.glob("lists/*.list")) == []
    for _turn in ("running", "started anew"):
        status, said = node.scan(code=centre.code(11))
        assert status == 503
        assert "out of service" in said["error"]
        node.stop()
        node.start()
    assert len(journal(data)) == 3


def told(node: UUID, key: SigningKey) -> dict[str, Any]:
    """What a centre with this key tells a node that it revoked."""
    notice = base64.b64encode(write_notice(node, datetime.now(UTC), key)).decode()
    return {"error": "This node was revoked.", "remedy": "Enrol it anew.", "revoked": True, "notice": notice}


def test_an_old_copy_of_the_disk_forks_the_chain_and_is_told(node: Running, centre: FakeCentre) -> None:
    node.scan(code=centre.code(11))
    until(lambda: node.state()["unsent"] == 0)
    chain = next(iter(centre.entries.values()))
    chain[0] = chain[0][:-1] + bytes((chain[0][-1] ^ 1,))  # what the other copy said
    node.scan(code=centre.code(12))
    until(lambda: "no chain" in node.state()["trouble"])
    assert node.state()["unsent"] == 1
    assert node.scan(code=centre.code(11))[1]["verdict"] == "enter"


def test_a_full_disk_is_told_and_nothing_is_lost(node: Running, centre: FakeCentre) -> None:
    node.scan(code=centre.code(11))
    process = psutil.Process(node.process.pid)
    process.rlimit(psutil.RLIMIT_FSIZE, (1, -1))
    id_ = str(new_id())
    status, said = node.scan(id=id_, code=centre.code(12))
    assert status == 503
    assert "disk" in said["error"]
    assert node.ask("GET", "/health")[0] == 503
    process.rlimit(psutil.RLIMIT_FSIZE, (-1, -1))
    status, said = node.scan(id=id_, code=centre.code(12))
    assert (status, said["verdict"]) == (200, "enter")
    assert node.ask("GET", "/health")[0] == 200
    assert [entry.index for entry in journal(node.data)] == [11, 12]


def test_a_newer_list_is_in_force_within_seconds_and_an_older_or_forged_one_never(
    node: Running, centre: FakeCentre
) -> None:
    code = centre.code(17)
    assert node.scan(code=code)[1]["reason"] == "not-on-list"
    now = datetime.now(UTC)
    newcomer = wire.Expected(17, "周样", 0, "1", "0017")
    always = {"opens": "00:00", "closes": "24:00"}
    centre.publish(snapshot(centre.key, now, version=3, people=(newcomer,), **always))
    until(lambda: node.state()["places"][0]["version"] == 3)
    assert node.scan(code=code)[1]["reason"] == "on-list"
    centre.lists[PLACE] = wire.write_snapshot(snapshot(centre.key, now, version=4, **always), SigningKey.generate())
    centre.versions[PLACE] = 4
    until(lambda: "signature" in node.state()["trouble"])
    centre.publish(snapshot(centre.key, now, version=2, **always))
    until(lambda: "older" in node.state()["trouble"])
    assert node.scan(code=code)[1]["reason"] == "on-list"


def test_a_node_on_a_drills_clock_decides_by_it(data: Path, centre: FakeCentre) -> None:
    morning = datetime(2020, 3, 16, 7, 30, tzinfo=UTC) - timedelta(hours=8)
    centre.publish(snapshot(centre.key, morning - timedelta(hours=2), version=2))
    clock = f"{morning.isoformat()}@{datetime.now().timestamp()}x60"
    with running(data, clock) as node:
        until(lambda: node.state()["places"][0]["version"] == 2)
        said = node.scan(code=centre.code(11, at=morning))[1]
        assert said["verdict"] == "enter"
        assert said["at"].startswith("2020-03-15T23:")
        assert 7200 <= said["data_age"] < 3 * 3600
        assert node.scan(code=issue(centre.key, 11, morning))[1]["reason"] == "expired"


def test_the_key_and_everything_else_is_readable_by_its_owner_only(node: Running, centre: FakeCentre) -> None:
    node.scan(code=centre.code(11))
    for path in node.data.rglob("*"):
        if path.is_file() and path.name != "stderr":
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_neither_log_nor_journal_holds_a_name(node: Running, centre: FakeCentre) -> None:
    node.scan(name="王样", tail="000X")
    node.scan(name="无此人", tail="1234")
    centre.away = True
    until(lambda: node.state()["trouble"] != "")
    node.stop()
    written = node.log().encode() + b"".join(p.read_bytes() for p in node.data.glob("journal*"))
    assert "王样".encode() not in written
    assert "无此人".encode() not in written


def test_a_stopped_node_has_written_everything_and_closed_its_files(node: Running, centre: FakeCentre) -> None:
    node.scan(code=centre.code(11))
    assert node.stop() == -signal.SIGTERM  # as systemd expects of a program that was told to end
    assert not (node.data / "journal.sqlite3-wal").exists()
    assert len(journal(node.data)) == 1
    assert node.log() == ""


def test_a_damaged_journal_is_set_aside_and_the_door_goes_on(node: Running, centre: FakeCentre) -> None:
    node.scan(code=centre.code(11))
    node.stop()
    (node.data / "journal.sqlite3").write_bytes(b"not a database" * 1000)
    node.start()
    assert node.scan(code=centre.code(11))[1]["verdict"] == "enter"
    assert list(node.data.glob("journal.sqlite3.broken-*"))
    assert len(journal(node.data)) == 1


def test_two_processes_cannot_serve_one_folder(node: Running) -> None:
    status, said = run("serve", "--data", str(node.data), "--port", "0")
    assert (status, said.count("\n")) == (1, 1)
    assert "another process serves" in said


def test_an_occupied_port_is_one_line(node: Running, data: Path, address: str, tmp_path: Path) -> None:
    assert run("enrol", "--centre", address, "--code", "GOOD-CODE", "--data", str(tmp_path / "other"))[0] == 0
    status, said = run("serve", "--data", str(tmp_path / "other"), "--port", str(node.port))
    assert (status, said.count("\n")) == (1, 1)
    assert "cannot listen" in said


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["enrol", "--code", "BAD", "--centre", "ADDRESS"], "invites nobody"),
        (["enrol", "--code", "GOOD-CODE", "--centre", "nowhere"], "no address of a centre"),
        (["enrol", "--code", "GOOD-CODE", "--centre", "http://127.0.0.1:1"], "refused"),
        (["serve", "--port", "8839"], "no node is enrolled"),
    ],
)
def test_a_mistake_at_the_command_line_is_one_line(
    tmp_path: Path, address: str, arguments: list[str], says: str
) -> None:
    arguments = [address if one == "ADDRESS" else one for one in arguments]
    status, said = run(*arguments, "--data", str(tmp_path / "fresh"))
    assert (status, said.count("\n")) == (1, 1)
    assert says in said


def test_a_folder_enrolled_already_spends_no_second_code(data: Path, address: str) -> None:
    key = (data / "key").read_bytes()
    status, said = run("enrol", "--centre", address, "--code", "GOOD-CODE", "--data", str(data))
    assert status == 1
    assert "enrolled already" in said
    assert (data / "key").read_bytes() == key
    assert os.stat(data / "key").st_mode & 0o777 == 0o600
