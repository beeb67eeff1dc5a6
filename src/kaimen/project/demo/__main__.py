"""Run the demonstration until Ctrl-C."""

import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from kaimen.kit.clock import Drill
from kaimen.project.demo.folder import BEGINS, ENDS, ZONE, Folder
from kaimen.project.demo.line import Line
from kaimen.project.demo.options import NotPossible, Options, free_port, read, require_free
from kaimen.project.demo.processes import Died, House, NotAnswering, Stopped, stop_with_parent

_BIN = Path(sys.executable).parent
_TICK = 0.5
_WITNESS, _LOOKS = "demonstration/witness", "2"  # seconds between two looks at the log


class Demonstration:
    """Everything that runs while the district lives."""

    def __init__(self, options: Options, folder: Folder, asked_to_stop: threading.Event) -> None:
        self.options, self.folder = options, folder
        self.clock = Drill(folder.clock(), time.time(), options.speed)
        self.node_port, self.stage_port = free_port(), free_port()
        self.line = Line(options.port, folder.cut)
        self.tls: tuple[Path, Path] | None = None
        if options.tls:
            from kaimen.project.demo import certificate  # noqa: PLC0415 — without TLS the memory is better used

            self.addresses = certificate.local_addresses()
            self.tls = certificate.make(folder.own / "tls", self.addresses)
        self.house = House(self._environ(), asked_to_stop)

    def run(self) -> None:
        """Open the doors, play the day, go on until stopped. Raises Died, Stopped."""
        self._kaimen("prepare", "demo", "prepare", "--pack", str(self.options.pack), "--witness", self._witness_key())
        stage = ",".join(f"{code}=http://127.0.0.1:{self.stage_port}" for code in self.folder.stage())
        self.house.environ = {**self.house.environ, "KAIMEN_NODE_URLS": stage}
        self._web()
        self._tell_address()
        self.house.start("worker", self._manage("work", "-v", "0"), self.folder.log("worker"))
        self._witness()
        self._nodes()
        self._kaimen("sample", "demo", "sample")
        say(self.folder.log("sample").read_text("utf-8").strip())
        self.house.start("drill", self._manage("demo", "drill"), self.folder.log("drill"), ends=True)
        over = False
        while True:
            time.sleep(_TICK)
            self.house.watch()
            self.folder.keep_clock(self.clock.now())
            if not over and self.clock.now() >= ENDS:
                over = True
                say(f"{ENDS:%H:%M}: the day is over. The board stays as it is; the next `make demo` begins a new day.")

    def stop(self) -> None:
        """Stop every process, and remember the time of day."""
        self.house.stop()
        self.line.close()
        self.folder.keep_clock(self.clock.now())

    def _web(self) -> None:
        tls = ["--ssl-certificate", str(self.tls[0]), "--ssl-keyfile", str(self.tls[1])] if self.tls else []
        command = [
            str(_BIN / "granian"), "--interface", "wsgi", "--host", self.options.host, "--port", str(self.options.port),
            "--workers", "1", "--blocking-threads", "2", "--runtime-threads", "1", "--no-ws", "--http", "1",
            "--log-level", "warning", *tls, "kaimen.project.demo.wsgi:application",
        ]  # fmt: skip
        self.house.start("web", command, self.folder.log("web"))
        try:
            self.house.wait_for(f"{self.options.address}/health/", certificate=self.tls[0] if self.tls else None)
        except NotAnswering as silence:
            raise Died("web", self.folder.log("web")) from silence

    def _witness_key(self) -> str:
        """Make the witness's key where there is none; gives its public half."""
        make = [str(_BIN / "kaimen-witness"), "init", "--data", str(self.folder.witness), "--name", _WITNESS]
        self.house.do("witness-key", make, self.folder.log("witness-key"))
        return self.folder.log("witness-key").read_text("utf-8").strip()

    def _witness(self) -> None:
        """Works every colour out again before it cosigns. A real one runs on another machine, under another's hand."""
        log, genesis = self.folder.followed()
        follow = [
            str(_BIN / "kaimen-witness"), "follow", "--data", str(self.folder.witness), "--every", _LOOKS,
            "--log", f"{self.options.address}/log", "--key", log, "--genesis", genesis,
            "--centre-key", self.folder.centre_key(),
        ]  # fmt: skip
        self.house.start("witness", follow, self.folder.log("witness"))

    def _nodes(self) -> None:
        """One node for the whole district, and the personas' building has its own, at the end of a line of its own."""
        self._node("node", self.folder.node, self.node_port, self.options.address)
        line = self.options.address.replace(f":{self.options.port}", f":{self.line.port}")
        self._node("node-stage", self.folder.stage_node, self.stage_port, line)

    def _node(self, name: str, disk: Path, port: int, centre: str) -> None:
        gate, data, invitation = str(_BIN / "kaimen-gate"), str(disk), self.folder.own / f"{name}.invitation"
        if invitation.exists():
            code = invitation.read_text("utf-8").strip()
            enrol = [gate, "enrol", "--centre", self.options.address, "--code", code, "--data", data]
            self.house.do("enrolment", enrol, self.folder.log("enrolment"))
            invitation.unlink()
            log, genesis = self.folder.followed()
            pins = ["--genesis", genesis, "--log", log, "--witness", self._witness_key()]
            self.house.do("pins", [gate, "trust", "--data", data, *pins], self.folder.log("pins"))
        token = str(self.folder.data / "keys" / "node-client-token")
        serve = [gate, "serve", "--data", data, "--port", str(port), "--centre", centre, "--token-file", token]
        self.house.start(name, serve, self.folder.log(name))

    def _kaimen(self, name: str, *words: str) -> None:
        self.house.do(name, self._manage(*words), self.folder.log(name))

    def _manage(self, *words: str) -> Sequence[str]:
        return [str(_BIN / "kaimen"), *words]

    def _environ(self) -> dict[str, str]:
        environ = os.environ | {
            "DJANGO_SETTINGS_MODULE": "kaimen.project.settings.demo",
            "KAIMEN_DATA": str(self.folder.data),
            "KAIMEN_CLOCK": self.clock.text(),
            "KAIMEN_NODE_URL": f"http://127.0.0.1:{self.node_port}",
            "PYTHONUNBUFFERED": "1",
            "MALLOC_ARENA_MAX": "1",  # six processes on one machine: their threads share one store of free memory
        }
        if self.tls:
            environ["SSL_CERT_FILE"] = str(self.tls[0])  # the node trusts the certificate we have just made
        return environ

    def _tell_address(self) -> None:
        say(f"\n  {self.options.address}    {self.clock.start.astimezone(ZONE):%H:%M} on Monday 16 March 2020\n")
        if self.tls:
            self._tell_phones()
        say("Ctrl-C stops everything.")

    def _tell_phones(self) -> None:
        import segno  # noqa: PLC0415

        from kaimen.project.demo import certificate  # noqa: PLC0415 — as above

        assert self.tls is not None
        for address in self.addresses:
            url = f"https://{address}:{self.options.port}"
            say(f"  For a phone in the same network (accept the home-made certificate once): {url}\n")
            segno.make(url).terminal(compact=True)
        say(f"\n  The certificate’s SHA-256, to compare on the phone:\n  {certificate.fingerprint(self.tls[0])}\n")


def say(text: str) -> None:
    """To the terminal, at once."""
    print(text, flush=True)


def main() -> int:
    """Run the command; 0 when it was stopped, 1 when something failed, 2 when it could not start."""
    asked_to_stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # Noted, not raised: between starting a process and writing it down there is no moment to be interrupted.
        signal.signal(number, lambda _number, _frame: asked_to_stop.set())
    stop_with_parent()  # make, killed, takes it along
    try:
        options = read()
        require_free(options.host, options.port)
        folder = Folder(options.data)
        folder.take()
    except NotPossible as error:
        print(error, file=sys.stderr)
        return 2
    return _run(options, folder, asked_to_stop)


def _run(options: Options, folder: Folder, asked_to_stop: threading.Event) -> int:
    if folder.half_prepared():
        say("The last run was stopped while it made the days before; they begin again.")
        folder.restore()
    elif options.fresh or folder.clock() >= ENDS:
        folder.restore()
    elif folder.clock() > BEGINS:
        say(f"The day goes on at {folder.clock().astimezone(ZONE):%H:%M}; begin it again with: make demo FRESH=1")
    folder.keep_clock(folder.clock())
    demonstration = Demonstration(options, folder, asked_to_stop)
    try:
        demonstration.run()
    except Stopped:
        say("\nStopping …")
    except Died as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        demonstration.stop()
    say("Everything has stopped.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
