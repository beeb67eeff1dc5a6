"""What is wrong with a case type in the pack it stands in: roles, clocks, laws, steps nobody reaches. Pure."""

from collections.abc import Collection, Iterator, Mapping

from kaimen.cases.graph import unreachable
from kaimen.cases.reading import Path, spans_of
from kaimen.cases.spans import Span, Unit
from kaimen.cases.terms import APPLICANT, SYSTEM, CaseType, Law, Step
from kaimen.packs import Wrong


def mistakes(case: CaseType, roles: Collection[str], laws: Mapping[str, Law], *, hours: bool) -> Iterator[Wrong]:
    """Each mistake, where it stands. `hours`: whether the pack's calendar names office hours."""
    yield from _unknown_roles(case, roles)
    yield from _by_law(case, laws)
    for step, why in unreachable(case.steps, case.documents):
        remedy = "Ask for the document, or take the step out"
        yield Wrong(f"nobody ever reaches {step.id}: {why}", remedy, ("steps", step.at))
    for path, span in spans_of(case):
        if span.unit is Unit.WORKHOURS and not hours:
            what = f"{span.written} counts working hours, and calendar.yaml names none"
            yield Wrong(what, "Add `hours` to calendar.yaml, or count in PT4H or 1WD", path)
    yield from _verified(case)


def _unknown_roles(case: CaseType, roles: Collection[str]) -> Iterator[Wrong]:
    for step in case.steps:
        if step.by and step.by not in {APPLICANT, SYSTEM, *roles}:
            what = f"{step.id} is done by {step.by}, which is no role of this pack"
            yield Wrong(
                what, f"Name one of: {APPLICANT}, {SYSTEM}, {', '.join(sorted(roles))}", ("steps", step.at, "by")
            )


def _verified(case: CaseType) -> Iterator[Wrong]:
    """Somebody checks what another did: a step that verifies comes after one of an office."""
    offices = {step.id for step in case.steps if step.by not in {"", APPLICANT, SYSTEM}}
    for step in case.steps:
        if step.verifies and not _before(step, case) & offices - {step.id}:
            what = f"{step.id} verifies, and no office has done anything before it"
            yield Wrong(what, "Let it come after what is to be verified", ("steps", step.at, "after"))


def _before(step: Step, case: CaseType) -> set[str]:
    """All steps that lie before one."""
    found: set[str] = set()
    for one in step.after:
        found |= {one} | _before(case.step(one), case)
    return found


def _by_law(case: CaseType, laws: Mapping[str, Law]) -> Iterator[Wrong]:
    for step in case.steps:
        span, key = (step.waits, "waits") if step.waits else (step.within, "within")
        yield from _kept(step.law, span, laws, ("steps", step.at, key))
    if case.silence is not None:
        yield from _kept(case.silence.law, case.silence.after, laws, ("silence", "after"))


def _kept(slug: str, span: Span | None, laws: Mapping[str, Law], path: Path) -> Iterator[Wrong]:
    if not slug:
        return
    law = laws.get(slug)
    if law is None:
        yield Wrong(f"{slug} is no law of laws.yaml", f"Name one of: {', '.join(sorted(laws)) or 'none'}", path)
    elif span is None:
        yield Wrong(f"{slug} fixes a period, and this has none", "Add `within` or `waits`, or take the law out", path)
    else:
        yield from _within(law, span, path)


def _within(law: Law, span: Span, path: Path) -> Iterator[Wrong]:
    """A period that a law fixes is never made shorter, nor a limit longer; in another unit nobody could tell."""
    for bound, word in ((law.at_least, "at least"), (law.at_most, "at most")):
        if bound is None:
            continue
        answer = span.shorter_than(bound) if bound is law.at_least else bound.shorter_than(span)
        if answer is None:
            what = f"{span.written} cannot be compared with {bound.written} of {law}"
            yield Wrong(what, f"Write it in the unit of the law: {word} {bound.written}", path)
        elif answer:
            yield Wrong(f"{span.written}, and {law} says {word} {bound.written}", f"Write {bound.written}", path)
