"""What the definition of a case type (事项) says: fields, documents, steps, clocks. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kaimen.cases.spans import Span
from kaimen.kit.words import Words
from kaimen.rules import Expression

APPLICANT, SYSTEM = "applicant", "system"  # who does a step without holding a role


@dataclass(frozen=True)
class Law:
    """A period that a law fixes: at least so long, or at most."""

    slug: str
    title: Words
    article: str
    at_least: Span | None
    at_most: Span | None

    def __str__(self) -> str:
        return f"{self.title.zh} {self.article}"


@dataclass(frozen=True)
class Field:
    """Something the form asks, and why."""

    slug: str
    type: str  # text | integer | decimal | money | date | boolean | choice
    title: Words
    why: Words
    required: bool
    choices: Mapping[str, Words]
    known: str  # where the one file holds it already; empty where nobody knows it


@dataclass(frozen=True)
class Document:
    """Something to hand in."""

    slug: str
    title: Words
    any_of: tuple[str, ...] = ()  # one of these is enough
    follows: "MayFollow | None" = None  # it may come later
    never: bool = False  # not asked for, and the form cannot ask


@dataclass(frozen=True)
class MayFollow:
    """Something is missing and the case goes on (容缺受理): until which step, on what instead."""

    before: str
    commitment: bool
    stand_in: str  # the document that stands in for it; empty: none


@dataclass(frozen=True)
class Step:
    """Something that is done, or a period that runs."""

    id: str
    title: Words
    by: str  # applicant, system, or a role of the pack; empty for a period
    after: tuple[str, ...]  # steps
    needs: tuple[str, ...]  # documents
    within: Span | None
    waits: Span | None
    law: str
    when: Expression | None
    verifies: bool = False  # by somebody else than who handled the case
    at: int = 0  # its place in the file


@dataclass(frozen=True)
class GreenChannel:
    """For whom days are worked on which others rest."""

    when: Expression
    weekdays: frozenset[int]


@dataclass(frozen=True)
class Silence:
    """How long an office may be silent before an application counts as taken in (视为受理); never as granted."""

    after: Span
    law: str


@dataclass(frozen=True)
class CaseType:
    """A service (事项): everything that can be said of its cases before there is one."""

    slug: str
    title: Words
    source: Words
    since: date
    applicant: str  # person | organisation
    fields: Mapping[str, Field]
    documents: Mapping[str, Document]
    steps: tuple[Step, ...]  # in an order in which each stands after all it waits for
    green: GreenChannel | None
    silence: Silence | None

    def step(self, id_: str) -> Step:
        """The step of this id. Raises KeyError."""
        found = next((one for one in self.steps if one.id == id_), None)
        if found is None:
            raise KeyError(id_)
        return found
