"""Asks another city's or province's health-code service. Its answer never becomes a colour of ours.

Operations are named as GB/T 38963 names them. What comes back is one of seven outcomes; what the four without a
colour mean at a door is a rule of the pack (`health-code.yaml`). A service that fails again and again is left alone
for a while, so that a dead line costs a queue at the door no time.
"""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import httpx
from django.conf import settings

from kaimen.kit import clock
from kaimen.register import access, packs_in_force
from kaimen.register.models import Person, Post, Viewing
from kaimen.register.secrets import open_national_id
from kaimen.status.definitions import COLOURS, HealthCodeService, Outcome

_LOG = logging.getLogger(__name__)
FAILURES_IN_A_ROW = 5
LARGEST_ANSWER = 64 * 1024
OPERATIONS = ("declare", "declare-trip", "query", "request-code", "make-code", "verify-code", "correct")
_STATUS = {404: Outcome.NOT_FOUND, 410: Outcome.EXPIRED, 422: Outcome.VERIFICATION_FAILED}
_FINAL = (*_STATUS, 200)


@dataclass(frozen=True)
class Reply:
    """One outcome, and what the service said with it (a number, a code); empty when it said nothing."""

    outcome: Outcome
    said: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Breaker:
    """Counts failures in a row. Open, it keeps us from asking until `rests` seconds have passed; then one may try."""

    rests: float
    monotonic: Callable[[], float] = time.monotonic
    _failed: int = 0
    _shut_until: float = 0.0

    def asks(self) -> bool:
        """Whether to ask now. After the rest one may try; the others wait for what comes of it."""
        if self._failed < FAILURES_IN_A_ROW:
            return True
        if self.monotonic() < self._shut_until:
            return False
        self._shut_until = self.monotonic() + self.rests
        return True

    def note(self, *, answered: bool) -> None:
        """Whether the last request was answered at all."""
        self._failed = 0 if answered else self._failed + 1
        if not answered:
            self._shut_until = self.monotonic() + self.rests


@dataclass
class HealthCodes:
    """A line to one service. Numbers of people travel in the body only, never in an address that is logged."""

    client: httpx.Client
    service: HealthCodeService
    breaker: Breaker

    @classmethod
    def at(cls, url: str, token: str, service: HealthCodeService) -> "HealthCodes":
        """A line to the service at `url`, which knows us by `token`."""
        client = httpx.Client(
            base_url=url.rstrip("/") + "/",
            headers={"Authorization": f"Bearer {token}"},
            timeout=service.within.total_seconds(),
            follow_redirects=False,
        )
        return cls(client, service, Breaker(service.rests.total_seconds()))

    def declare(self, national_id: str, health: Mapping[str, Any]) -> Reply:
        """The person declares their health (用户健康信息申报)."""
        return self._ask("declare", {"national_id": national_id, "health": dict(health)})

    def declare_trip(self, national_id: str, trip: Mapping[str, Any]) -> Reply:
        """The person declares a trip (用户行程申报)."""
        return self._ask("declare-trip", {"national_id": national_id, "trip": dict(trip)})

    def query(self, name: str, national_id: str) -> Reply:
        """How a person stands (用户健康信息查询)."""
        return self._ask("query", {"name": name, "national_id": national_id})

    def request_code(self, national_id: str) -> Reply:
        """Ask for the code a person has (健康码调用申请); it is in `said["code"]`."""
        return self._ask("request-code", {"national_id": national_id})

    def make_code(self, national_id: str, phone: str) -> Reply:
        """Have a code made (健康码制码请求); it is in `said["code"]`."""
        return self._ask("make-code", {"national_id": national_id, "phone": phone})

    def verify_code(self, code: str) -> Reply:
        """Whether a code somebody shows is true, and what it says (健康码验码请求)."""
        return self._ask("verify-code", {"code": code})

    def correct(self, national_id: str, what: str) -> Reply:
        """Ask for something wrong to be put right (用户健康信息纠错); its number is in `said["number"]`."""
        return self._ask("correct", {"national_id": national_id, "what": what})

    def _ask(self, operation: str, about: dict[str, Any]) -> Reply:
        """Ask until there is an answer, at most `tries` times and not at all while the breaker is open."""
        for _ in range(self.service.tries):
            if not self.breaker.asks():
                break
            answer = self._post(operation, about)
            self.breaker.note(answered=answer is not None)
            if answer is not None:
                return answer
        return Reply(Outcome.TIMED_OUT)

    def _post(self, operation: str, about: dict[str, Any]) -> Reply | None:
        """What came back; None when nothing did, or only that the service is in trouble."""
        try:
            with self.client.stream("POST", operation, json=about) as response:
                if response.status_code not in _FINAL:
                    _LOG.warning("the health-code service answers %s to %s", response.status_code, operation)
                    return None
                body = _bounded(response, self.breaker.monotonic, self.service.within.total_seconds())
        except httpx.HTTPError as error:
            _LOG.warning("the health-code service does not answer %s: %s", operation, type(error).__name__)
            return None
        if response.status_code != 200:
            return Reply(_STATUS[response.status_code])
        return _read(body)


def line() -> HealthCodes | None:
    """The line this installation has (KAIMEN_HEALTH_CODE_URL); None where it has none, or the pack says nothing."""
    return _line(settings.KAIMEN_HEALTH_CODE_URL, settings.HEALTH_CODE_TOKEN, packs_in_force.installation())


@lru_cache(maxsize=1)
def _line(url: str, token: str, _installation: UUID | None) -> HealthCodes | None:
    """One line for as long as nothing about it changes: its breaker remembers."""
    services = packs_in_force.pack().all(HealthCodeService)
    return HealthCodes.at(url, token, services[0]) if url and services else None


def ask_about(by: Post, person: Person, codes: HealthCodes) -> Reply:
    """How somebody stands there, for an officer; the person reads who asked. Raises NotAllowed."""
    access.require(by, "status.see_person", person)
    Viewing.objects.create(person=person, by=by, what="health-code")
    number = open_national_id(person)
    return codes.query(person.name, number) if number else Reply(Outcome.NOT_FOUND)


def _bounded(response: httpx.Response, monotonic: Callable[[], float], within: float) -> bytes:
    """The body; empty when it is longer than any true answer. Raises httpx.ReadTimeout when it comes in drops."""
    body, last = b"", monotonic() + within
    for piece in response.iter_bytes():
        body += piece
        if monotonic() > last:
            raise httpx.ReadTimeout("the answer began and does not end")
        if len(body) > LARGEST_ANSWER:
            return b""
    return body


def _read(body: bytes) -> Reply:
    """An answer nobody can read proves nothing: verification failed. One that has ended has expired."""
    try:
        said = httpx.Response(200, content=body).json()
        outcome = Outcome(said["outcome"])
        until = datetime.fromisoformat(said["until"]) if said.get("until") else None
        if until is not None and outcome in COLOURS and until <= clock.now():
            outcome = Outcome.EXPIRED
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Reply(Outcome.VERIFICATION_FAILED)
    return Reply(outcome, {key: value for key, value in said.items() if key not in ("outcome", "until")})
