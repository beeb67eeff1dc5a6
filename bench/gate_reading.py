"""Reading a pass: text to verified claims, beside the rate of signatures alone and two libraries."""

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from bench.table import Row
from kaimen.kit import base45, clock
from kaimen.kit.keys import SigningKey
from kaimen.passes import issue, issue_to_phone, keyring, read, show

PEERS = Path(__file__).parents[1] / "build" / "peers" / "bin" / "python"
TURNS = 25


def rows_of(rates: dict[str, list[float]]) -> list[Row]:
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


def measured(key: SigningKey) -> dict[str, list[float]]:
    """Signatures, cards and phones' codes a second, ours and others', in turns that see the same machine."""
    at, holder = clock.now(), SigningKey.generate()
    tomorrow = at + timedelta(days=1)
    cards = [issue(key, index, tomorrow) for index in range(200)]
    phones = [show(issue_to_phone(key, index, tomorrow, holder.public), holder, at) for index in range(100)]
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
