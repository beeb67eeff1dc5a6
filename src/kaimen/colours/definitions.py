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
from kaimen.packs.reading import Read, read
from kaimen.rules import RuleRefused, VocabularyRefused, parse
from kaimen.rules.tree import Absence, Type

__all__ = [
    "PROVER", "STATUSES", "BulkLimit", "Colour", "DatedValue", "EvidenceKind", "FieldOf", "NotADefinition", "Rule",
    "StatusDefinition", "StatusSource", "definition_in", "digest_of", "facts_provided_by", "read_text", "typed",
]  # fmt: skip


class NotADefinition(ValueError):
    """A text that defines no status: `problem` says where, what is wrong and what would be right."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@lru_cache(maxsize=32)
def read_text(name: str, text: bytes) -> StatusDefinition:
    """The definition in a published text (`name` is its file, status/person.yaml). Raises NotADefinition."""
    result = read(name, text)
    if isinstance(result, Problem):
        raise NotADefinition(result)
    for error in Draft202012Validator(schema.SCHEMA).iter_errors(result.data):
        raise NotADefinition(Problem(name, result.line(path_of(error)), *in_words(error)))
    try:
        return _definition(Found(name, PurePosixPath(name).stem, result.data), text)
    except Wrong as wrong:
        raise _at_its_line(result, name, wrong) from wrong


def read_here(name: str, text: bytes, pack: Pack) -> StatusDefinition:
    """What `read_text` gives, if the city of this pack can judge by it: its zone, the facts that are worked out here.

    Raises NotADefinition.
    """
    definition = read_text(name, text)
    wrongs = [*_other_subject(definition, pack), *_other_zone(definition, pack), *_facts_nobody_provides(definition)]
    result = read(name, text)
    assert not isinstance(result, Problem), "it was read above"
    for wrong in wrongs:
        raise _at_its_line(result, name, wrong)
    return definition


def _at_its_line(result: Read, name: str, wrong: Wrong) -> NotADefinition:
    return NotADefinition(Problem(name, result.line(wrong.path), wrong.what, wrong.remedy))


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
        counted_apart=data.get("counts", {}).get("apart_from", 3),
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
            should, at = schema.SHOULD[bare.type], f"{name}（{begin}）"
            what = Words(f"{at} 的值不对", f"{name} from {begin}: {error}")
            raise Wrong(what, Words(f"应为{should.zh}", "Write the value so"), (*path, "from", begin)) from error
    return DatedValue(name, bare.type, tuple(sorted(dated, key=lambda one: one[0])))


def _evidence(slug: str, data: dict[str, Any]) -> EvidenceKind:
    fields = _fields(data["fields"], ("evidence", slug, "fields"))
    return EvidenceKind(slug, Words.of(data["title"]), fields, data["basis"], schema.duration(data["lasts"]))


def _fields(data: dict[str, Any], path: tuple[str, ...]) -> dict[str, FieldOf]:
    found = {}
    for name, one in data.items():
        codes = {code: Words.of(said) for code, said in one.get("codes", {}).items()}
        if (one["type"] == "string") != bool(codes):
            what = Words(f"{name}：文字字段才有代码，也必须有", f"{name}: a text, and only a text, has codes")
            remedy = Words("把每个值列在 codes 下", "List every value under `codes`")
            raise Wrong(what, remedy, (*path, name))
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
        what = Words(
            f"status 是 {definition.slug!r}，文件名却是 {stem!r}",
            f"status is {definition.slug!r} but the file is named {stem!r}",
        )
        yield Wrong(what, Words("两处用同一个名称", "Give both one name"), ("status",))
    if definition.facts and definition.subject == "person":
        what = Words(
            "个人的颜色只依据签名的证据，不依据系统自己算出的事实",
            "a person's colour rests on signed evidence, never on what the system works out itself",
        )
        remedy = Words("去掉 facts，由来源出具依据", "Take `facts` out; let a source sign it as evidence")
        yield Wrong(what, remedy, ("facts",))
    yield from _named_twice(definition)
    yield from _mistakes_in_rules(definition)


def _named_twice(definition: StatusDefinition) -> Iterable[Wrong]:
    owners: set[str] = set()
    for kind_ in definition.evidence.values():
        for name in kind_.fields:
            if name in owners or name in definition.facts:
                what = Words(f"{name} 出现两次", f"{name} stands twice")
                remedy = Words("每个字段一个名称、一个出处", "Give each field one name and one owner")
                yield Wrong(what, remedy, ("evidence", kind_.slug, "fields", name))
            owners.add(name)


def _mistakes_in_rules(definition: StatusDefinition) -> Iterable[Wrong]:
    for index, rule in enumerate(definition.rules):
        yield from _mistakes_of_rule(definition, index, rule)
        yield from _mistakes_of_sources(definition, index, rule)
    yield from _refused_rules(definition)
    order = list(definition.colours)
    if definition.usual != order[-1]:
        what = Words(
            f"最后一种颜色是 {order[-1]}，最后一条规则却给出 {definition.usual}",
            f"the last colour is {order[-1]}, the last rule says {definition.usual}",
        )
        remedy = Words(
            "颜色从最差排起，没有规则成立时的那种排最后",
            "List colours from the worst to the one that holds when no rule does",
        )
        yield Wrong(what, remedy, ("colours",))


def _mistakes_of_rule(definition: StatusDefinition, index: int, rule: Rule) -> Iterable[Wrong]:
    rules, path = definition.rules, ("rules", index)
    if rule.colour not in definition.colours:
        what = Words(f"没有 {rule.colour} 这种颜色", f"there is no colour {rule.colour}")
        known = ", ".join(definition.colours)
        yield Wrong(what, Words(f"颜色有：{known}", f"Colours are: {known}"), (*path, "colour"))
    if rule.slug in {one.slug for one in rules[:index]}:
        what = Words(f"两条规则都叫 {rule.slug}", f"two rules are named {rule.slug}")
        yield Wrong(what, Words("各起一个名称", "Give each its own name"), (*path, "rule"))
    if (rule.when is None) != (index == len(rules) - 1):
        what = Words("最后一条规则没有 when，其余都要有", "the last rule, and only the last, has no `when`")
        yield Wrong(what, Words("请排好次序", "Put it in order"), path)
    if rule.when is not None and rule.colour == definition.usual:
        what = Words(f"没有规则成立时就是 {rule.colour}", f"{rule.colour} is what holds when no rule does")
        yield Wrong(what, Words("去掉这条规则", "Leave this rule out"), (*path, "colour"))


def _mistakes_of_sources(definition: StatusDefinition, index: int, rule: Rule) -> Iterable[Wrong]:
    path, worst = ("rules", index), next(iter(definition.colours))
    needed = 2 if rule.colour == worst and definition.subject == "person" else 1
    if rule.sources < needed:
        what = Words(
            f"个人的 {rule.colour} 要有两个独立来源", f"{rule.colour} for a person needs two independent sources"
        )
        yield Wrong(what, Words("加上 sources: 2", "Add `sources: 2`"), path)
    if rule.sources > 1 and definition.subject == "place":
        what = Words("场所的规则不数来源", "rules of places do not count sources")
        yield Wrong(what, Words("去掉 sources", "Take `sources` out"), (*path, "sources"))
    if rule.lasts is not None and definition.subject == "place":
        what = Words("场所的规则在所依据的证据有效时有效", "rules of places last as long as the evidence they read")
        remedy = Words("去掉 lasts，写在证据里", "Take `lasts` out; say it of the evidence")
        yield Wrong(what, remedy, (*path, "lasts"))


def _refused_rules(definition: StatusDefinition) -> Iterable[Wrong]:
    """Rules that cannot be read, or read nothing that somebody signed or the system worked out."""
    try:
        vocabulary = vocabulary_of(definition)
    except VocabularyRefused as refused:
        yield Wrong(refused.message, refused.remedy, ("evidence",))
        return
    for index, rule in enumerate(definition.rules[:-1]):
        path = ("rules", index, "when")
        try:
            expression = parse(rule.when or "", vocabulary)
        except RuleRefused as refused:
            first = refused.refusals[0]
            what = Words(
                f"规则 {rule.slug} 第 {first.column} 列：{first.message.zh}",
                f"{rule.slug}, column {first.column}: {first.message.en}",
            )
            yield Wrong(what, first.remedy, path)
            continue
        if not read_by(expression):
            what = Words(f"规则 {rule.slug} 不读任何依据", f"{rule.slug} reads no evidence")
            yield Wrong(what, Words("颜色要有依据：请写一个字段", "A colour rests on evidence: name a field"), path)


def _other_subject(definition: StatusDefinition, pack: Pack) -> Iterable[Wrong]:
    """Whom a status is about is not for a new text of its rules to change."""
    held = next((one for one in pack.all(StatusDefinition) if one.slug == definition.slug), None)
    if held is not None and held.subject != definition.subject:
        what = Words(f"subject 是 {definition.subject}", f"subject is {definition.subject}")
        yield Wrong(what, Words(f"应为 {held.subject}", f"Write {held.subject}"), ("subject",))


def _other_zone(definition: StatusDefinition, pack: Pack) -> Iterable[Wrong]:
    """A status stands by itself and says its zone; it is the city's own."""
    zone = pack.data["pack.yaml"]["zone"]
    if definition.zone.key != zone:
        what = Words(f"zone 是 {definition.zone.key}", f"zone is {definition.zone.key}")
        yield Wrong(what, Words(f"应为 {zone}", f"Write {zone}"), ("zone",))


Provided = Callable[[], Mapping[str, tuple[Type, Absence]]]
_provided: list[Provided] = []


def facts_provided_by(provided: Provided) -> Provided:
    """Register who knows every fact the system works out itself, by name; called from AppConfig.ready."""
    _provided.append(provided)
    return provided


def _facts_nobody_provides(definition: StatusDefinition) -> Iterable[Wrong]:
    """A rule of places over a fact that nobody works out would never hold, and nobody would see why."""
    if not _provided:
        return  # a program that only reads packs
    known = _provided[-1]()
    for name, fact in definition.facts.items():
        if name not in known:
            what = Words(f"没有谁提供事实 {name}", f"nobody provides the fact {name}")
            there = ", ".join(known)
            yield Wrong(what, Words(f"现有：{there}", f"There are: {there}"), ("facts", name))
        elif (fact.type, fact.absent) != known[name]:
            type_, absent = known[name]
            closed = absent == "false"
            what = Words(
                f"事实 {name} 的类型或缺失时的含义不对", f"the fact {name} is of another type, or absent otherwise"
            )
            remedy = Words(
                f"写 type: {type_}，{'absent: false' if closed else '不写 absent'}",
                f"Write type: {type_}, and {'absent: false' if closed else 'no `absent`'}",
            )
            yield Wrong(what, remedy, ("facts", name))


def _checked(pack: Pack) -> Iterable[tuple[str, Wrong]]:
    statuses = [(file, one) for file, one in pack.definitions if isinstance(one, StatusDefinition)]
    yield from ((file, wrong) for file, one in statuses for wrong in _other_zone(one, pack))
    yield from ((file, wrong) for file, one in statuses for wrong in _facts_nobody_provides(one))


STATUSES = kind(Kind(name="status", pattern="status/*.yaml", schema=schema.SCHEMA, parse=_parse, check=_checked))
