"""The order of a case's steps, and what is wrong with it: loops, steps nobody can reach. Pure."""

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from kaimen.cases.terms import Document, Step
from kaimen.packs import Wrong


def in_order(steps: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Ids so that each stands after all it waits for, else as they are written. Raises Wrong for a loop."""
    sorter = TopologicalSorter(steps)
    try:
        sorter.prepare()
    except CycleError as error:
        loop = list(reversed(error.args[1]))
        at = list(steps).index(loop[0])
        what = f"steps wait for each other: {' → '.join(loop)}"
        raise Wrong(what, "Take one of these `after` away: nobody could begin", ("steps", at, "after")) from error
    ordered: list[str] = []
    written = list(steps)
    while sorter.is_active():
        ready = sorted(sorter.get_ready(), key=written.index)
        ordered += ready
        sorter.done(*ready)
    return tuple(ordered)


def unreachable(steps: tuple[Step, ...], documents: Mapping[str, Document]) -> Iterator[tuple[Step, str]]:
    """Steps that can never open, each with why: a document before them is never asked for, or such a step is."""
    closed: set[str] = set()
    for step in steps:
        why = next((f"{one} is never asked for" for one in step.needs if documents[one].never), "")
        why = why or next((f"{one} never opens" for one in step.after if one in closed), "")
        if why:
            closed.add(step.id)
            yield step, why
