"""Witnesses: who is registered, and the cosignatures they send. Only a registered key's are kept, and only on what
this log signed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from kaimen.kit import clock
from kaimen.ledger.actions import record
from kaimen.ledger.models import Checkpoint, Cosignature, OpeningsGiven, Witness, WitnessEnded
from kaimen.proofs.checkpoints import Checkpoint as Said
from kaimen.proofs.notes import COSIGNATURE, NotANote, Note, VerifierKey

FRESH = timedelta(minutes=5)  # how far a witness's clock may be off


class NotThisLogs(LookupError):
    """A checkpoint this log has not signed."""


class NoSuchWitness(LookupError):
    """Nobody of this name is registered, or not any more."""


@transaction.atomic
def add(verifier: str) -> Witness:
    """Take cosignatures of this key from now on; the log says so. Again, it changes nothing.

    Raises NotANote for a key that is none, or not a witness's, and for the name of another key.
    """
    key = VerifierKey.read(verifier)
    if key.algorithm != COSIGNATURE:
        raise NotANote(f"the key of {key.name} is a log's; a witness cosigns with a key of type 04")
    witness, new = Witness.objects.get_or_create(name=key.name, defaults={"verifier": str(key)})
    if witness.verifier != str(key):
        raise NotANote(f"{key.name} is registered with another key; end it first, and give the new one another name")
    if new:
        record("witness-added", {"key": str(key)})
    return witness


@transaction.atomic
def end(name: str, reason: str) -> None:
    """Take no more cosignatures from a witness; the log says so. Raises NoSuchWitness."""
    witness = _heard(name)
    WitnessEnded.objects.create(witness=witness, reason=reason)
    record("witness-ended", {"key": witness.verifier, "reason": reason})


@transaction.atomic
def give_openings(name: str, basis: str) -> None:
    """Let a witness read openings, under secrecy, to replay what follows from them; the log says so, and on what basis.

    Again, it changes nothing. Raises NoSuchWitness.
    """
    witness = _heard(name)
    _, new = OpeningsGiven.objects.get_or_create(witness=witness, defaults={"basis": basis})
    if new:
        record("openings-given", {"key": witness.verifier, "basis": basis})


@dataclass(frozen=True)
class Asked:
    """A request for openings as a witness signed it: its name, the whole path, the time as it wrote it."""

    name: str
    path: str
    time: str
    signature: bytes


def may_read_openings(asked: Asked) -> bool:
    """Whether the request is fresh and signed by a witness that openings are given to."""
    witness = Witness.objects.filter(name=asked.name, ended=None).exclude(given=None).first()
    try:
        age = abs(clock.now() - datetime.fromisoformat(asked.time))
    except (TypeError, ValueError, OverflowError):  # TypeError: without a zone
        return False
    if witness is None or age > FRESH:
        return False
    return VerifierKey.read(witness.verifier).asked(asked.signature, asked.path, asked.time)


def take_in(note: str | bytes) -> list[str]:
    """Keep the cosignatures of registered witnesses under a checkpoint of this log; gives their names.

    The first of each witness stays. Raises NotANote, NotACheckpoint, NotThisLogs, and NotSigned when a line of a
    registered witness does not hold.
    """
    parsed = Note.read(note)
    said = Said.read_text(parsed.text)
    found = Checkpoint.objects.filter(log__origin=said.origin, size=said.size, root=said.root).first()
    if found is None:
        raise NotThisLogs(f"no checkpoint of {said.size} leaves with this root was signed here")
    taken = []
    for witness in Witness.objects.filter(ended=None).order_by("name"):
        key = VerifierKey.read(witness.verifier)
        at = key.cosigned(parsed)
        if at is not None:
            line = next(str(one) for one in parsed.signatures if (one.name, one.key_id) == (key.name, key.key_id))
            Cosignature.objects.get_or_create(checkpoint=found, witness=witness, defaults={"line": line, "at": at})
            taken.append(witness.name)
    return taken


def _heard(name: str) -> Witness:
    witness = Witness.objects.filter(name=name, ended=None).first()
    if witness is None:
        raise NoSuchWitness(f"no witness is called {name}; see: kaimen ledger witness list")
    return witness
