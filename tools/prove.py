"""Runs the full campaigns: tests/campaigns/*.py, round by round, each round from its own seed.

    make prove                 all campaigns, from where the last run stopped
    make prove PART=passes     those of one part
    tools/prove.py --again     from the first round; --rounds N for fewer or more

What was done is noted after every round in build/prove/, with a report; a failed round names its seed.
"""

import argparse
import importlib
import json
import os
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.test.runner import DiscoverRunner

ROOT = Path(__file__).resolve().parents[1]
CAMPAIGNS = ROOT / "tests" / "campaigns"
KEPT = ROOT / "build" / "prove"


@dataclass(frozen=True)
class Campaign:
    """One claim, tried in many rounds. A round raises when it does not hold, and returns how many cases it tried."""

    name: str
    part: str
    claim: str
    rounds: int
    tables: bool  # whether it needs the database
    round: Callable[[int], int]


@dataclass
class Progress:
    """How far a campaign has come."""

    done: int = 0
    cases: int = 0
    seconds: float = 0.0
    failed: dict[str, str] = field(default_factory=dict)  # seed → the last lines of what went wrong


def campaigns(folder: Path = CAMPAIGNS) -> list[Campaign]:
    """Every campaign there is."""
    return [_campaign(path.stem) for path in sorted(folder.glob("*.py")) if not path.stem.startswith(("test_", "_"))]


def _campaign(name: str) -> Campaign:
    module = importlib.import_module(f"tests.campaigns.{name}")
    claim = (module.__doc__ or "").strip().splitlines()[0]
    return Campaign(name, module.PART, claim, module.ROUNDS, getattr(module, "TABLES", False), module.prove)


def recall(name: str, folder: Path = KEPT) -> Progress:
    """What was done before; nothing when it was never begun."""
    path = folder / f"{name}.json"
    return Progress(**json.loads(path.read_text("utf-8"))) if path.exists() else Progress()


def note(name: str, progress: Progress, folder: Path = KEPT) -> None:
    """Keep what was done, so that a run that is stopped loses one round at most."""
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f"{name}.new"
    fresh.write_text(json.dumps(asdict(progress), ensure_ascii=False), "utf-8")
    fresh.replace(folder / f"{name}.json")


def run(campaign: Campaign, rounds: int, folder: Path = KEPT) -> Progress:
    """Run what is left of a campaign. Failed rounds are run again first."""
    progress = recall(campaign.name, folder)
    for seed in [*map(int, progress.failed), *range(progress.done, rounds)]:
        began = time.monotonic()
        progress.failed.pop(str(seed), None)
        try:
            progress.cases += campaign.round(seed)
        except Exception:  # a failed round is a finding; the others still run
            progress.failed[str(seed)] = "".join(traceback.format_exc().splitlines(keepends=True)[-12:])
        progress.done = max(progress.done, seed + 1)
        progress.seconds += time.monotonic() - began
        note(campaign.name, progress, folder)
    return progress


def report(results: list[tuple[Campaign, Progress]]) -> str:
    """The table of what was proved, and each failure in full."""
    lines = ["| part | claim | rounds | cases | failed | s |", "|---|---|---:|---:|---:|---:|"]
    for campaign, progress in results:
        lines.append(
            f"| {campaign.part} | {campaign.claim} | {progress.done} | {progress.cases:,} "
            f"| {len(progress.failed)} | {progress.seconds:,.0f} |"
        )
    for campaign, progress in results:
        for seed, said in progress.failed.items():
            lines += ["", f"## {campaign.name}, round {seed}", "```", said.rstrip(), "```"]
    return "\n".join([*lines, ""])


def main(arguments: list[str]) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART")
    parser.add_argument("--again", action="store_true", help="forget what was done before")
    parser.add_argument("--rounds", type=int, help="rounds for each campaign, instead of its own number")
    asked = parser.parse_args(arguments)
    everything = campaigns()
    chosen = [one for one in everything if not asked.parts or one.part in asked.parts or one.name in asked.parts]
    if not chosen:
        print(f"No campaign is called {' '.join(asked.parts)}. There are: {', '.join(one.name for one in everything)}")
        return 2
    results = _run_all(chosen, asked.rounds, again=asked.again)
    text = report(results)
    (KEPT / "report.md").write_text(text, "utf-8")
    print(text)
    return 1 if any(progress.failed for _, progress in results) else 0


def _run_all(chosen: list[Campaign], rounds: int | None, *, again: bool) -> list[tuple[Campaign, Progress]]:
    with ExitStack() as stack:
        if any(campaign.tables for campaign in chosen):
            _tables(stack)
        results = []
        for campaign in chosen:
            if again:
                note(campaign.name, Progress())
            print(f"{campaign.name}: {campaign.claim}", flush=True)
            results.append((campaign, run(campaign, rounds or campaign.rounds)))
    return results


def _tables(stack: ExitStack) -> None:
    """Test databases for as long as `stack` is open."""
    runner = DiscoverRunner(verbosity=0, interactive=False)
    stack.callback(runner.teardown_databases, runner.setup_databases())


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kaimen.project.settings.test")
    import django

    django.setup()
    sys.exit(main(sys.argv[1:]))
