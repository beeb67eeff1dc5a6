"""`kaimen ledger`: check proofs and bundles. Neither needs a database or a network.

Exit codes: 0 every line has its answer, or the bundle holds; 1 the bundle does not, and why; 2 not understood.
"""

import os
import sys
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kaimen.proofs import lines, report
from kaimen.proofs.bundles import BundleRefused
from kaimen.proofs.checkpoints import Checkpoint, NotACheckpoint
from kaimen.proofs.notes import NotANote, Note, VerifierKey


class Command(BaseCommand):
    """Look after the log."""

    help = "Check proofs and bundles of the log, without a database and without a network."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """check-proof · verify"""
        verbs = parser.add_subparsers(dest="verb", required=True)
        proofs = verbs.add_parser("check-proof", help="answer every line about a proof by {id, valid}")
        proofs.add_argument("--jsonl", action="store_true", required=True, help="lines of JSON, in and out")
        verify = verbs.add_parser("verify", help="check a bundle: every leaf, checkpoint, signature, time and opening")
        verify.add_argument("bundle", type=Path, metavar="BUNDLE")
        for name, whose in (("--log", "the log's"), ("--witness", "a witness's")):
            what = f"{whose} verifier key, name+hash+base64; may be given again"
            verify.add_argument(name, type=_key, action="append", default=[], metavar="KEY", help=what)
        verify.add_argument("--quorum", type=int, default=0, metavar="N", help="how many witnesses must have seen all")
        verify.add_argument(
            "--seen", type=_kept, action="append", default=[], metavar="FILE", help="a checkpoint kept from earlier"
        )
        verify.add_argument("--json", action="store_true", help="say what was found as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what the verb says."""
        {"check-proof": self._check_proof, "verify": self._verify}[options["verb"]](options)

    def _check_proof(self, _options: dict[str, Any]) -> None:
        try:
            for said in lines.answers(sys.stdin.buffer):
                sys.stdout.buffer.write(said + b"\n")
                sys.stdout.buffer.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is still buffered has nowhere to go

    def _verify(self, options: dict[str, Any]) -> None:
        asked = report.Asked(
            tuple(options["log"]), tuple(options["witness"]), options["quorum"], tuple(options["seen"])
        )
        try:
            with options["bundle"].open("rb") as file:
                found = report.verified(file, asked)
        except OSError as error:
            raise CommandError(f"{options['bundle']}: {error.strerror}") from None
        except BundleRefused as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(found.as_json() if options["json"] else str(found))


def _key(text: str) -> VerifierKey:
    try:
        return VerifierKey.read(text)
    except NotANote as error:
        raise ArgumentTypeError(str(error)) from None


def _kept(name: str) -> Checkpoint:
    """The text alone counts: whoever kept it believed it then."""
    try:
        return Checkpoint.read_text(Note.read(Path(name).read_bytes()).text)
    except OSError as error:
        raise ArgumentTypeError(f"{name}: {error.strerror}") from None
    except (NotANote, NotACheckpoint) as error:
        raise ArgumentTypeError(f"{name} holds no checkpoint: {error}") from None
