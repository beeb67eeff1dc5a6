"""`kaimen ledger`: check proofs and bundles. Neither needs a database or a network.

Exit codes: 0 every line has its answer, or the bundle holds; 1 the bundle does not, and why; 2 not understood.
"""

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kaimen.colours import asking
from kaimen.proofs import lines
from kaimen.proofs.bundles import BundleRefused


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
        asking.add_arguments(verify)

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
        try:
            said, sound = asking.verified(options)
        except OSError as error:
            raise CommandError(f"{options['bundle']}: {error.strerror}") from None
        except BundleRefused as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(said)
        if not sound:
            raise CommandError("The replay raised alarms.")
