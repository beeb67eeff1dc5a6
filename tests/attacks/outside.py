"""What no attacker holds: a replay witness on its own disk, and a gate. Both get nothing but what the server serves."""

import base64
import json
from pathlib import Path
from typing import Any
from uuid import UUID

from django.test import Client

from kaimen.gate import enrolment
from kaimen.kit.keys import PublicKey, SigningKey
from kaimen.proofs.notes import VerifierKey
from kaimen.register.models import Place
from kaimen_gate.centre import Centre, Refused
from kaimen_gate.colour_proof import Pins
from kaimen_gate.colours import Colours
from kaimen_gate.lists import Lists
from kaimen_witness.following import Follower, Looked
from kaimen_witness.log_over_http import LogOverHttp, NotThere, Unreachable
from kaimen_witness.memory import Memory
from kaimen_witness.replaying import Replayer
from tests.attacks.installation import Town

PLACE = "ferry-house"


class ServedLog(LogOverHttp):
    """The log by the server's own views, without a socket between."""

    def _ask(
        self, method: str, path: str, largest: int, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> bytes:
        answer = _answer(method, f"/log/{path}", body, headers or {})
        data = bytes(answer.content)
        assert len(data) <= largest
        if answer.status_code in (404, 410):
            raise NotThere(path)
        if not 200 <= answer.status_code < 300:
            raise Unreachable(f"{path}: {answer.status_code} {data[:200]!r}")
        return data


class ServedCentre(Centre):
    """The centre by its own views."""

    def _ask(self, method: str, path: str, headers: dict[str, str], body: bytes | None, largest: int = 2**30) -> bytes:
        answer = _answer(method, path, body, headers)
        if not 200 <= answer.status_code < 300:
            raise Refused(answer.status_code, {"error": bytes(answer.content).decode()})
        return bytes(answer.content)


def _answer(method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Any:
    kind = headers.pop("Content-Type", "application/octet-stream")
    return Client().generic(method, path, body or b"", content_type=kind, headers=headers)


class Outside:
    """A witness that has followed from the beginning, and a gate that holds the last good list."""

    def __init__(self, town: Town, folder: Path, log_key: VerifierKey) -> None:
        """`folder` is the disks of both; `log_key` was told to them, and is not asked for."""
        self.town, self.folder, self.log_key = town, folder, log_key
        folder.mkdir(parents=True, exist_ok=True)
        self._genesis = bytes(town.activation.leaf_hash)
        self.pins = Pins(self._genesis, (log_key,), (town.witness.verifier,), 1)
        self._log = ServedLog("http://kaimen.example/log", town.witness)
        self._replayer = Replayer(self._log, self._genesis)
        self._node, key, self._key = self._enrolment()
        self._centre = ServedCentre("http://kaimen.example", key)

    def witness_looks(self) -> Looked:
        """Once. Raises Alarm."""
        check = self._replayer.check
        return Follower(self._log, self.log_key, self.town.witness, Memory(self.folder), check).look()

    def plain_witness_looks(self) -> Looked:
        """A witness that is given no openings. Raises Alarm."""
        return Follower(self._log, self.log_key, self.town.witness, Memory(self.folder)).look()

    def gate(self) -> Colours:
        """The gate's colours, as they are on its disk."""
        return Colours(self.folder, self.pins, self._key)

    def gate_asks(self, colours: Colours) -> bytes:
        """What the server serves when the gate asks for newer colours."""
        held = colours.held
        return self._centre.colours(self._node, held.as_of if held else None, self.pins)

    def gate_takes_name_list(self, data: bytes) -> None:
        """A name list for the gate's place. Raises NotWire."""
        lists = Lists(self.folder / "lists", self._key, [PLACE])
        lists.take(PLACE, data)

    def list_unlogged(self, published: bytes) -> bool:
        """Whether a list that somebody was served stands nowhere in the log that the witness replayed."""
        return not self._replayer._replay.published(published, self._key)

    def _enrolment(self) -> tuple[UUID, SigningKey, PublicKey]:
        """The gate's id and key, and the centre's; enrolled the first time."""
        paper, key = self.folder / "enrolment", SigningKey.kept_at(self.folder / "key")
        if not paper.exists():
            code = enrolment.invite_node(None, "B 门", list(Place.objects.filter(code=PLACE)))
            said = ServedCentre("http://kaimen.example", key).enrol(code, "B 门")
            paper.write_text(json.dumps(said))
        said = json.loads(paper.read_text())
        return UUID(said["node"]), key, PublicKey.from_raw(base64.b64decode(said["centre_key"]))
