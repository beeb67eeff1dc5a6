"""The demonstration's data folder: one run at a time, a drill clock that goes on where it stopped.

<data>/kaimen.sqlite3, events.sqlite3, keys/   as in any installation
<data>/demo/clock                              the drill's time when it last ran; also the mark of a demonstration
<data>/demo/node/, node-stage/                 the gate nodes' own disks; the second is the personas' building's
<data>/demo/cut                                while it is there, the line to that building is cut
<data>/demo/witness/                           the witness's own disk
<data>/demo/followed.json                      what the witness follows, and the gates of the second node
<data>/demo/*.log                              what each process said
"""

import fcntl
import json
import shutil
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo

from kaimen.project.demo.options import NotPossible

ZONE = ZoneInfo("Asia/Shanghai")
BEGINS = datetime(2020, 3, 16, 7, 20, tzinfo=ZONE)  # the first people come at half past; the sample fills meanwhile
ENDS = datetime(2020, 3, 16, 22, 0, tzinfo=ZONE)
_ELSEWHERE = "choose another folder: make demo KAIMEN_DATA=…"


class Folder:
    """A data folder, held by this run until it lets go, or ends."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.own = data / "demo"
        self._clock = self.own / "clock"
        self._followed = self.own / "followed.json"
        self._lock: IO[str] | None = None

    @property
    def node(self) -> Path:
        """The gate node's own disk."""
        return self.own / "node"

    @property
    def stage_node(self) -> Path:
        """The disk of the node at the personas' building, whose network can be cut."""
        return self.own / "node-stage"

    @property
    def cut(self) -> Path:
        """While this file is there, the line between that node and the centre is cut."""
        return self.own / "cut"

    def stage(self) -> list[str]:
        """The places whose gates that node decides for, as the preparation wrote them down."""
        return list(json.loads(self._followed.read_text("utf-8"))["stage"])

    @property
    def witness(self) -> Path:
        """The witness's own disk."""
        return self.own / "witness"

    def followed(self) -> tuple[str, str]:
        """The log's key and the genesis's hash, as the preparation wrote them down."""
        said = json.loads(self._followed.read_text("utf-8"))
        return said["log"], said["genesis"]

    def centre_key(self) -> str:
        """The key that signs the lists gates are given, as the preparation wrote it down."""
        return str(json.loads(self._followed.read_text("utf-8"))["centre"])

    def log(self, name: str) -> Path:
        """Where a process writes what it has to say."""
        return self.own / f"{name}.log"

    def take(self) -> None:
        """Hold the folder. Raises NotPossible when it is somebody else's."""
        try:
            if (self.data / "kaimen.sqlite3").exists() and not self._clock.exists():
                raise NotPossible(f"{self.data} holds data that is no demonstration's; {_ELSEWHERE}")
            self.own.mkdir(parents=True, exist_ok=True)
            self._lock = (self.own / "lock").open("w")
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise NotPossible(f"Another demonstration runs on {self.data}; stop it, or {_ELSEWHERE}") from error
        except OSError as error:
            raise NotPossible(f"{self.data} cannot be written ({error.strerror}); {_ELSEWHERE}") from error

    def let_go(self) -> None:
        """Let another run have it."""
        if self._lock:
            self._lock.close()

    def clock(self) -> datetime:
        """The drill's time to go on from."""
        with suppress(OSError, ValueError):
            return datetime.fromisoformat(self._clock.read_text("utf-8"))
        return BEGINS

    def half_prepared(self) -> bool:
        """Whether a run was killed before its preparation was over: the past of such a day has a hole."""
        return (self.data / "kaimen.sqlite3").exists() and not self._followed.exists()

    def keep_clock(self, now: datetime) -> None:
        """Remember how far the day has come."""
        draft = self._clock.with_suffix(".new")
        draft.write_text(now.astimezone(ZONE).isoformat(), "utf-8")
        draft.replace(self._clock)

    def restore(self) -> None:
        """Back to the morning: forget everything but the keys. Those of the log go with it: the new one is another."""
        self._followed.unlink(missing_ok=True)  # first: killed in here, the next run begins again
        for path in self.data.glob("*.sqlite3*"):
            path.unlink()
        self.cut.unlink(missing_ok=True)
        for path in (
            self.node,
            self.stage_node,
            self.witness,
            *(self.data / name for name in ("cache", "files", "keys/log", "keys/openings")),
        ):
            shutil.rmtree(path, ignore_errors=True)
        self.keep_clock(BEGINS)
