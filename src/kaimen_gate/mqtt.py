"""MQTT for what stands at a door: thermometers, turnstiles, doors, lifts. An optional extra: `kaimen[mqtt]`.

Topics below `kaimen/PLACE/`; docs/reference/node.md describes them. The broker is a convenience and never a judge: what
comes over it is a question like any other, and a door that hears nothing stays as it is.
"""

import asyncio
import json
import logging
import re
import ssl
from collections.abc import Coroutine
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Any
from urllib.parse import unquote, urlsplit

from kaimen_gate.http_line import refusal
from kaimen_gate.journal import JournalFailed
from kaimen_gate.node import Node, OtherScan, OutOfService
from kaimen_gate.scans import LARGEST, BadScan, read_temperature
from kaimen_gate.wire import Entry
from kaimen_gate.writer import Busy

_LOG = logging.getLogger(__name__)
_PORTS = {"mqtt": 1883, "mqtts": 8883}
_LISTENS = ("scan", "thermometer", "lift-gone")
_OPENS_FOR = 5  # seconds after which a broker throws a word to a door away
_KEEPALIVE = 15
_ID = re.compile(r"[0-9A-Fa-f-]{32,36}")
_MOST_WAITING = 256  # questions; what comes on top is not answered, and asked again


class NotABroker(ValueError):
    """No broker can be reached like this; the text is one line that says what would do."""


@dataclass(frozen=True)
class Broker:
    """Where a broker is, and who we are to it."""

    host: str
    port: int
    tls: bool
    user: str
    password: str

    @classmethod
    def of(cls, url: str, password: str) -> "Broker":
        """Read `mqtt://USER@HOST:PORT` or `mqtts://…`. Raises NotABroker."""
        try:
            parts = urlsplit(url)
            port = parts.port or _PORTS[parts.scheme]
        except (ValueError, KeyError) as error:
            raise NotABroker("--mqtt names no broker; write it like mqtts://gate@broker.example:8883") from error
        if not parts.hostname or parts.password:
            raise NotABroker("--mqtt needs a host and no password; that goes into --mqtt-password-file")
        return cls(parts.hostname, port, parts.scheme == "mqtts", unquote(parts.username or ""), password)


class Bus:
    """A line to a broker that comes back by itself. Its messages are handled in the node's own loop."""

    def __init__(self, node: Node, broker: Broker) -> None:
        """Raises NotABroker where the extra is not installed."""
        try:
            from paho.mqtt.client import Client, MQTTv5  # noqa: PLC0415 — an extra, needed only here
            from paho.mqtt.enums import CallbackAPIVersion  # noqa: PLC0415
        except ImportError as error:
            raise NotABroker("MQTT needs the extra: pip install kaimen[mqtt]") from error
        self._node, self._broker, self._room = node, broker, BoundedSemaphore(_MOST_WAITING)
        self._line = Client(CallbackAPIVersion.VERSION2, client_id=f"kaimen-{node.id}", protocol=MQTTv5)
        if broker.user:
            self._line.username_pw_set(broker.user, broker.password)
        if broker.tls:
            self._line.tls_set_context(ssl.create_default_context())
        self._line.reconnect_delay_set(1, 10)
        self._line.on_connect = self._connected
        self._line.on_disconnect = lambda *_: _LOG.warning("the broker is gone; the gate goes on over HTTP")
        self._line.on_message = self._heard

    def start(self) -> None:
        """Connect, now or as soon as the broker is there; called in the loop that decides."""
        self._loop = asyncio.get_running_loop()
        self._node.told = self._decided
        self._line.connect_async(self._broker.host, self._broker.port, _KEEPALIVE)
        self._line.loop_start()

    def stop(self) -> None:
        """Hang up."""
        self._line.disconnect()
        self._line.loop_stop()

    def _connected(self, _line: Any, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        if reason.is_failure:
            _LOG.warning("the broker refuses this node: %s", reason)
            return
        _LOG.warning("the broker is there")
        for place in self._node.places:
            for word in _LISTENS:
                self._line.subscribe(f"kaimen/{place}/{word}", qos=1)

    def _heard(self, _line: Any, _data: Any, message: Any) -> None:
        """In the broker's thread. What was kept for late comers is of another time, and counts for nothing."""
        _kaimen, place, word = message.topic.split("/", 2)
        if message.retain or len(message.payload) > LARGEST or not self._room.acquire(blocking=False):
            return
        asyncio.run_coroutine_threadsafe(self._handled(place, word, bytes(message.payload)), self._loop)

    async def _handled(self, place: str, word: str, body: bytes) -> None:
        try:
            await self._does(place, word, body)
        except Exception:  # a mistake of ours; the line goes on
            _LOG.exception("a message went wrong")
        finally:
            self._room.release()

    def _does(self, place: str, word: str, body: bytes) -> Coroutine[Any, Any, None]:
        if word == "scan":
            return self._asked(place, body)
        return self._measured(place, body) if word == "thermometer" else self._gone(place)

    async def _asked(self, place: str, body: bytes) -> None:
        """A scan, as over HTTP; its answer goes to whoever asked for that id."""
        said = _read(body)
        id_ = said.get("id")
        if not isinstance(id_, str) or not _ID.fullmatch(id_):
            _LOG.warning("a scan at %s has no id", place)
            return
        try:
            if said.get("place") != place:
                raise BadScan("“place” is not that of the topic.", f"Send it to kaimen/PLACE/scan of {place}.")
            answer = await self._node.scan(body)
        except (BadScan, OtherScan, Busy, JournalFailed, OutOfService) as error:
            what, remedy = (error.error, error.remedy) if isinstance(error, BadScan) else _NOT_DECIDED
            answer = refusal(0, what, remedy)[1]
        self._line.publish(f"kaimen/{place}/answer/{id_}", answer, qos=1, properties=_soon())

    async def _measured(self, place: str, body: bytes) -> None:
        try:
            self._node.measured(place, read_temperature(_read(body).get("temperature", "")))
        except BadScan:
            _LOG.warning("the thermometer at %s says no temperature", place)

    async def _gone(self, place: str) -> None:
        self._node.lift_gone(place)

    def _decided(self, entry: Entry) -> None:
        """Tell the door. At most once: a word that comes late would open it for whoever stands there then."""
        word = {
            "id": str(entry.id), "verdict": entry.verdict, "direction": entry.direction,
            "at": entry.at.isoformat(timespec="milliseconds"),
        }  # fmt: skip
        if self._line.is_connected():
            self._line.publish(f"kaimen/{entry.place}/door", json.dumps(word), qos=0, properties=_soon())


_NOT_DECIDED = ("The node did not decide.", "Send the same scan again in a second; make a fresh id for another scan.")


def _read(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _soon() -> Any:
    from paho.mqtt.packettypes import PacketTypes  # noqa: PLC0415 — an extra
    from paho.mqtt.properties import Properties  # noqa: PLC0415

    properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
    properties.MessageExpiryInterval = _OPENS_FOR
    return properties
