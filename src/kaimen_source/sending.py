"""Speaks with the server: reads the rules, looks subjects up one by one, sends envelopes in batches.

What the server says is checked, not believed: the genesis is pinned, the rules are those two authorities signed only as
far as evidence is refused that does not fit them. The worst a false server can do here is not to take evidence.
"""

import base64
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from kaimen.colours import statements
from kaimen.colours.definitions import read_text
from kaimen.colours.moments import moment
from kaimen.colours.terms import StatusDefinition
from kaimen.kit import clock, ids
from kaimen_source.keeping import Folder, Mistake
from kaimen_source.results import Result

AT_ONCE = 200
_PATIENCE = httpx.Timeout(30.0, connect=5.0)
_QUESTION = b"kaimen question 1\0"  # what `status.signed_questions` asks for


@dataclass(frozen=True)
class Answered:
    """What became of one row: taken, waits, known, refused; and in words why not."""

    line: int
    state: str
    words: str


class Server:
    """One server, as a source speaks with it."""

    def __init__(self, folder: Folder, client: httpx.Client | None = None) -> None:
        self._folder = folder
        self._client = client or httpx.Client(base_url=folder.about.server, timeout=_PATIENCE)

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def rules(self) -> StatusDefinition:
        """The rules in force. Raises Mistake."""
        said = self._said(self._client.get("/api/status/"))
        if base64.b64decode(said["genesis"]).hex() != self._folder.about.genesis:
            raise Mistake("the server's log begins with another leaf than the authorities told: send nothing, ask them")
        return read_text(f"status/{said['status']}.yaml", said["rules"].encode())

    def send(self, results: Sequence[Result], of: str, rules: StatusDefinition) -> Iterator[Answered]:
        """Sign what was not signed before, send everything, and say what became of each row. Raises Mistake."""
        for start in range(0, len(results), AT_ONCE):
            ready: list[tuple[Result, bytes]] = []
            for one in results[start : start + AT_ONCE]:
                envelope = self._folder.envelope(one.row)
                if envelope is None:
                    found = self._subject(one)
                    if isinstance(found, Answered):
                        yield found
                        continue
                    envelope = self._signed(one, of, rules, *found)
                    self._folder.keep(one.row, envelope)
                ready.append((one, envelope))
            yield from self._sent(ready)

    def _subject(self, one: Result) -> tuple[UUID, bytes] | Answered:
        asked = {"name": one.name, "number": one.number, "phone": one.phone}
        body = httpx.Request("POST", "http://x", json=asked).content
        time = clock.now().isoformat()
        message = _QUESTION + f"/api/status/subjects\n{time}\n{hashlib.sha256(body).hexdigest()}".encode()
        key = self._folder.key
        response = self._client.post("/api/status/subjects", content=body, headers={
            "Content-Type": "application/json", "Kaimen-Time": time,
            "Kaimen-Key": base64.b64encode(key.public.raw).decode(),
            "Kaimen-Signature": base64.b64encode(key.sign(message)).decode(),
        })  # fmt: skip
        if response.status_code in {400, 404} and response.json().get("code") != "too-many":
            said = response.json()
            return Answered(one.line, "refused", f"{said['error']} {said['remedy']}")
        said = self._said(response)
        return UUID(said["subject"]), base64.b64decode(said["salt"])

    def _signed(self, one: Result, of: str, rules: StatusDefinition, subject: UUID, salt: bytes) -> bytes:
        kind, about = rules.evidence[of], self._folder.about
        statement = statements.Evidence(
            genesis=bytes.fromhex(about.genesis), id=ids.new_id().bytes, made=moment(clock.now()), source=about.source,
            key=self._folder.key.public.key_id, status=rules.slug, subject=subject.bytes, of=of, says=one.says,
            seen=one.seen, until=one.seen + kind.lasts, basis=kind.basis,
            identity=statements.identity_of(salt, one.number.strip().upper()),
        )  # fmt: skip
        return statements.sign(statement, self._folder.key)

    def _sent(self, ready: list[tuple[Result, bytes]]) -> Iterator[Answered]:
        if not ready:
            return
        body = {"envelopes": [base64.b64encode(envelope).decode() for _one, envelope in ready]}
        answers = self._said(self._client.post("/api/status/evidence", json=body))["results"]
        for (one, _envelope), said in zip(ready, answers, strict=True):
            words = " ".join(said.get(part, "") for part in ("error", "remedy")).strip()
            yield Answered(one.line, said["state"], words)

    def _said(self, response: httpx.Response) -> dict[str, Any]:
        try:
            said: dict[str, Any] = response.json()
        except ValueError:
            raise Mistake(f"the server answers {response.status_code}, and nothing this program can read") from None
        if response.status_code != 200:
            raise Mistake(f"{said.get('error', response.status_code)} {said.get('remedy', '')}")
        return said
