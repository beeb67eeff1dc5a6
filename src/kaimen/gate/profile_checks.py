"""What is wrong with a gate profile: rules that cannot be read, are never reached, or shut the wrong doors. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

from kaimen.gate.profiles import NOTE, GateProfile, named_values
from kaimen.packs import Wrong
from kaimen.rules import Expression, RuleRefused, Vocabulary, VocabularyRefused, formatted, parse
from kaimen.rules.tree import And
from kaimen_gate.facts import CODES, FACTS, NOBODY
from kaimen_gate.reasons import BUILT_IN
from kaimen_gate.rule_book import Answer, RuleBook, names_colours
from kaimen_gate.wire import COMES_AS, POSTS

_AGES = (0, 10**6)  # hours: fresh, and older than anybody
_GOOD: dict[str, Any] = dict.fromkeys(FACTS) | {
    "how": "code", "live": True, "used_again": False, "revoked": False, "two_people": False, "listed": True,
    "other_building": False, "assurance": 2, "renewed": True, "within_window": True, "open": True, "vehicle": False,
    "list_age": 0, "colours_age": 0, "lift_full": False, "lift_goes": True,
}  # fmt: skip
_UNKNOWN: dict[str, Any] = _GOOD | {
    "live": False, "listed": None, "assurance": None, "renewed": None, "within_window": None, "lift_goes": None,
}  # fmt: skip


def mistakes(profile: GateProfile) -> Iterator[Wrong]:
    """Everything wrong with one profile; what it does is only looked at when all of it can be read."""
    found = [*_unread(profile), *_words(profile), *_overrides(profile)]
    yield from found
    if not found:
        yield from _wrong_answers(profile)
        yield from _never_reached(profile)


def _unread(profile: GateProfile) -> Iterator[Wrong]:
    last = len(profile.rules) - 1
    for at, rule in enumerate(profile.rules):
        if (rule.when is None) != (at == last):
            yield Wrong("the last rule, and only the last, has no `when`", "Put it in order", ("rules", at))
    if profile.rules[last].answer != "desk":
        yield Wrong("whoever no rule knows would not go to the desk", "Let the last rule answer desk",
                    ("rules", last, "answer"))  # fmt: skip
    try:
        vocabulary = profile.vocabulary
    except VocabularyRefused as refused:
        yield Wrong(refused.message.en, refused.remedy.en, ("values",))
        return
    for at, rule in enumerate(profile.rules):
        if rule.when is not None:
            yield from _unread_rule(profile, at, rule.when, vocabulary)


def _unread_rule(profile: GateProfile, at: int, when: str, vocabulary: Vocabulary) -> Iterator[Wrong]:
    path = ("rules", at, "when")
    try:
        expression = parse(when, vocabulary)
    except RuleRefused as refused:
        first = refused.refusals[0]
        yield Wrong(f"{profile.rules[at].reason}, column {first.column}: {first.message.en}", first.remedy.en, path)
        return
    for name, value in named_values(expression.tree):
        known = tuple(profile.manual) if name == "manual" else CODES.get(name)
        if known is not None and value not in known:
            yield Wrong(f"{name} is never {value!r}", f"It is one of: {', '.join(known)}", path)
    if not names_colours(expression.tree):
        what = "this may hold because somebody has no colour: the usual colour never shuts a door"
        yield Wrong(what, "Name colours by = or in, and never ask for others than some", path)


def _words(profile: GateProfile) -> Iterator[Wrong]:
    for at, rule in enumerate(profile.rules):
        if rule.reason in BUILT_IN:
            yield Wrong(f"{rule.reason!r} is given at every gate, and by no rule", "Take it out", ("rules", at))
    needed = [*BUILT_IN, *profile.answers()]
    missing = [code for code in dict.fromkeys(needed) if code not in profile.reasons]
    if missing:
        yield Wrong(f"reasons without words: {', '.join(missing)}", "Add guard and person words for each", ("reasons",))
    for code in profile.reasons:
        if code not in needed:
            yield Wrong(f"no rule gives the reason {code!r}", f"Reasons are: {', '.join(needed)}", ("reasons", code))
    if "emergency" not in profile.manual:
        yield Wrong("emergency services cannot be entered by hand", "Add `emergency` with its title", ("manual",))


def _overrides(profile: GateProfile) -> Iterator[Wrong]:
    able = ["no-list", *(code for code, answer in profile.answers().items() if answer in {"desk", "refuse"})]
    for slug, one in profile.overrides.items():
        for at, reason in enumerate(one.lifts):
            if reason not in able:
                yield Wrong(f"{slug} answers {reason!r}, which keeps nobody out", f"Name some of: {', '.join(able)}",
                            ("overrides", slug, "lifts", at))  # fmt: skip


def _never_reached(profile: GateProfile) -> Iterator[Wrong]:
    """Rules that an earlier answer covers: the same condition, or one of those that this one joins by `and`."""
    answered: dict[str, str] = {}
    for at, (rule, expression) in enumerate(zip(profile.rules, profile.expressions(), strict=True)):
        if expression is None or rule.answer == NOTE:  # a note is kept behind whatever decided
            continue
        first = next((answered[part] for part in _parts(expression) if part in answered), None)
        if first is not None:
            what = f"{rule.reason} is never reached: whenever it holds, {first} has answered before"
            yield Wrong(what, "Put the narrower rule first, or take one out", ("rules", at))
        answered.setdefault(formatted(expression), rule.reason)


def _parts(expression: Expression) -> list[str]:
    """The condition, and what it joins by `and`, as they are written when written well."""
    tree = expression.tree
    joined = tree.operands if isinstance(tree, And) else ()
    return [formatted(replace(expression, tree=one)) for one in (tree, *joined)]


def _wrong_answers(profile: GateProfile) -> Iterator[Wrong]:
    """Each kind of mistake once, with the rule that makes it."""
    book = RuleBook(profile.wire_rules(), profile.wire_parameters())
    first_days = [one.dated[0][0] for one in profile.values.values() if one.dated]
    day = max(first_days, default=date(2020, 1, 1))
    yield from _once(profile, _refused_for_age(book, day))
    yield from _once(profile, _let_in_unknown(book, day))


def _once(profile: GateProfile, found: Iterable[tuple[str, str, str]]) -> Iterator[Wrong]:
    for reason, what, remedy in dict.fromkeys(found):
        at = next(at for at, rule in enumerate(profile.rules) if rule.reason == reason)
        yield Wrong(f"{reason}: {what}", remedy, ("rules", at))


def _refused_for_age(book: RuleBook, day: date) -> Iterator[tuple[str, str, str]]:
    for post, comes_as, how in product(POSTS, COMES_AS, ("code", "card", "name")):
        good = _GOOD | {"post": post, "comes_as": comes_as, "how": how, "live": how == "code"}
        fresh = book.ask(good, day)
        if fresh.verdict == "refuse" and comes_as == "staff":
            yield fresh.reason, "refuses staff against whom nothing speaks", "Narrow the rule, or answer desk"
        for answer in _aged(book, good, day):
            if answer.verdict == "refuse" != fresh.verdict:
                what = "could refuse for stale data alone"
                yield answer.reason, what, "Answer desk, or name what speaks against them"


def _aged(book: RuleBook, good: dict[str, Any], day: date) -> Iterator[Answer]:
    for list_age, colours_age, renewed in product(_AGES, (None, *_AGES), (True, False)):
        yield book.ask(good | {"list_age": list_age, "colours_age": colours_age, "renewed": renewed}, day)


def _let_in_unknown(book: RuleBook, day: date) -> Iterator[tuple[str, str, str]]:
    """Whom nobody can name enters by hand alone, where a guard answers for it; a pass taken back opens nothing."""
    strangers: list[dict[str, Any]] = [
        *({"pass_trouble": trouble} for trouble in sorted(NOBODY)),
        {"two_people": True, "how": "name"}, {"listed": False, "how": "name"}, {"listed": False},
        {"revoked": True, "listed": True, "within_window": True},
    ]  # fmt: skip
    for post, stranger in product(POSTS, strangers):
        answer = book.ask(_UNKNOWN | {"post": post} | stranger, day)
        if answer.verdict == "enter":
            who = ", ".join(name if value is True else f"{name} {value}" for name, value in stranger.items())
            yield answer.reason, f"would let in somebody with {who}", "Put a rule before it that sends them to the desk"
