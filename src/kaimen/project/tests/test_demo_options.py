"""What `make demo` may be asked, and its one-line answers when it cannot."""

import re
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509

from kaimen.project.demo import certificate, options
from kaimen.project.demo.folder import BEGINS, ENDS, Folder
from kaimen.project.demo.options import NotPossible


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    """A data folder this run holds."""
    folder = Folder(tmp_path)
    folder.take()
    yield folder
    folder.let_go()


def refusal(**environ: str) -> str:
    """The one line it says."""
    with pytest.raises(NotPossible) as refused:
        options.read(environ)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_unless_told_otherwise_it_is_port_8000_twenty_times_as_fast_on_this_machine_only() -> None:
    read = options.read({"PORT": "", "SPEED": "", "TLS": ""})
    assert (read.port, read.speed, read.tls, read.host) == (8000, 20, False, "127.0.0.1")
    assert read.data.name == "demo"


def test_with_tls_it_listens_to_the_network() -> None:
    read = options.read({"TLS": "1", "PORT": "8443"})
    assert (read.host, read.address) == ("0.0.0.0", "https://localhost:8443")


@pytest.mark.parametrize("port", ["0", "65536", "-1", "eight", "８０００", "8000.0"])
def test_a_port_that_is_none_is_named_with_one_that_is(port: str) -> None:
    assert f"PORT={port} is no port" in refusal(PORT=port)
    assert "make demo PORT=8001" in refusal(PORT=port)


@pytest.mark.parametrize("speed", ["0", "-3", "fast", "nan", "inf", "100000"])
def test_a_speed_that_does_not_work_is_named_with_one_that_does(speed: str) -> None:
    assert "make demo SPEED=20" in refusal(SPEED=speed)


@pytest.mark.parametrize("text", ["yes", "2", "off"])
def test_a_switch_is_on_or_off(text: str) -> None:
    assert refusal(TLS=text).endswith("make demo TLS=1")
    assert refusal(FRESH=text).endswith("make demo FRESH=1")
    assert options.read({"TLS": "0", "FRESH": "1"}).fresh


def test_home_may_be_written_short() -> None:
    assert options.read({"KAIMEN_DATA": "~/kaimen"}).data == Path.home().resolve() / "kaimen"


def test_a_folder_that_is_no_pack_is_named() -> None:
    assert "make demo PACK=packs/template" in refusal(PACK="packs/atlantis")


def test_an_occupied_port_is_one_line_that_names_another() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(NotPossible, match=rf"^Port {port} is in use; choose another: make demo PORT=\d+$"):
            options.require_free("127.0.0.1", port)


def test_a_port_just_left_is_free() -> None:
    options.require_free("127.0.0.1", options.free_port())


def test_data_that_is_no_demonstrations_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "kaimen.sqlite3").write_bytes(b"somebody's")
    with pytest.raises(NotPossible, match="no demonstration's"):
        Folder(tmp_path).take()
    assert [path.name for path in tmp_path.iterdir()] == ["kaimen.sqlite3"]


def test_two_do_not_share_a_folder(folder: Folder) -> None:
    second = Folder(folder.data)
    with pytest.raises(NotPossible, match="Another demonstration runs"):
        second.take()
    second.let_go()


@pytest.mark.parametrize("name", ["file", "x" * 300], ids=["a file is in the way", "a name too long"])
def test_a_folder_that_cannot_be_written_is_said_so(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(NotPossible, match="cannot be written"):
        Folder(tmp_path / name).take()


def test_the_day_goes_on_where_it_stopped(folder: Folder) -> None:
    assert folder.clock() == BEGINS
    folder.keep_clock(BEGINS + timedelta(hours=2))
    assert Folder(folder.data).clock() == BEGINS + timedelta(hours=2) < ENDS


def test_a_new_morning_keeps_the_keys_and_forgets_the_rest(folder: Folder, tmp_path: Path) -> None:
    for name in ("kaimen.sqlite3", "kaimen.sqlite3-wal", "events.sqlite3", "keys/centre", "demo/node/journal"):
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_bytes(b"x")
    folder.keep_clock(ENDS)
    folder.restore()
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {"keys/centre", "demo/clock", "demo/lock"}
    assert folder.clock() == BEGINS


def test_a_preparation_that_was_killed_begins_again_and_one_that_ended_does_not(folder: Folder, tmp_path: Path) -> None:
    assert not folder.half_prepared()
    (tmp_path / "kaimen.sqlite3").write_bytes(b"half a history")
    assert folder.half_prepared()
    (folder.own / "followed.json").write_text("{}", "utf-8")  # the last thing a preparation writes
    assert not folder.half_prepared()
    folder.restore()
    assert not folder.half_prepared()
    (tmp_path / "kaimen.sqlite3").write_bytes(b"half of the next one")
    assert folder.half_prepared()


def test_a_certificate_names_this_machine(tmp_path: Path) -> None:
    public, private = certificate.make(tmp_path, ["192.0.2.7"])
    read = x509.load_pem_x509_certificate(public.read_bytes())
    names = read.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert "localhost" in names.get_values_for_type(x509.DNSName)
    assert {"127.0.0.1", "192.0.2.7"} <= {str(ip) for ip in names.get_values_for_type(x509.IPAddress)}
    assert private.stat().st_mode & 0o077 == 0
    assert all(re.fullmatch(r"[\d.]+", one) and not one.startswith("127.") for one in certificate.local_addresses())
