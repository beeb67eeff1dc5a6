"""A file of a case type, turned into terms. What a single file can show to be wrong is said here. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from kaimen.cases.graph import in_order
from kaimen.cases.spans import Span
from kaimen.cases.terms import CaseType, Document, Field, GreenChannel, Law, MayFollow, Silence, Step
from kaimen.packs import Words, Wrong
from kaimen.packs.dates import day
from kaimen.rules import Expression, RuleRefused, Type, Vocabulary, VocabularyRefused, parse
from kaimen.rules.vocabulary import FieldType

# What a form may ask, and how a rule reads it; what is text to a form only is no name for a rule.
TYPES: Mapping[str, Type | None] = {
    "text": None, "phone": None, "integer": Type.INTEGER, "decimal": Type.DECIMAL, "money": Type.DECIMAL,
    "date": Type.DATE, "boolean": Type.BOOLEAN, "choice": Type.STRING,
}  # fmt: skip
# What the one file holds: it is shown, never asked again.
KNOWN = (
    "person.name", "person.phone", "organisation.name", "organisation.code", "organisation.address",
    "organisation.staff", "organisation.building", "post.name", "post.phone",
)  # fmt: skip
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DOCUMENT = "document "
Path = tuple[str | int, ...]


def law(slug: str, data: Mapping[str, Any]) -> Law:
    """A period that a law fixes. Raises Wrong."""
    least, most = (Span.read(data[key]) if key in data else None for key in ("at_least", "at_most"))
    if least is None and most is None:
        raise Wrong(f"{slug} fixes no period", "Add `at_least: P20D` or `at_most: 5WD`", ("laws", slug))
    return Law(slug, Words.of(data["title"]), data["article"], least, most)


def case_type(slug: str, data: Mapping[str, Any]) -> CaseType:
    """The terms in a file. Raises Wrong."""
    fields = {name: _field(name, one) for name, one in data.get("fields", {}).items()}
    documents = {name: _document(name, one) for name, one in data.get("documents", {}).items()}
    _documents_stand(documents)
    vocabulary = _vocabulary(fields)
    steps = _steps(data["steps"], documents, vocabulary)
    _followed(documents, steps)
    return CaseType(
        slug, Words.of(data["title"]), Words.of(data["source"]["title"]),
        day(data["source"]["date"], ("source", "date")), data["applicant"], fields, documents, steps,
        _green(data.get("green_channel"), vocabulary), _silence(data.get("silence")),
    )  # fmt: skip


def _field(name: str, data: Mapping[str, Any]) -> Field:
    choices = {code: Words.of(title) for code, title in data.get("choices", {}).items()}
    if bool(choices) != (data["type"] == "choice"):
        what = f"{name} is of the type {data['type']} and has {'' if choices else 'no '}choices"
        raise Wrong(what, "Give choices to the type choice, and to no other", ("fields", name))
    return Field(
        name, data["type"], Words.of(data["title"]), Words.of(data["why"]), data.get("required", False), choices,
        data.get("known", ""),
    )  # fmt: skip


def _document(slug: str, data: Any) -> Document:
    if data == "never":
        return Document(slug, Words(slug, slug), never=True)
    later = data.get("may_follow")
    follows = MayFollow(later["before"], later.get("commitment", False), later.get("stand_in", "")) if later else None
    return Document(slug, Words.of(data["title"]), tuple(data.get("any_of", ())), follows)


def _documents_stand(documents: Mapping[str, Document]) -> None:
    """Raises Wrong where a document names another that is not there, or that is never asked for."""
    for slug, one in documents.items():
        stand_in = (one.follows.stand_in,) if one.follows and one.follows.stand_in else ()
        for other in (*one.any_of, *stand_in):
            if other not in documents or documents[other].never:
                what = f"{slug} names {other}, which is no document that is asked for"
                raise Wrong(what, f"Write {other} under documents, with a title", ("documents", slug))


def _vocabulary(fields: Mapping[str, Field]) -> Vocabulary:
    """What conditions may speak of: the fields of the form. Raises Wrong."""
    known = {name: FieldType(type_) for name, one in fields.items() if (type_ := TYPES[one.type]) is not None}
    try:
        return Vocabulary(known, {})
    except VocabularyRefused as error:
        raise Wrong(error.message, error.remedy, ("fields",)) from error


def _steps(
    data: list[Mapping[str, Any]], documents: Mapping[str, Document], vocabulary: Vocabulary
) -> tuple[Step, ...]:
    ids = [one["id"] for one in data]
    for at, id_ in enumerate(ids):
        if id_ in ids[:at]:
            raise Wrong(f"there are two steps {id_}", "Give each its own id", ("steps", at, "id"))
    steps = {one["id"]: _step(at, one, ids, documents, vocabulary) for at, one in enumerate(data)}
    return tuple(steps[id_] for id_ in in_order({id_: one.after for id_, one in steps.items()}))


def _step(
    at: int, data: Mapping[str, Any], ids: list[str], documents: Mapping[str, Document], vocabulary: Vocabulary
) -> Step:
    path: Path = ("steps", at)
    if ("by" in data) == ("waits" in data):
        what = f"{data['id']} is neither done by somebody nor a period that runs" if "by" not in data else (
            f"{data['id']} is both done by somebody and a period that runs"
        )  # fmt: skip
        raise Wrong(what, "Give it `by` (and perhaps `within`), or `waits`", path)
    after, needs = _before(data, ids, documents, path)
    spans = {key: Span.read(data[key]) if key in data else None for key in ("within", "waits")}
    return Step(
        data["id"], Words.of(data["title"]), data.get("by", ""), after, needs, spans["within"], spans["waits"],
        data.get("law", ""), _condition(data.get("when"), vocabulary, (*path, "when")), data.get("verifies", False), at,
    )  # fmt: skip


def _before(
    data: Mapping[str, Any], ids: list[str], documents: Mapping[str, Document], path: Path
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Steps and documents that a step waits for. Raises Wrong for one that there is not."""
    said = data.get("after", ())
    names = [said] if isinstance(said, str) else list(said)
    for name in names:
        known, what = (documents, "document") if name.startswith(_DOCUMENT) else (ids, "step")
        if name.removeprefix(_DOCUMENT) not in known:
            remedy = f"Name one of: {', '.join(known) or 'none'}"
            raise Wrong(f"{data['id']} waits for the {what} {name.removeprefix(_DOCUMENT)}, which is not here", remedy,
                        (*path, "after"))  # fmt: skip
    return (
        tuple(name for name in names if not name.startswith(_DOCUMENT)),
        tuple(name.removeprefix(_DOCUMENT) for name in names if name.startswith(_DOCUMENT)),
    )


def _followed(documents: Mapping[str, Document], steps: tuple[Step, ...]) -> None:
    """What may follow later must be waited for by the step it says. Raises Wrong."""
    needs = {step.id: step.needs for step in steps}
    for slug, one in documents.items():
        if one.follows is not None and slug not in needs.get(one.follows.before, ()):
            what = f"{slug} may follow until {one.follows.before}, and that step does not wait for it"
            remedy = f"Write `after: [document {slug}]` there, or it would never be missed"
            raise Wrong(what, remedy, ("documents", slug, "may_follow", "before"))


def _condition(text: str | None, vocabulary: Vocabulary, path: Path) -> Expression | None:
    if text is None:
        return None
    try:
        return parse(text, vocabulary)
    except RuleRefused as error:
        first = error.refusals[0]
        raise Wrong(first.message, first.remedy, path) from error


def _green(data: Mapping[str, Any] | None, vocabulary: Vocabulary) -> GreenChannel | None:
    if data is None:
        return None
    when = _condition(data["when"], vocabulary, ("green_channel", "when"))
    assert when is not None
    return GreenChannel(when, frozenset(WEEKDAYS.index(name) for name in data["adds_days"]))


def _silence(data: Mapping[str, Any] | None) -> Silence | None:
    return Silence(Span.read(data["after"]), data.get("law", "")) if data else None


def spans_of(case: CaseType) -> Iterator[tuple[Path, Span]]:
    """Every span of a case type, and where it stands in its file."""
    for step in case.steps:
        for key, span in (("within", step.within), ("waits", step.waits)):
            if span is not None:
                yield ("steps", step.at, key), span
    if case.silence is not None:
        yield ("silence", "after"), case.silence.after
