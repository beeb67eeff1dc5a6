"""`kaimen rules`: ask rules about rows in bulk, and write rules in their one form. Neither needs a database.

Exit codes: 0 every line has its answer, which may say that the line was wrong; 2 the command was not understood.
"""

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from kaimen.rules import lines


class Command(BaseCommand):
    """Work with rules."""

    help = "Ask rules about rows, and write rules in their one form: one line of JSON in, one line out."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """eval · format"""
        verbs = parser.add_subparsers(dest="verb", required=True)
        for verb, what in (
            ("eval", "answer every line {id, when, fields, parameters, row, as_of} by {id, value} or {id, error}"),
            ("format", "answer every line {id, when, fields, parameters} by {id, when, digest} or {id, error}"),
        ):
            one = verbs.add_parser(verb, help=what)
            one.add_argument("--jsonl", action="store_true", required=True, help="lines of JSON, in and out")
            one.add_argument("--language", choices=["en", "zh-hans"], default="en", help="of messages")

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer until the lines end or nobody reads the answers."""
        answer = {"eval": lines.answer, "format": lines.form}[options["verb"]]
        try:
            for line in sys.stdin.buffer:
                if line.strip():
                    sys.stdout.buffer.write(answer(line, options["language"]) + b"\n")
                    sys.stdout.buffer.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is still buffered has nowhere to go
