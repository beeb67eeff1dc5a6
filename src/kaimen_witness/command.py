"""`kaimen-witness`: make a key, follow a log, check a bundle. A mistake is one line on the standard error, status 1."""

import argparse
import base64
import os
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from kaimen.colours import asking
from kaimen.kit.keys import NotAKey, PublicKey
from kaimen.proofs.bundles import BundleRefused
from kaimen.proofs.notes import NotANote, WitnessKey
from kaimen_witness.following import Alarm, Follower
from kaimen_witness.log_over_http import LogOverHttp, Unreachable
from kaimen_witness.memory import KEY, NAME, Damaged, InUse, Memory, locked
from kaimen_witness.published import PublishedLists
from kaimen_witness.replaying import Replayer

_ALARM = 3


class Mistake(Exception):
    """What the command was told cannot be done, in one line."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; gives its status: 0, or 1 for a mistake or a bundle that does not hold, or 3 for an alarm."""
    os.umask(0o077)
    asked = parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = asked.run
    try:
        return run(asked)
    except (Mistake, Damaged, InUse, NotANote, BundleRefused, OSError, ValueError) as error:
        print(f"kaimen-witness: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


def parser() -> argparse.ArgumentParser:
    """What the command understands."""
    whole = argparse.ArgumentParser(
        prog="kaimen-witness", description="A witness of the log, on a machine of its own.", allow_abbrev=False
    )
    commands = whole.add_subparsers(required=True, metavar="init|follow|verify")
    making = commands.add_parser("init", help="make this witness's key, and print the half that others may know")
    making.add_argument("--data", required=True, type=Path, help="the folder of this witness, for one log")
    making.add_argument("--name", required=True, help="what the witness is called, for example court.example/w1")
    making.set_defaults(run=_init)
    following = commands.add_parser("follow", help="look at a log again and again, and cosign what continues it")
    following.add_argument("--data", required=True, type=Path, help="the folder `init` made")
    following.add_argument("--log", required=True, metavar="ADDRESS", help="like https://kaimen.example/log")
    following.add_argument("--key", required=True, type=asking.key, help="the log's verifier key, name+hash+base64")
    following.add_argument("--every", type=float, default=10.0, metavar="SECONDS", help="%(default)s unless told")
    following.add_argument("--once", action="store_true", help="look once; the status is 3 when there is an alarm")
    following.add_argument(
        "--genesis", type=asking.leaf_hash, metavar="HASH", help="work out every colour again before cosigning"
    )
    following.add_argument(
        "--centre-key",
        type=_public_key,
        metavar="KEY",
        help="with --genesis: compare the lists that gates fetch, which this key signs (base64)",
    )
    following.set_defaults(run=_follow)
    verifying = commands.add_parser("verify", help="check a bundle: every leaf, checkpoint, signature and opening")
    asking.add_arguments(verifying)
    verifying.add_argument(
        "--picture",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="with --genesis: a frozen day as somebody was handed it, held against the log; may be given again",
    )
    verifying.set_defaults(run=_verify)
    return whole


def _init(asked: argparse.Namespace) -> int:
    asked.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = asked.data / NAME
    if name.exists() and name.read_text("utf-8") != asked.name:
        raise Mistake(f"{asked.data} is the folder of {name.read_text('utf-8')}; take another")
    key = WitnessKey.kept_at(asked.data / KEY, asked.name)
    name.write_text(asked.name, "utf-8")
    print(key.verifier)
    return 0


def _follow(asked: argparse.Namespace) -> int:
    if not (asked.data / KEY).exists() or not (asked.data / NAME).exists():
        raise Mistake(f"{asked.data} holds no witness; first: kaimen-witness init --data {asked.data} --name …")
    key = WitnessKey.kept_at(asked.data / KEY, (asked.data / NAME).read_text("utf-8"))
    log, memory = LogOverHttp(asked.log, key), Memory(asked.data)
    if asked.centre_key and not asked.genesis:
        raise Mistake("--centre-key compares lists with what a replay gives; add --genesis HASH")
    published = PublishedLists(log.published, asked.centre_key) if asked.centre_key else None
    check = Replayer(log, asked.genesis, published).check if asked.genesis else None
    follower = Follower(log, asked.key, key, memory, check)
    with locked(asked.data), closing(log):
        while True:
            status = _look(follower, memory)
            if asked.once:
                return status
            time.sleep(max(asked.every, 0.1))


def _look(follower: Follower, memory: Memory) -> int:
    try:
        looked = follower.look()
    except Unreachable as error:
        print(f"kaimen-witness: {error}", file=sys.stderr, flush=True)
        return 1
    except Alarm as alarm:
        try:
            where = f"kept in {memory.keep_alarm(alarm.what, *alarm.shown)}"
        except OSError as error:  # a full disk does not silence it
            where = f"not kept: {error}"
        print(f"kaimen-witness: ALARM: {alarm.what}; {where}", file=sys.stderr, flush=True)
        return _ALARM
    if looked.fresh:
        print(f"Cosigned {looked.size} leaves", flush=True)
    return 0


def _verify(asked: argparse.Namespace) -> int:
    if asked.picture and not asked.genesis:
        raise Mistake("--picture is held against what a replay gives; add --genesis HASH")
    said, holds = asking.verified(vars(asked))
    print(said)
    return 0 if holds else 1


def _public_key(text: str) -> PublicKey:
    try:
        return PublicKey.from_raw(base64.b64decode(text, validate=True))
    except (ValueError, NotAKey) as error:
        raise argparse.ArgumentTypeError(f"{text[:80]!r} is no key: {error}") from None
