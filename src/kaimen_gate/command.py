"""`kaimen-gate`: enrol a node, serve it. A mistake is one line on the standard error and a status of 1."""

import argparse
import logging
import os
import secrets
import socket
import sqlite3
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from kaimen.kit.secret_file import kept
from kaimen.passes import FRESH
from kaimen_gate.centre import Refused, Unreachable
from kaimen_gate.colour_proof import BadPins, Pins
from kaimen_gate.enrolment import PINS, NotEnrolled, enrol, locked, read_enrolment
from kaimen_gate.mqtt import Broker, Bus, NotABroker
from kaimen_gate.node import Node
from kaimen_gate.serving import serve
from kaimen_gate.verify import answers

_SHORTEST_TOKEN = 20
_DAY = 86_400  # seconds


class Mistake(Exception):
    """What the command was told cannot be done, in one line."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; gives its status."""
    os.umask(0o077)
    logging.basicConfig(format="kaimen-gate: %(message)s", level=logging.WARNING)
    asked = parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], None] = asked.run
    try:
        run(asked)
    except (Mistake, NotEnrolled, Refused, Unreachable, BadPins, NotABroker) as error:
        print(f"kaimen-gate: {error}", file=sys.stderr)
        return 1
    return 0


def parser() -> argparse.ArgumentParser:
    """What the command understands."""
    whole = argparse.ArgumentParser(
        prog="kaimen-gate", description="A node that decides at a gate.", allow_abbrev=False
    )
    commands = whole.add_subparsers(required=True, metavar="enrol|trust|serve|verify")
    enrolling = commands.add_parser("enrol", help="become a node of a centre, with a one-time code")
    enrolling.add_argument("--centre", required=True, help="the centre's address, https://…")
    enrolling.add_argument("--code", required=True, help="the one-time code the centre gave")
    enrolling.add_argument("--data", required=True, type=Path, help="the folder this node keeps its key and journal in")
    enrolling.add_argument("--name", default=socket.gethostname(), help="what people call this node")
    enrolling.set_defaults(run=_enrol)
    _add_trust(commands.add_parser("trust", help="tell a node whom to believe about colours; the centre cannot"))
    serving = commands.add_parser("serve", help="answer scanners and turnstiles")
    serving.add_argument("--data", required=True, type=Path, help="the folder of an enrolled node")
    serving.add_argument("--port", type=int, default=8700, help="the port to listen at; %(default)s unless told")
    serving.add_argument("--host", default="127.0.0.1", help="the address to listen at; only this machine unless told")
    serving.add_argument("--centre", metavar="URL", help="the centre's address, where it moved since the node enrolled")
    serving.add_argument("--token-file", type=Path, help="holds what scanners prove themselves with; made if missing")
    serving.add_argument("--mqtt", metavar="URL", help="a broker for thermometers, doors and lifts: mqtts://USER@HOST")
    serving.add_argument("--mqtt-password-file", type=Path, help="holds the password of USER")
    serving.set_defaults(run=_serve)
    _add_verify(commands.add_parser("verify", help="answer codes read elsewhere, line by line; needs no node"))
    return whole


def _add_trust(trusting: argparse.ArgumentParser) -> None:
    trusting.add_argument("--data", required=True, type=Path, help="the folder of an enrolled node")
    trusting.add_argument("--genesis", required=True, metavar="HASH", help="as the authorities tell it, 64 digits")
    trusting.add_argument("--log", required=True, action="append", metavar="KEY", help="the log's; may be given again")
    trusting.add_argument(
        "--witness", required=True, action="append", metavar="KEY", help="a replay witness's; may be given again"
    )
    trusting.add_argument(
        "--quorum", type=int, metavar="N", help="how many must have cosigned; most of them unless told"
    )
    trusting.set_defaults(run=_trust)


def _add_verify(verifying: argparse.ArgumentParser) -> None:
    verifying.add_argument("--jsonl", required=True, action="store_true", help="a JSON object a line, in and out")
    verifying.add_argument(
        "--fresh", type=float, default=FRESH.total_seconds(), metavar="SECONDS",
        help="how long what a phone signed is good; %(default)g unless told",
    )  # fmt: skip
    verifying.set_defaults(run=_verify)


def _enrol(asked: argparse.Namespace) -> None:
    try:
        enrolment = enrol(asked.data, asked.centre, asked.code, asked.name)
    except (OSError, ValueError) as error:
        raise Mistake(str(error)) from error
    print(f"Node {enrolment.node} stands at: {', '.join(enrolment.places) or 'no place yet'}")


def _trust(asked: argparse.Namespace) -> None:
    read_enrolment(asked.data)
    pins = Pins.of(asked.genesis, asked.log, asked.witness, asked.quorum)
    try:
        pins.keep(asked.data / PINS)
    except OSError as error:
        raise Mistake(str(error)) from error
    names = ", ".join(one.name for one in pins.witnesses)
    print(f"From its next start this node believes {pins.quorum} of: {names}")


def _serve(asked: argparse.Namespace) -> None:
    enrolment, key = read_enrolment(asked.data)
    enrolment = replace(enrolment, centre=asked.centre or enrolment.centre)
    with locked(asked.data), _listening(asked.host, asked.port) as line:
        token = _token(asked.token_file or asked.data / "token")
        try:
            node = Node(asked.data, enrolment, key)
            bus = Bus(node, _broker(asked)) if asked.mqtt else None
        except NotABroker:
            raise
        except (sqlite3.Error, OSError, ValueError) as error:
            raise Mistake(f"{asked.data} cannot be used: {error}") from error
        print(f"Node {node.id} on http://{asked.host}:{asked.port}", flush=True)
        serve(node, token, line, bus)


def _broker(asked: argparse.Namespace) -> Broker:
    try:
        password = asked.mqtt_password_file.read_text("utf-8").strip() if asked.mqtt_password_file else ""
    except (OSError, UnicodeDecodeError) as error:
        raise Mistake(f"{asked.mqtt_password_file} cannot be read: {error}") from error
    return Broker.of(asked.mqtt, password)


def _verify(asked: argparse.Namespace) -> None:
    if not 0 <= asked.fresh <= _DAY:
        raise Mistake("--fresh is a number of seconds, of a day at most")
    for line in answers(sys.stdin.buffer, timedelta(seconds=asked.fresh)):
        print(line, flush=True)


def _listening(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=1024)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or "a port is a number from 1 to 65535"
        raise Mistake(f"cannot listen at {host}:{port}: {reason}; choose another --port") from error


def _token(path: Path) -> str:
    try:
        token = kept(path, lambda: secrets.token_urlsafe(32).encode()).decode("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Mistake(f"{path} cannot be used as a token: {error}") from error
    if len(token) < _SHORTEST_TOKEN or not token.isprintable():
        raise Mistake(
            f"the token in {path} is shorter than {_SHORTEST_TOKEN} characters; remove the file to have one made"
        )
    return token
