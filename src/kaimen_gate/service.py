"""Whether this node is still in service. It ends by the centre's signed word alone, and for good."""

import base64
import logging
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from kaimen.kit.keys import PublicKey
from kaimen.kit.whole_file import write_whole
from kaimen_gate.wire import NotWire
from kaimen_gate.wire_notice import read_notice

_LOG = logging.getLogger(__name__)
_NOTICE = "revoked.notice"


class Service:
    """In service until a notice came; the notice is kept on disk, so that a restart changes nothing."""

    def __init__(self, folder: Path, node: UUID, centre: PublicKey) -> None:
        """Read what is on disk; a file that is damaged counts as not there."""
        self._path, self._node, self._centre = folder / _NOTICE, node, centre
        self.ended: datetime | None = None
        if self._path.exists():
            self._read(self._path.read_bytes())

    def ends(self, said: dict[str, Any]) -> bool:
        """Whether the centre's refusal ends this node's service: its `notice` is signed and names this node."""
        try:
            data = base64.b64decode(str(said.get("notice", "")), validate=True)
        except ValueError:
            return False
        if not data or not self._read(data):
            return False
        try:
            write_whole(self._path, data)
        except OSError as error:  # out of service all the same; after the next start the centre says so again
            _LOG.error("the notice is not on disk: %s", error)
        return True

    def _read(self, data: bytes) -> bool:
        try:
            self.ended = read_notice(data, self._node, self._centre)
        except NotWire as error:
            _LOG.error("a notice that takes nothing out of service: %s", error)
            return False
        return True
