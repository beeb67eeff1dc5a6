"""Settings of a real installation: what must never be left open by forgetting."""

import os
import subprocess
import sys
from pathlib import Path

LIVE = "from kaimen.project.settings import live; print(live.ALLAUTH_TRUSTED_PROXY_COUNT, live.SYNTHETIC, live.DEBUG)"


def _live(data: Path, **environ: str) -> "subprocess.CompletedProcess[str]":
    """Read the settings in a fresh process, as a server would."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("KAIMEN_")}
    command = [sys.executable, "-c", LIVE]
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
