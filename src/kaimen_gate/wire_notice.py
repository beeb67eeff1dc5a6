"""The centre's word that it listens to a node no more, signed: nobody else can take a gate out of service."""

from datetime import datetime
from uuid import UUID

from kaimen.kit.keys import PublicKey, SigningKey
from kaimen_gate.wire_fields import NotWire, millis, moment, octets, opened, signed

_KIND = b"node-revoked"


def write_notice(node: UUID, at: datetime, key: SigningKey) -> bytes:
    """That `node` is revoked, said at the time `at`."""
    return signed(key, _KIND, {"v": 1, "node": node.bytes, "at": millis(at)})


def read_notice(data: bytes, node: UUID, centre: PublicKey) -> datetime:
    """When the centre said so of `node`. Raises NotWire for another node's, and for what it did not sign."""
    body = opened(data, _KIND, centre, 1)
    if octets(body.get("node"), 16) != node.bytes:
        raise NotWire("a notice to another node")
    return moment(body.get("at"))
