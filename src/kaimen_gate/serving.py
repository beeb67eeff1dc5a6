"""A node in its own process: it answers until it is told to end, then writes what waits and lets go of its disk."""

import asyncio
import signal
import socket

import uvloop

from kaimen_gate.app import App
from kaimen_gate.http_line import HttpServer
from kaimen_gate.mqtt import Bus
from kaimen_gate.node import Node
from kaimen_gate.scans import LARGEST


def serve(node: Node, token: str, line: socket.socket, bus: Bus | None = None) -> None:
    """Answer at `line`, an open socket, and over `bus`, until SIGTERM or SIGINT; then end as by that signal."""
    told = uvloop.run(_served(node, token, line, bus))
    signal.signal(told, signal.SIG_DFL)
    signal.raise_signal(told)


async def _served(node: Node, token: str, line: socket.socket, bus: Bus | None) -> signal.Signals:
    loop, ending = asyncio.get_running_loop(), asyncio.Event()
    told: list[signal.Signals] = []

    def tell(which: signal.Signals) -> None:
        told.append(which)
        ending.set()

    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, tell, one)
    node.start()
    if bus:
        bus.start()
    try:
        await HttpServer(App(node, token).answer, LARGEST).listen(line, ending)
    finally:
        if bus:
            await asyncio.to_thread(bus.stop)
        await asyncio.to_thread(node.stop)
    return told[0]
