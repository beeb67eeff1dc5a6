"""Asking about a bundle on a command line: the same arguments and the same answer, for the centre and for a witness."""

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kaimen.colours.bundled import replayed
from kaimen.colours.replay import Report
from kaimen.proofs import report
from kaimen.proofs.bundles import Bundle
from kaimen.proofs.checkpoints import Checkpoint, NotACheckpoint
from kaimen.proofs.merkle import HASH
from kaimen.proofs.notes import LONGEST, NotANote, Note, VerifierKey

_SHOWN = 50  # alarms
_LONGEST_PICTURE = 64 * 1024 * 1024


def add_arguments(parser: ArgumentParser) -> None:
    """What may be said about a bundle and about whom to trust."""
    parser.add_argument("bundle", type=Path, metavar="BUNDLE")
    for name, whose in (("--log", "the log's"), ("--witness", "a witness's")):
        what = f"{whose} verifier key, name+hash+base64; may be given again"
        parser.add_argument(name, type=key, action="append", default=[], metavar="KEY", help=what)
    parser.add_argument(
        "--quorum", type=quorum, default=0, metavar="N", help="how many witnesses must have seen all of it"
    )
    parser.add_argument(
        "--seen", type=kept, action="append", default=[], metavar="FILE", help="a checkpoint kept from earlier"
    )
    parser.add_argument(
        "--genesis", type=leaf_hash, metavar="HASH", help="work out every colour again, from the leaf with this hash"
    )
    parser.add_argument("--json", action="store_true", help="say what was found as JSON")


def verified(options: Mapping[str, Any]) -> tuple[str, bool]:
    """What was found in a bundle, in words or JSON, and whether all of it is sound. Raises BundleRefused, OSError."""
    asked = report.Asked(tuple(options["log"]), tuple(options["witness"]), options["quorum"], tuple(options["seen"]))
    with options["bundle"].open("rb") as file:
        found = report.verified(file, asked)
        pictures = map(_picture, options.get("picture", ()))
        replay = replayed(Bundle(file), found.trust, options["genesis"], pictures) if options["genesis"] else None
    sound = replay is None or replay.sound
    if options["json"]:
        return found.as_json(_as_json(replay) if replay else None), sound
    return "\n".join([str(found), *(_words(replay) if replay else ())]), sound


def _picture(path: Path) -> bytes:
    """The bytes of a frozen day; of a file that is longer than any, the beginning, which is none. Raises OSError."""
    with path.open("rb") as file:
        return file.read(_LONGEST_PICTURE)


def _as_json(replay: Report) -> dict[str, Any]:
    colours = {status: len(of) for status, of in replay.colours.items()}
    alarms = dict(sorted(replay.counted().items()))
    return {"sound": replay.sound, "alarms": alarms, "lists": len(replay.lists), "not_usual": colours}


def _words(replay: Report) -> list[str]:
    if replay.sound:
        return [f"Every colour and {len(replay.lists):,} lists follow from evidence and rules."]
    counts = ", ".join(f"{kind} {count:,}" for kind, count in sorted(replay.counted().items()))
    return [f"ALARM: {counts}", *(f"  {alarm}" for alarm in replay.alarms[:_SHOWN])]


def key(text: str) -> VerifierKey:
    """A verifier key. Raises ArgumentTypeError."""
    try:
        return VerifierKey.read(text)
    except NotANote as error:
        raise ArgumentTypeError(str(error)) from None


def quorum(text: str) -> int:
    """How many witnesses. Raises ArgumentTypeError."""
    if not text.isascii() or not text.isdigit() or len(text) > 3:
        raise ArgumentTypeError(f"{text[:80]!r} is no number of witnesses: 0 to 999")
    return int(text)


def leaf_hash(text: str) -> bytes:
    """The hash of a leaf. Raises ArgumentTypeError."""
    try:
        digest = bytes.fromhex(text)
    except ValueError:
        digest = b""
    if len(digest) != HASH:
        raise ArgumentTypeError(f"{text[:80]!r} is no hash of a leaf: {2 * HASH} hexadecimal digits")
    return digest


def kept(name: str) -> Checkpoint:
    """A checkpoint in a file; its text alone counts, because whoever kept it believed it. Raises ArgumentTypeError."""
    try:
        with Path(name).open("rb") as file:
            return Checkpoint.read_text(Note.read(file.read(LONGEST + 1)).text)
    except OSError as error:
        raise ArgumentTypeError(f"{name}: {error.strerror}") from None
    except (NotANote, NotACheckpoint) as error:
        raise ArgumentTypeError(f"{name} holds no checkpoint: {error}") from None
