"""How the installation is: a word for each thing it stands on. No secrets, no names."""

from collections.abc import Callable
from datetime import timedelta
from typing import Literal

import httpx
from django.conf import settings
from django.db import DatabaseError, connections
from django.db.models.functions import Now
from django_tasks_db.models import DBTaskResult

from kaimen.kit import clock
from kaimen.ledger import queries as log_queries
from kaimen.register import packs_in_force
from kaimen.register.models import InstalledPack
from kaimen.schedule import runs

State = Literal["ok", "late", "missing", "failed"]
_PATIENCE = timedelta(minutes=1)  # real time: a task that waits longer has no worker


def state() -> dict[str, State]:
    """Every part's state, by name."""
    return {name: _asked(ask) for name, ask in _QUESTIONS.items()}


def well(states: dict[str, State]) -> bool:
    """Whether the installation can serve people: everything but the node, which decides on its own anyway."""
    return all(state == "ok" for name, state in states.items() if name != "node")


def _asked(ask: Callable[[], State]) -> State:
    try:
        return ask()
    except (DatabaseError, OSError, ValueError):
        return "failed"


def _database() -> State:
    InstalledPack.objects.exists()
    return "ok"


def _events() -> State:
    with connections["events"].cursor() as cursor:
        cursor.execute("SELECT 1 FROM events_entry LIMIT 1")
    return "ok"


def _worker() -> State:
    # django-tasks keeps real time, whatever clock a drill runs on; so does the database's own clock.
    late = DBTaskResult.objects.ready().filter(enqueued_at__lt=Now() - _PATIENCE)
    return "late" if late.exists() else "ok"


def _jobs() -> State:
    return "late" if runs.late(clock.now(), _of_the_clock(_PATIENCE)) else "ok"


def _log() -> State:
    return "late" if log_queries.behind(_of_the_clock(_PATIENCE)) else "ok"


def _of_the_clock(real: timedelta) -> timedelta:
    """So much real time, in the time of a drill."""
    return real * clock.speed()


def _pack() -> State:
    try:
        packs_in_force.pack()
    except packs_in_force.NoPack:
        return "missing"
    return "ok"


def _node() -> State:
    states = [_of_node(url) for url in {settings.KAIMEN_NODE_URL, *settings.KAIMEN_NODE_URLS.values()}]
    return next((state for state in states if state != "ok"), "ok")


def _of_node(url: str) -> State:
    try:
        answer = httpx.get(f"{url}/health", timeout=0.5)
    except httpx.HTTPError:
        return "missing"
    return "ok" if answer.is_success else "failed"


_QUESTIONS: dict[str, Callable[[], State]] = {
    "database": _database,
    "events": _events,
    "worker": _worker,
    "jobs": _jobs,
    "log": _log,
    "pack": _pack,
    "node": _node,
}
