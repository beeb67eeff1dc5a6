"""What a city writes about a status (status/*.yaml): colours, evidence, rules and their clocks. Pure.

The text of the file is what authorities publish and what an outside verifier reads again: so a definition stands by
itself, zone and dated values included, and refers to no other file.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any

from jsonschema import Draft202012Validator

from kaimen.colours import schema
from kaimen.colours.rules_of import read_by, vocabulary_of
from kaimen.colours.terms import (
    BulkLimit,
    Colour,
    DatedValue,
    EvidenceKind,
    FieldOf,
    Rule,
    StatusDefinition,
    StatusSource,
    digest_of,
    typed,
)  # fmt: skip
from kaimen.colours.trials import PROVER
from kaimen.packs import Found, Kind, Pack, Problem, Words, Wrong, kind
from kaimen.packs.messages import in_words, path_of
from kaimen.packs.reading import read
from kaimen.rules import RuleRefused, VocabularyRefused, parse
from kaimen.rules.tree import Absence, Type

__all__ = [
    "PROVER", "STATUSES", "BulkLimit", "Colour", "DatedValue", "EvidenceKind", "FieldOf", "NotADefinition", "Rule",
    "StatusDefinition", "StatusSource", "definition_in", "digest_of", "facts_provided_by", "read_text", "typed",
]  # fmt: skip


class NotADefinition(ValueError):
    """A text that defines no status; the message says where and what would be right."""


@lru_cache(maxsize=32)
def read_text(name: str, text: bytes) -> StatusDefinition:
    """The definition in a published text (`name` is its file, status/person.yaml). Raises NotADefinition."""
    result = read(name, text)
    if isinstance(result, Problem):
        raise NotADefinition(str(result))
    for error in Draft202012Validator(schema.SCHEMA).iter_errors(result.data):
        raise NotADefinition(str(Problem(name, result.line(path_of(error)), *in_words(error))))
    try:
        return _definition(Found(name, PurePosixPath(name).stem, result.data), text)
    except Wrong as wrong:
        raise NotADefinition(str(Problem(name, result.line(wrong.path), wrong.what, wrong.remedy))) from wrong


def definition_in(pack: Pack, slug: str) -> StatusDefinition:
    """A pack's definition of a status with the text to publish. Raises LookupError."""
    return read_text(f"status/{slug}.yaml", pack.files[f"status/{slug}.yaml"])


def _parse(found: Found) -> Iterable[StatusDefinition]:
    yield _definition(found, b"")


def _definition(found: Found, text: bytes) -> StatusDefinition:
    data = found.data
    clocks = data.get("clocks", {})
    definition = StatusDefinition(
        slug=data["status"],
        subject=data["subject"],
        title=Words.of(data["title"]),
        zone=schema.zone(data["zone"]),
        source=_source(data["source"]),
        law=data["law"],
        colours={name: Colour(name, Words.of(one["title"]), Words.of(one["means"]))
                 for name, one in data["colours"].items()},
        values={name: _dated(name, one) for name, one in data.get("values", {}).items()},
        evidence={slug: _evidence(slug, one) for slug, one in data.get("evidence", {}).items()},
        facts=_fields(data.get("facts", {}), ("facts",)),
        rules=tuple(_rule(one) for one in data["rules"]),
        late=schema.duration(clocks.get("late", "PT48H")),
        appeal_within=schema.duration(clocks.get("appeal", "PT24H")),
        bulk=tuple(BulkLimit(one["more_than"], one["days"]) for one in data.get("bulk", ())),
        list_bits=data.get("lists", {}).get("bits", 2),
        list_fresh=schema.duration(data.get("lists", {}).get("fresh", "PT15M")),
        grace=schema.duration(clocks.get("grace", "PT15M")),
        cut_off=data.get("cut_off", {}).get("at"),
        rolls_up=tuple(data.get("rolls_up", {}).get("to", ())),
        text=text,
    )  # fmt: skip
    for wrong in _mistakes(definition, found.slug):
        raise wrong
    return definition


def _source(data: dict[str, Any]) -> StatusSource:
    published = schema.day(data["date"], ("source", "date")) if "date" in data else None
    return StatusSource(data["title"], data.get("number", ""), published)


def _dated(name: str, data: dict[str, Any]) -> DatedValue:
    path = ("values", name)
    bare = DatedValue(name, Type(data["type"]), ())
    dated = []
    for begin, one in data["from"].items():
        try:
            dated.append((schema.day(begin, (*path, "from", begin)), typed(one["value"], bare), one["source"]))
        except ValueError as error:
            raise Wrong(f"{name} from {begin}: {error}", "Write the value so", (*path, "from", begin)) from error
    return DatedValue(name, bare.type, tuple(sorted(dated, key=lambda one: one[0])))


def _evidence(slug: str, data: dict[str, Any]) -> EvidenceKind:
    fields = _fields(data["fields"], ("evidence", slug, "fields"))
    return EvidenceKind(slug, Words.of(data["title"]), fields, data["basis"], schema.duration(data["lasts"]))


def _fields(data: dict[str, Any], path: tuple[str, ...]) -> dict[str, FieldOf]:
    found = {}
    for name, one in data.items():
        codes = {code: Words.of(said) for code, said in one.get("codes", {}).items()}
        if (one["type"] == "string") != bool(codes):
            raise Wrong(f"{name}: a text, and only a text, has codes", "List every value under `codes`", (*path, name))
        found[name] = FieldOf(name, Type(one["type"]), _absence(one), Words.of(one["title"]), codes)
    return found


def _absence(data: dict[str, Any]) -> Absence:
    """A closed world is written `absent: false`: no row, nothing happened."""
    return "unknown" if data.get("absent", "unknown") == "unknown" else "false"


def _rule(data: dict[str, Any]) -> Rule:
    return Rule(
        slug=data["rule"],
        colour=data["colour"],
        title=Words.of(data["title"]),
        when=data.get("when"),
        sources=data.get("sources", 1),
        lasts=schema.duration(data["lasts"]) if "lasts" in data else None,
        says=Words.of(data["says"]),
        what_next=Words.of(data["what_next"]),
        clause=data["clause"],
    )


def _mistakes(definition: StatusDefinition, stem: str) -> Iterable[Wrong]:
    if definition.slug != stem:
        yield Wrong(f"status is {definition.slug!r} but the file is named {stem!r}", "Give both one name", ("status",))
    if definition.facts and definition.subject == "person":
        yield Wrong("a person's colour rests on signed evidence, never on what the system works out itself",
                    "Take `facts` out; let a source sign it as evidence", ("facts",))  # fmt: skip
    owners: dict[str, str] = {}
    for kind_ in definition.evidence.values():
        for name in kind_.fields:
            if name in owners or name in definition.facts:
                yield Wrong(f"{name} stands twice", "Give each field one name and one owner",
                            ("evidence", kind_.slug, "fields", name))  # fmt: skip
            owners[name] = kind_.slug
    yield from _mistakes_in_rules(definition)


def _mistakes_in_rules(definition: StatusDefinition) -> Iterable[Wrong]:
    rules, order = definition.rules, list(definition.colours)
    for index, rule in enumerate(rules):
        path = ("rules", index)
        if rule.colour not in definition.colours:
            yield Wrong(f"there is no colour {rule.colour}", f"Colours are: {', '.join(order)}", (*path, "colour"))
        if rule.slug in {one.slug for one in rules[:index]}:
            yield Wrong(f"two rules are named {rule.slug}", "Give each its own name", (*path, "rule"))
        if (rule.when is None) != (index == len(rules) - 1):
            yield Wrong("the last rule, and only the last, has no `when`", "Put it in order", path)
        if rule.when is not None and rule.colour == definition.usual:
            yield Wrong(f"{rule.colour} is what holds when no rule does", "Leave this rule out", (*path, "colour"))
        needed = 2 if rule.colour == order[0] and definition.subject == "person" else 1
        if rule.sources < needed:
            yield Wrong(f"{rule.colour} for a person needs two independent sources", "Add `sources: 2`", path)
        if rule.sources > 1 and definition.subject == "place":
            yield Wrong("rules of places do not count sources", "Take `sources` out", (*path, "sources"))
        if rule.lasts is not None and definition.subject == "place":
            what = "rules of places last as long as the evidence they read"
            yield Wrong(what, "Take `lasts` out; say it of the evidence", (*path, "lasts"))
    yield from _refused_rules(definition)
    if definition.usual != order[-1]:
        yield Wrong(f"the last colour is {order[-1]}, the last rule says {definition.usual}",
                    "List colours from the worst to the one that holds when no rule does", ("colours",))  # fmt: skip


def _refused_rules(definition: StatusDefinition) -> Iterable[Wrong]:
    """Rules that cannot be read, or read nothing that somebody signed or the system worked out."""
    try:
        vocabulary = vocabulary_of(definition)
    except VocabularyRefused as refused:
        yield Wrong(refused.message.en, refused.remedy.en, ("evidence",))
        return
    for index, rule in enumerate(definition.rules[:-1]):
        path = ("rules", index, "when")
        try:
            expression = parse(rule.when or "", vocabulary)
        except RuleRefused as refused:
            first = refused.refusals[0]
            yield Wrong(f"{rule.slug}, column {first.column}: {first.message.en}", first.remedy.en, path)
            continue
        if not read_by(expression):
            yield Wrong(f"{rule.slug} reads no evidence", "A colour rests on evidence: name a field", path)


def _other_zone(pack: Pack) -> Iterable[tuple[str, Wrong]]:
    """A status stands by itself and says its zone; it is the city's own."""
    for file, one in pack.definitions:
        if isinstance(one, StatusDefinition) and one.zone.key != pack.data["pack.yaml"]["zone"]:
            yield file, Wrong(f"zone is {one.zone.key}", f"Write {pack.data['pack.yaml']['zone']}", ("zone",))


Provided = Callable[[], Mapping[str, tuple[Type, Absence]]]
_provided: list[Provided] = []


def facts_provided_by(provided: Provided) -> Provided:
    """Register who knows every fact the system works out itself, by name; called from AppConfig.ready."""
    _provided.append(provided)
    return provided


def _facts_nobody_provides(pack: Pack) -> Iterable[tuple[str, Wrong]]:
    """A rule of places over a fact that nobody works out would never hold, and nobody would see why."""
    if not _provided:
        return  # a program that only reads packs
    known = _provided[-1]()
    for file, one in pack.definitions:
        if not isinstance(one, StatusDefinition):
            continue
        for name, fact in one.facts.items():
            if name not in known:
                yield file, Wrong(f"nobody provides the fact {name}", f"There are: {', '.join(known)}", ("facts", name))
            elif (fact.type, fact.absent) != known[name]:
                type_, absent = known[name]
                right = f"Write type: {type_}, and {'absent: false' if absent == 'false' else 'no `absent`'}"
                yield file, Wrong(f"the fact {name} is of another type, or absent otherwise", right, ("facts", name))


def _checked(pack: Pack) -> Iterable[tuple[str, Wrong]]:
    yield from _other_zone(pack)
    yield from _facts_nobody_provides(pack)


STATUSES = kind(Kind(name="status", pattern="status/*.yaml", schema=schema.SCHEMA, parse=_parse, check=_checked))
