"""Signatures of a log checked ahead of its replay, by several processes: they are most of its work.

What is found ahead only spares the replay a check: a signature that is not among those that held is checked again.
"""

import gc
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice

import cbor2

from kaimen.colours.replay import Logged, Objects, Replay
from kaimen.colours.statements import DOMAIN, Signed
from kaimen.kit.keys import NotAKey, PublicKey

_CHUNK = 2_000  # leaves handed out at once
_AHEAD = 8  # chunks being checked before they are needed
_PAIR = b"\x82"  # a list of two, as an envelope is
Task = tuple[bytes, bytes, bytes]  # key, signature, content


def replayed(genesis: bytes, log: Iterable[Logged], objects: Objects, processes: int = 2) -> Replay:
    """A replay that has taken the whole log."""
    held: set[Task] = set()

    def verify(signed: Signed, key: PublicKey) -> bool:
        return any((key.raw, one, signed.content) in held for _id, one in signed.signatures) or signed.signed_by(key)

    replay = Replay(genesis, objects, verify)
    collecting = gc.isenabled()
    gc.disable()  # nothing here makes circles; the collector would walk a growing million of objects time and again
    try:
        with ProcessPoolExecutor(processes) as pool:
            for chunk, sound in _checked(iter(log), pool):
                held.clear()
                held.update(sound)
                replay.take_all(chunk)
    finally:
        if collecting:
            gc.enable()
    return replay


def _checked(log: Iterator[Logged], pool: ProcessPoolExecutor) -> Iterator[tuple[list[Logged], list[Task]]]:
    """Chunks of the log with the signatures in them that hold."""
    keys: dict[bytes, bytes] = {}
    waiting: deque[tuple[list[Logged], list[Task], Future[list[bool]]]] = deque()
    while True:
        while len(waiting) < _AHEAD and (chunk := list(islice(log, _CHUNK))):
            tasks = [task for logged in chunk for task in _tasks(logged, keys)]
            waiting.append((chunk, tasks, pool.submit(_hold, tasks)))
        if not waiting:
            return
        chunk, tasks, answer = waiting.popleft()
        yield chunk, [task for task, holds in zip(tasks, answer.result(), strict=True) if holds]


def _tasks(logged: Logged, keys: dict[bytes, bytes]) -> Iterator[Task]:
    """The signatures of a leaf whose keys were accredited before it. Guesses the form: the replay reads it strictly."""
    try:
        if logged.opening is None:
            _learn(logged.data, keys)
            return
        if not logged.opening.secret.startswith(_PAIR):
            return  # no envelope
        content, signatures = cbor2.loads(logged.opening.secret)
        for key_id, signature in signatures:
            if key_id in keys and isinstance(content, bytes) and isinstance(signature, bytes):
                yield keys[key_id], signature, content
    except (cbor2.CBORError, ValueError, TypeError, KeyError):
        return


def _learn(leaf: bytes, keys: dict[bytes, bytes]) -> None:
    said = cbor2.loads(leaf)
    if said["kind"] == "accredited":
        raw = cbor2.loads(cbor2.loads(said["statement"])[0])["public_key"]
        keys[PublicKey.from_raw(raw).key_id] = raw


def _hold(tasks: list[Task]) -> list[bool]:
    """Whether each signature holds. In a process of its own."""
    keys: dict[bytes, PublicKey | None] = {}
    for raw, _signature, _content in tasks:
        if raw not in keys:
            keys[raw] = _key(raw)
    return [
        (key := keys[raw]) is not None and key.verifies(signature, DOMAIN + content)
        for raw, signature, content in tasks
    ]


def _key(raw: bytes) -> PublicKey | None:
    try:
        return PublicKey.from_raw(raw)
    except NotAKey:
        return None
