"""How a node becomes one of a centre's: it makes its key here, shows the public half once, and keeps the rest here."""

import base64
import fcntl
import json
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from kaimen.kit.keys import PublicKey, SigningKey
from kaimen.kit.whole_file import write_whole
from kaimen_gate.centre import Centre

KEY, PAPER, JOURNAL, LISTS, LOCK = "key", "enrolment.json", "journal.sqlite3", "lists", "lock"
PINS = "colours.json"  # whom the node believes about colours; told to it by hand


class NotEnrolled(Exception):
    """No use can be made of this data folder: why, and what to do."""


@dataclass(frozen=True)
class Enrolment:
    """What the centre said when it took this node in."""

    node: UUID
    centre: str  # its address
    centre_key: PublicKey
    places: list[str]

    @classmethod
    def understood(cls, said: Any) -> "Enrolment":
        """Read the centre's words, or the file they were kept in. Raises ValueError."""
        try:
            key = PublicKey.from_raw(base64.b64decode(said["centre_key"], validate=True))
            places = said["places"]
            if type(places) is not list or not all(type(place) is str for place in places):
                raise ValueError("“places” is no list of codes")
            return cls(UUID(said["node"]), str(said["centre"]), key, places)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{error!r}") from error


def enrol(data: Path, address: str, code: str, name: str) -> Enrolment:
    """Spend a one-time code. Raises NotEnrolled, and centre.Unreachable, centre.Refused."""
    if (data / PAPER).exists():
        raise NotEnrolled(f"{data} is enrolled already; serve it, or name another folder with --data")
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = SigningKey.kept_at(data / KEY)
    with closing(Centre(address, key)) as centre:
        said = centre.enrol(code, name) | {"centre": address}
    try:
        enrolment = Enrolment.understood(said)
    except ValueError as error:
        raise NotEnrolled(f"the centre's answer cannot be used: {error}") from error
    write_whole(data / PAPER, json.dumps(said, ensure_ascii=False, indent=2).encode())
    return enrolment


def read_enrolment(data: Path) -> tuple[Enrolment, SigningKey]:
    """Who the node in `data` is. Raises NotEnrolled."""
    try:
        said = json.loads((data / PAPER).read_bytes())
        return Enrolment.understood(said), SigningKey.from_pem((data / KEY).read_bytes())
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotEnrolled(f"no node is enrolled in {data}; run kaimen-gate enrol first") from error
    except (OSError, ValueError) as error:
        raise NotEnrolled(f"{data} cannot be used: {error}") from error


def locked(data: Path) -> IO[str]:
    """Hold `data` for this process alone: two writers would fork the chain. Raises NotEnrolled."""
    try:
        lock = (data / LOCK).open("w")
    except OSError as error:
        raise NotEnrolled(f"{data} cannot be written: {error.strerror}") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise NotEnrolled(f"another process serves {data}; stop it first") from error
    return lock
