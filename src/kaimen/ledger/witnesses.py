"""Witnesses: who is registered, and the cosignatures they send. Only a registered key's are kept, and only on what
this log signed.
"""

from django.db import transaction

from kaimen.ledger.actions import record
from kaimen.ledger.models import Checkpoint, Cosignature, Witness, WitnessEnded
from kaimen.proofs.checkpoints import Checkpoint as Said
from kaimen.proofs.notes import COSIGNATURE, NotANote, Note, VerifierKey


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
    witness = Witness.objects.filter(name=name, ended=None).first()
    if witness is None:
        raise NoSuchWitness(f"no witness is called {name}; see: kaimen ledger witness list")
    WitnessEnded.objects.create(witness=witness, reason=reason)
    record("witness-ended", {"key": witness.verifier, "reason": reason})


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
