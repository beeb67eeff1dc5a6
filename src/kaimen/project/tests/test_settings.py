"""Settings of a real installation: what must never be left open by forgetting."""

import os
import subprocess
import sys
from pathlib import Path

LIVE = "from kaimen.project.settings import live; print(live.ALLAUTH_TRUSTED_PROXY_COUNT, live.SYNTHETIC, live.DEBUG)"


def _live(data: Path, read: str = LIVE, **environ: str) -> "subprocess.CompletedProcess[str]":
    """Read the settings in a fresh process, as a server would."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("KAIMEN_")}
    command = [sys.executable, "-c", read]
    return subprocess.run(
        command, env=clean | {"KAIMEN_DATA": str(data)} | environ, capture_output=True, text=True, check=False
    )


def test_what_is_kept_is_its_owners_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert _live(data).stdout.split() == ["1", "False", "False"]
    assert data.stat().st_mode & 0o077 == 0
    assert (data / "keys" / "django").stat().st_mode & 0o077 == 0


def test_no_real_installation_runs_on_a_drills_clock(tmp_path: Path) -> None:
    refused = _live(tmp_path, KAIMEN_CLOCK="2020-03-16T07:30:00+08:00@1700000000x20")
    assert refused.returncode != 0
    assert "KAIMEN_CLOCK is for drills" in refused.stderr


MAIL = (
    "from kaimen.project.settings import live; "
    "print(live.EMAIL_PORT, live.EMAIL_HOST_USER, live.EMAIL_HOST_PASSWORD, live.EMAIL_USE_TLS, live.EMAIL_USE_SSL)"
)


def test_a_mail_servers_password_comes_from_a_file_and_its_encryption_is_chosen(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("a long one\n")
    chosen = {"KAIMEN_MAIL_PORT": "587", "KAIMEN_MAIL_USER": "kaimen", "KAIMEN_MAIL_TLS": "starttls"}
    password = {"KAIMEN_MAIL_PASSWORD_FILE": str(tmp_path / "password")}
    assert _live(tmp_path, MAIL, **chosen, **password).stdout == "587 kaimen a long one True False\n"
    assert _live(tmp_path, MAIL).stdout == "25   False False\n"


def test_a_mail_encryption_there_is_not_is_refused_with_those_there_are(tmp_path: Path) -> None:
    refused = _live(tmp_path, KAIMEN_MAIL_TLS="yes")
    assert "KAIMEN_MAIL_TLS is 'yes'; it is none, starttls (port 587) or tls (port 465)" in refused.stderr


def test_a_password_goes_out_over_nothing_unencrypted(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("a long one")
    refused = _live(tmp_path, KAIMEN_MAIL_PASSWORD_FILE=str(tmp_path / "password"))
    assert "KAIMEN_MAIL_TLS" in refused.stderr
