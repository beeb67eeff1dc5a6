"""Asking a gate node to decide. The centre never decides for a door: when the node is silent, it says so."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx
from django.conf import settings
from django.utils.translation import gettext as _

from kaimen_gate.wire import Verdict

_LOG = logging.getLogger(__name__)
_PATIENCE = httpx.Timeout(3.0, connect=1.0)
_GLANCE = httpx.Timeout(1.0)


class NodeSilent(Exception):
    """The node did not answer, or not with an answer: nobody was let in, nothing was recorded here."""


class NodeRefused(Exception):
    """The node could make nothing of the question: `message` says why, `remedy` what it wants."""

    def __init__(self, message: str, remedy: str) -> None:
        self.message, self.remedy = message, remedy
        super().__init__(message)


@dataclass(frozen=True)
class Answer:
    """What a node decided, in words for both people."""

    verdict: Verdict
    reason: str
    guard: Mapping[str, str]
    person_words: Mapping[str, str]
    name: str
    organisation: Mapping[str, str]
    floor: str
    at: datetime
    data_age: int
    also: tuple[Mapping[str, str], ...] = ()  # what else holds and does not decide: a list that was not renewed


@dataclass(frozen=True)
class State:
    """How the node is."""

    online: bool
    entries: int  # it has made, the last one's number
    unsent: int
    last_sync: datetime | None
    people: int | None  # on the list of the place asked about
    made_at: datetime | None  # that list


def decide(scan: UUID, place: str, direction: str, shown: Mapping[str, str]) -> Answer:
    """Ask about a `code`, or a `name` and `tail`. The same `scan` again gets the same answer and counts once.

    Raises NodeSilent, NodeRefused.
    """
    said = _say(
        place, "POST", "/v1/scans", {"id": str(scan), "place": place, "direction": direction, **shown}, _PATIENCE
    )
    try:
        person = said["person"] or {"name": "", "organisation": {}, "floor": ""}
        return Answer(
            said["verdict"], said["reason"], said["guard"], said["person_words"], person["name"],
            person["organisation"] or {}, person["floor"], datetime.fromisoformat(said["at"]), int(said["data_age"]),
            tuple(one["guard"] for one in said.get("reasons", ()) if one["code"] != said["reason"]),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError) as error:
        raise NodeSilent("an answer of another version") from error


def state(place: str) -> State:
    """How the node is, and its list for `place`. Raises NodeSilent."""
    said = _say(place, "GET", "/v1/state", None, _GLANCE)
    try:
        here = next((one for one in said["places"] if one["code"] == place), None)
        return State(
            bool(said["online"]), int(said["entries"]), int(said["unsent"]), _moment(said["last_sync"]),
            here["people"] if here else None, _moment(here["made_at"]) if here else None,
        )  # fmt: skip
    except (KeyError, TypeError, ValueError) as error:
        raise NodeSilent("an answer of another version") from error


def address_of(place: str) -> str:
    """Where the node listens that decides for a place's gates."""
    return settings.KAIMEN_NODE_URLS.get(place, settings.KAIMEN_NODE_URL)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _say(place: str, method: str, path: str, body: Any, patience: httpx.Timeout) -> dict[str, Any]:
    try:
        token = settings.KAIMEN_NODE_TOKEN_FILE.read_text().strip()
        with httpx.Client(base_url=address_of(place), timeout=patience, trust_env=False) as client:
            answer = client.request(method, path, json=body, headers={"Authorization": f"Bearer {token}"})
        said = answer.json()
    except (OSError, httpx.HTTPError, ValueError) as error:
        _LOG.warning("the gate node is silent: %s", type(error).__name__)  # never what was asked
        raise NodeSilent("no answer") from error
    if answer.status_code == httpx.codes.BAD_REQUEST:
        raise NodeRefused(str(said.get("error", "")), str(said.get("remedy", "")))
    if answer.status_code == httpx.codes.CONFLICT:
        words = _("This page was used for somebody else already.")
        raise NodeRefused(words, _("Scan the next person, then ask again."))
    if answer.status_code != httpx.codes.OK or not isinstance(said, dict):
        _LOG.warning("the gate node answers %d", answer.status_code)
        raise NodeSilent(f"answer {answer.status_code}")
    return said
