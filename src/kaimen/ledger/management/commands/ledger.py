"""`kaimen ledger`: check proofs and bundles, which needs no database and no network; look after this server's log.

Exit codes: 0 every line has its answer, or the bundle holds; 1 the bundle does not, and why; 2 not understood.
"""

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kaimen.colours import asking
from kaimen.proofs import lines
from kaimen.proofs.bundles import BundleRefused


class Command(BaseCommand):
    """Look after the log."""

    help = "Check proofs and bundles of a log, without database and network; look after the log of this installation."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """check-proof · verify · bundle · witness · renew · destroy"""
        verbs = parser.add_subparsers(dest="verb", required=True)
        proofs = verbs.add_parser("check-proof", help="answer every line about a proof by {id, valid}")
        proofs.add_argument("--jsonl", action="store_true", required=True, help="lines of JSON, in and out")
        verify = verbs.add_parser("verify", help="check a bundle: every leaf, checkpoint, signature, time and opening")
        asking.add_arguments(verify)
        _add_upkeep(verbs)

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what the verb says."""
        verbs = {"check-proof": self._check_proof, "verify": self._verify}
        verbs.get(options["verb"], self._look_after)(options)

    def _check_proof(self, _options: dict[str, Any]) -> None:
        if sys.stdin is None or sys.stdout is None:
            raise CommandError("lines come in by the standard input and go out by the standard output: one is closed")
        try:
            for said in lines.answers(sys.stdin.buffer):
                sys.stdout.buffer.write(said + b"\n")
                sys.stdout.buffer.flush()
        except OSError as error:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is still buffered has nowhere to go
            if not isinstance(error, BrokenPipeError):  # whoever reads no further has what they wanted
                raise CommandError(f"not every line was answered: {error.strerror}") from error

    def _look_after(self, options: dict[str, Any]) -> None:
        from kaimen.ledger import upkeep  # noqa: PLC0415 — who only checks a bundle loads no tables

        try:
            self.stdout.write(upkeep.done(options))
        except upkeep.CannotBeDone as error:
            raise CommandError(str(error)) from error

    def _verify(self, options: dict[str, Any]) -> None:
        try:
            said, sound = asking.verified(options)
        except OSError as error:
            raise CommandError(f"{options['bundle']}: {error.strerror}") from None
        except BundleRefused as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(said)
        if not sound:
            raise CommandError("The replay raised alarms.")


def _add_upkeep(verbs: Any) -> None:
    bundle = verbs.add_parser("bundle", help="write the public bundle: the whole log, nothing about anybody")
    bundle.add_argument("file", type=Path, metavar="FILE")
    witness = verbs.add_parser("witness", help="whose cosignatures are taken").add_subparsers(dest="do", required=True)
    witness.add_parser("list", help="show every witness, and what it has seen last")
    add = witness.add_parser("add", help="take cosignatures of a key from now on; the log says so")
    add.add_argument("key", metavar="KEY", help="the witness's verifier key, name+hash+base64")
    trust = witness.add_parser("trust", help="let it read openings, under secrecy, to replay every colour")
    trust.add_argument("name", metavar="NAME", help="as `kaimen ledger witness list` shows it")
    trust.add_argument("--basis", required=True, help="the order or agreement this rests on; the log says it")
    end = witness.add_parser("end", help="take no more; the log says so")
    end.add_argument("name", metavar="NAME", help="as `kaimen ledger witness list` shows it")
    end.add_argument("--reason", required=True, help="for everybody to read")
    renew = verbs.add_parser("renew", help="go on under a new name and key, when the old log cannot be continued")
    renew.add_argument("--reason", required=True, help="for everybody to read, for example: restored from a backup")
    destroy = verbs.add_parser("destroy", help="destroy the openings of an emergency: key, rows, traces")
    destroy.add_argument("emergency", metavar="EMERGENCY", help="its name in the pack")
    destroy.add_argument("--yes", action="store_true", required=True, help="they cannot be brought back")
