"""The gate: reading a pass, and a node's decisions over HTTP, each on disk before it is answered."""

import asyncio
import base64
import json
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

import psutil
import uvloop
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from bench.table import Row
from kaimen.kit import base45, clock
from kaimen.kit.ids import new_id
from kaimen.kit.keys import SigningKey
from kaimen.passes import issue, issue_to_phone, keyring, read, show
from kaimen_gate.enrolment import KEY, LISTS, PAPER
from kaimen_gate.lists import Lists
from kaimen_gate.wire import Expected, PassKey, Snapshot, write_snapshot

PORT = 8838
PLACE = "bench-gate"
PEERS = Path(__file__).parents[1] / "build" / "peers" / "bin" / "python"
TURNS = 25
CONNECTIONS = 64
SCANS = 12_000
BUILDING, CITY = 1_000, 100_000  # people on a list
TOMORROW = clock.now() + timedelta(days=1)
HTTP = f"{CONNECTIONS} connections, each on disk before its answer"


@dataclass(frozen=True)
class Started:
    """A node that answers."""

    token: str
    after: float  # seconds from its start to its first answer
    memory: float  # MiB


def run() -> list[Row]:
    """Every row of the table."""
    key = SigningKey.generate()
    reading = _reading(key)
    raw = median(reading["raw"])
    with _node(key, BUILDING) as node:
        codes = [{"code": issue(key, index, TOMORROW)} for index in range(BUILDING)]
        by_code, slow_by_code = _scans(node, codes)
        by_name, slow_by_name = _scans(node, [{"name": f"人{n}", "tail": f"{n:04}"} for n in range(BUILDING)])
    with _node(key, CITY) as city:
        pass
    return [
        *_of_reading(reading),
        Row(f"scans of a code over HTTP, {HTTP}", by_code, "/s", 3_000, "more"),
        Row("the slowest of a hundred of these", slow_by_code, "ms", 30),
        Row("scans of a code over HTTP, share of the raw ES256 rate", by_code / raw, ""),
        Row(f"scans by name over HTTP, {HTTP}", by_name, "/s", 8_000, "more"),
        Row("the slowest of a hundred of these", slow_by_name, "ms", 15),
        Row(f"node with a list of {CITY:,}: start to first answer", city.after, "s", 2),
        Row(f"node with a list of {CITY:,}: memory", city.memory, "MiB", 150),
    ]


def _of_reading(rates: dict[str, list[float]]) -> list[Row]:
    """Medians of the rates, and of their shares turn by turn: what slows one down slows its neighbour down too."""
    share = {name: _share(rates["card"], rates[name]) for name in ("raw", "cwt", "pycose")}
    return [
        Row("ES256 signatures checked, nothing else", median(rates["raw"]), "/s"),
        Row("cards read: text to verified claims", median(rates["card"]), "/s"),
        Row("cards read, share of the raw ES256 rate", share["raw"], "", 0.75, "more"),
        Row("the same token (without base45) by cwt", median(rates["cwt"]), "/s"),
        Row("cards read, times the rate of cwt", share["cwt"], "×", 1.1, "more"),
        Row("the same token (without base45) by pycose", median(rates["pycose"]), "/s"),
        Row("cards read, times the rate of pycose", share["pycose"], "×", 15, "more"),
        Row("phones' codes read: both signatures", median(rates["phone"]), "/s"),
    ]


def _share(ours: list[float], theirs: list[float]) -> float:
    return median(our / their for our, their in zip(ours, theirs, strict=True))


def _reading(key: SigningKey) -> dict[str, list[float]]:
    """Signatures, cards and phones' codes a second, ours and others', in turns that see the same machine."""
    at, holder = clock.now(), SigningKey.generate()
    cards = [issue(key, index, TOMORROW) for index in range(200)]
    phones = [show(issue_to_phone(key, index, TOMORROW, holder.public), holder, at) for index in range(100)]
    keys = keyring(key.public)
    signing, algorithm = ec.generate_private_key(ec.SECP256R1()), ec.ECDSA(hashes.SHA256())
    message = b"x" * 49  # as long as what a pass signs
    signature, public = signing.sign(message, algorithm), signing.public_key()

    def raw() -> None:
        for _ in cards:
            public.verify(signature, message, algorithm)

    def read_all(codes: list[str]) -> None:
        for code in codes:
            read(code, keys, at)

    rates: dict[str, list[float]] = {name: [] for name in ("raw", "card", "phone", "cwt", "pycose")}
    with _peers(cards[0], key) as rate_of:
        for _ in range(TURNS):
            rates["raw"].append(_rate(raw, len(cards)))
            rates["card"].append(_rate(lambda: read_all(cards), len(cards)))
            rates["cwt"].append(rate_of("cwt"))
            rates["pycose"].append(rate_of("pycose"))
            rates["phone"].append(_rate(lambda: read_all(phones), len(phones)))
    return rates


@contextmanager
def _peers(code: str, key: SigningKey) -> Iterator[Callable[[str], float]]:
    """Gives the rate of a library by its name, at the token of `code`."""
    if not PEERS.exists():
        raise RuntimeError("the libraries to measure against are not there; run `make bench PART=gate`")
    numbers = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), key.public.raw).public_numbers()
    given = {
        "token": base45.decode(code[4:]).hex(), "key_id": key.public.key_id.hex(),
        "x": numbers.x.to_bytes(32).hex(), "y": numbers.y.to_bytes(32).hex(),
    }  # fmt: skip
    command = [str(PEERS), str(Path(__file__).with_name("peers.py"))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        asked, said = process.stdin, process.stdout

        def tell(line: str) -> None:
            asked.write(line + "\n")
            asked.flush()

        def rate_of(name: str) -> float:
            tell(name)
            return float(said.readline())

        tell(json.dumps(given))
        yield rate_of
        asked.close()


def _rate(work: Callable[[], None], times: int) -> float:
    """By the time this thread was on a processor: what else the machine does is not its fault."""
    begun = time.thread_time()
    work()
    return times / (time.thread_time() - begun)


@contextmanager
def _node(key: SigningKey, people: int) -> Iterator[Started]:
    """A node that no centre answers, with a list of so many people."""
    with tempfile.TemporaryDirectory(prefix="kaimen-bench-node-") as folder:
        data = Path(folder)
        _enrolled(data, key, people)
        begun = time.perf_counter()
        program = "import sys; from kaimen_gate.command import main; sys.exit(main(sys.argv[1:]))"
        serve = ["serve", "--data", folder, "--port", str(PORT)]
        process = subprocess.Popen([sys.executable, "-c", program, *serve], stdout=subprocess.DEVNULL)
        try:
            _wait()
            after = time.perf_counter() - begun
            memory = psutil.Process(process.pid).memory_info().rss / 2**20
            yield Started((data / "token").read_text(), after, memory)
        finally:
            process.terminate()
            process.wait()


def _enrolled(data: Path, key: SigningKey, people: int) -> None:
    """What enrolling and a first sync leave on disk."""
    SigningKey.kept_at(data / KEY)
    paper = {
        "node": str(new_id()), "centre": "http://127.0.0.1:9", "places": [PLACE],
        "centre_key": base64.b64encode(key.public.raw).decode(),
    }  # fmt: skip
    (data / PAPER).write_text(json.dumps(paper))
    expected = tuple(Expected(n, f"人{n}", n % 50, str(n % 30), f"{n % 10_000:04}") for n in range(people))
    firms = tuple((f"单位{n}", f"Firm {n}", True) for n in range(50))
    snapshot = Snapshot(
        PLACE, ("门", "Gate"), 1, clock.now(), "00:00", "24:00", "Asia/Shanghai", (PassKey(key.public.raw),), firms,
        expected, frozenset(range(people, people + 1000)), {},
    )  # fmt: skip
    Lists(data / LISTS, key.public, [PLACE]).take(PLACE, write_snapshot(snapshot, key))


def _wait() -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/health", timeout=1):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.005)
    raise RuntimeError(f"no node answers on port {PORT}; is the port taken?")


def _scans(node: Started, shown: list[dict[str, str]]) -> tuple[float, float]:
    """Scans a second, and the time in ms that 99 of 100 answers stay under."""
    bodies = [_request(node.token, shown[n % len(shown)]) for n in range(SCANS)]
    times: list[float] = []
    begun = time.perf_counter()
    uvloop.run(_all(bodies, times))
    took = time.perf_counter() - begun
    return SCANS / took, sorted(times)[len(times) * 99 // 100] * 1000


def _request(token: str, shown: dict[str, Any]) -> bytes:
    body = json.dumps({"id": str(new_id()), "place": PLACE, "direction": "in"} | shown).encode()
    head = (
        f"POST /v1/scans HTTP/1.1\r\nHost: node\r\nAuthorization: Bearer {token}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _all(requests: list[bytes], times: list[float]) -> None:
    await asyncio.gather(*(_lane(requests[lane::CONNECTIONS], times) for lane in range(CONNECTIONS)))


async def _lane(requests: list[bytes], times: list[float]) -> None:
    """One gate: the next scan when the last is answered."""
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    for request in requests:
        begun = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        answer = await reader.readexactly(length)
        times.append(time.perf_counter() - begun)
        if b'"verdict":"enter"' not in answer:
            raise RuntimeError(answer.decode())
    writer.close()
