"""What `kaimen ledger` does for the log of this installation; answers in lines to print."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from kaimen.ledger import bundling, destroying, queries, signing, witnesses
from kaimen.ledger.models import Cosignature, Witness
from kaimen.ledger.openings import NotOpened
from kaimen.proofs.notes import NotANote


class CannotBeDone(Exception):
    """Why not, in words for the terminal."""


def done(options: dict[str, Any]) -> str:
    """Do what the verb says. Raises CannotBeDone."""
    verb = options["verb"] if options["verb"] != "witness" else f"witness {options['do']}"
    for name in ("reason", "basis"):
        if name in options and not options[name].strip():
            raise CannotBeDone(f"--{name} says nothing; everybody reads it in the log")
    works: dict[str, Callable[[], str]] = {
        "bundle": lambda: _bundle(options["file"]),
        "witness list": _witnesses,
        "witness add": lambda: f"{witnesses.add(options['key']).name} is heard from now on.",
        "witness trust": lambda: _trust(options["name"], options["basis"]),
        "witness end": lambda: _end(options["name"], options["reason"]),
        "renew": lambda: _renew(options["reason"]),
        "destroy": lambda: _destroy(options["emergency"]),
    }
    try:
        return works[verb]()
    except (NotANote, NotOpened, LookupError, ValueError, OSError, destroying.StillUsed, destroying.StillRead) as error:
        raise CannotBeDone(str(error)) from error


def _bundle(path: Path) -> str:
    """Written beside and moved into place: a bundle that is there is whole."""
    draft = path.with_name(f"{path.name}.new")
    try:
        with draft.open("wb") as file:
            leaves = bundling.write_bundle(file, openings=False)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    log = signing.current()
    assert log is not None
    return f"{leaves:,} leaves in {path}. Check them anywhere: kaimen ledger verify {path} --log {log.verifier}"


def _witnesses() -> str:
    lines = []
    for one in Witness.objects.order_by("name"):
        last = Cosignature.objects.filter(witness=one).order_by("-checkpoint__id").first()
        seen = f"{last.checkpoint.size:,} leaves, {last.at:%Y-%m-%d %H:%M} UTC" if last else "nothing yet"
        more = ("  reads openings" if hasattr(one, "given") else "") + ("  ended" if hasattr(one, "ended") else "")
        lines.append(f"{one.name}  {seen}{more}\n  {one.verifier}")
    return "\n".join(lines) or "No witness is registered; see: kaimen ledger witness add --help"


def _trust(name: str, basis: str) -> str:
    witnesses.give_openings(name, basis)
    return f"{name} may read openings from now on."


def _end(name: str, reason: str) -> str:
    witnesses.end(name, reason)
    return f"{name} is heard no more."


def _renew(reason: str) -> str:
    log = signing.begin_anew(reason)
    return (
        f"The log goes on at {queries.size():,} leaves as {log.origin}. Tell everybody who checks it its new key:\n"
        f"{log.verifier}"
    )


def _destroy(emergency: str) -> str:
    gone = destroying.destroy_openings(emergency)
    return f"{gone.openings:,} openings of {emergency} are no more, nor is their key. Destroy backups of the key, too."
