"""`kaimen-source`: make a key, send a list of results. Status 0: all is taken or known; 1: not all; 2: a mistake."""

import argparse
import base64
import os
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import httpx

from kaimen.colours.definitions import NotADefinition
from kaimen.colours.statements import NotAStatement
from kaimen_source.keeping import About, Folder, Mistake
from kaimen_source.results import Unreadable, read
from kaimen_source.sending import Server


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; gives its status."""
    os.umask(0o077)
    asked = parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = asked.run
    try:
        return run(asked)
    except httpx.HTTPError as error:
        print(f"kaimen-source: the server does not answer: {type(error).__name__}", file=sys.stderr)
    except (Mistake, Unreadable, NotADefinition, NotAStatement, OSError, ValueError) as error:
        print(f"kaimen-source: {error}", file=sys.stderr)
    return 2


def parser() -> argparse.ArgumentParser:
    """What the command understands."""
    whole = argparse.ArgumentParser(
        prog="kaimen-source", description="A source of evidence: its key stays on this machine.", allow_abbrev=False
    )
    commands = whole.add_subparsers(required=True, metavar="init|columns|send")
    making = commands.add_parser("init", help="make the key, and print the half to enrol on the page “Evidence”")
    making.add_argument("--server", required=True, help="like https://kaimen.example")
    making.add_argument("--source", required=True, help="the source’s short name, as it is accredited")
    making.add_argument("--genesis", required=True, metavar="HASH", help="of the log, as the authorities tell it")
    making.set_defaults(run=_init)
    asking = commands.add_parser("columns", help="print the columns a list of one kind of evidence has")
    sending = commands.add_parser("send", help="sign a list of results and send it; again, it sends the same")
    columns = "CSV: name, number, seen, the fields of the kind; phone if you have it"
    sending.add_argument("file", type=Path, metavar="FILE", help=columns)
    for one in (asking, sending):
        one.add_argument("--of", required=True, metavar="KIND", help="of evidence, for example test")
    for one in (making, asking, sending):
        one.add_argument("--data", required=True, type=Path, help="the folder of this source")
    asking.set_defaults(run=_columns)
    sending.set_defaults(run=_send)
    return whole


def _init(asked: argparse.Namespace) -> int:
    folder = Folder.made_at(asked.data, About(asked.server.rstrip("/"), asked.source, asked.genesis.lower()))
    print(base64.b64encode(folder.key.public.raw).decode())
    return 0


def _columns(asked: argparse.Namespace) -> int:
    with closing(Server(Folder.at(asked.data))) as server:
        rules = server.rules()
    if asked.of not in rules.evidence:
        raise Mistake(f"the rules know no {asked.of}; there are {', '.join(rules.evidence)}")
    print(",".join(("name", "number", "seen", *rules.evidence[asked.of].fields)))
    return 0


def _send(asked: argparse.Namespace) -> int:
    states: Counter[str] = Counter()
    with closing(Server(Folder.at(asked.data))) as server:
        rules = server.rules()
        if asked.of not in rules.evidence:
            raise Mistake(f"the rules know no {asked.of}; there are {', '.join(rules.evidence)}")
        results = read(asked.file.read_bytes(), rules.evidence[asked.of], rules)
        for one in server.send(results, asked.of, rules):
            states[one.state] += 1
            if one.words:
                print(f"line {one.line}: {one.words}")
    print(", ".join(f"{count:,} {state}" for state, count in sorted(states.items())))
    return 1 if states["refused"] else 0
