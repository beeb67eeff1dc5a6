"""No text, however hostile, is anything but a rule of our own tree or a refusal with its place, reason and remedy."""

import random
from datetime import date
from decimal import Decimal
from types import CodeType
from typing import get_args

from kaimen import rules
from kaimen.rules import FieldType, ParameterValues, RuleRefused, Type, Vocabulary
from kaimen.rules.limits import DEEPEST, LONGEST_TEXT
from kaimen.rules.tree import Field, Node, Parameter, Value, children, walk

PART = "rules"
ROUNDS = 500
_EACH = 2_000
_DAY = date(2020, 3, 16)
VOCABULARY = Vocabulary(
    {
        "fever": FieldType(Type.BOOLEAN),
        "symptoms": FieldType(Type.BOOLEAN, "false"),
        "n": FieldType(Type.INTEGER),
        "staff.missing": FieldType(Type.INTEGER, "false"),
        "body_temperature": FieldType(Type.DECIMAL),
        "onset": FieldType(Type.DATE),
        "contact": FieldType(Type.DATE, "false"),
        "code": FieldType(Type.STRING),
        "__class__": FieldType(Type.STRING, "false"),  # looks like Python; is a name like any other
    },
    {"limit": ParameterValues(Type.DECIMAL, ((date(2020, 1, 1), Decimal("37.3"), "notice 1"),))},
)
ROWS: tuple[dict[str, Value | None], ...] = (
    {},
    {
        "fever": True, "symptoms": False, "n": 10**16 - 1, "staff.missing": -3,
        "body_temperature": Decimal("37.300001"), "onset": date.min, "contact": date.max,
        "code": "'; drop table", "__class__": "x",
    },
)  # fmt: skip
_SOUND = (
    "body_temperature >= 37.3 or (symptoms and days_between(onset, as_of) <= 14)",
    "code in ('H1', 'H2') and not n between 1 and 14",
    "add_days(onset, 14) > as_of and onset is not null",
    "least(n, staff.missing, 3) * 2 - -1 <> 5 or greatest(onset, contact) < DATE '2020-02-29'",
    "__class__ = 'O''Neil' and body_temperature * 1.05 < limit + 2",
    "fever = (symptoms or contact is null)",
)
_SIGNS = r"""
( ) , . ; : ' " ` = == <> != < <= > >= + - * / % ^ ~ ! & | && || -- /* */ # @ $ ? \ [ ] { } :: := -> =>
and or not in between is null true false as_of date DATE interval case when then else end select from where
union drop table exec eval import lambda yield await None True self row rules on_day field0 do_min value0
__import__ __builtins__ __subclasses__ os.system copy read_csv pragma attach now() current_date random()
days_between add_days least greatest coalesce cast extract regexp_matches like ilike similar any all exists
0 1 007 1e400 1e3 .5 5. 37.3 9999999999999999 10000000000000000 0x1F 1_000 NaN inf '2020-02-30' 'H1' ''
（ ） ， ＝ ＞＝ ３７．３ ‘H1’ “H1” 体温 ≥ ≠ 😀 ＳＥＬＥＣＴ ﬁ İ ſ K
"""
_UNSEEN = ("\u3000", "\u00a0", "\u200b", "\u202e", "\ufeff", "\x00", "\x1b[2J", "\n", "\r\n", "\t", "\ud800")
_DATES = ("DATE '2020-02-29'", "DATE '2025-02-30'", "DATE '0000-01-01'")
_WORDS = (*_SIGNS.split(), *_UNSEEN, *_DATES, *VOCABULARY.fields, *VOCABULARY.parameters)
_WORLD = frozenset({"KeyError", "get", "toordinal", "on_day", "days"})


def prove(seed: int) -> int:
    """One round."""
    chance = random.Random(seed)
    for _ in range(_EACH):
        answered(_hostile(chance), run=chance.random() < 0.25)
    return _EACH


def answered(text: str, *, run: bool) -> bool:
    """Whether `text` is a rule. Fails when it is neither a sound rule nor soundly refused."""
    try:
        expression = rules.parse(text, VOCABULARY)
    except RuleRefused as refused:
        _soundly_refused(text, refused)
        return False
    _sound(expression.tree)
    again = rules.parse(rules.formatted(expression), VOCABULARY)
    assert rules.digest(again) == rules.digest(expression), f"its form means something else: {text!r}"
    if run:
        _runs(expression)
    return True


def _soundly_refused(text: str, refused: RuleRefused) -> None:
    assert refused.refusals
    for one in refused.refusals:
        assert 0 <= one.span.start <= one.span.end <= len(text), f"refused outside the text: {text!r}"
        lines = text[: one.span.start].split("\n")
        assert (one.line, one.column) == (len(lines), len(lines[-1]) + 1), f"counted wrongly: {text!r}"
        for words in (one.message, one.remedy):
            assert words.en.strip(), f"says nothing: {text!r}"
            assert any("\u4e00" <= letter <= "\u9fff" for letter in words.zh), f"says nothing in Chinese: {text!r}"
            assert (words.zh + words.en).isprintable(), f"repeats what no terminal should get: {text!r}"


def _sound(tree: Node) -> None:
    """Only our own nodes, names of the vocabulary, and no deeper than allowed."""
    for node in walk(tree):
        assert type(node) in get_args(Node)
        if isinstance(node, Field):
            assert node.name in VOCABULARY.fields
        if isinstance(node, Parameter):
            assert node.name in VOCABULARY.parameters
    assert _depth(tree) <= DEEPEST
    assert tree.type is Type.BOOLEAN


def _depth(node: Node) -> int:
    return 1 + max(map(_depth, children(node)), default=0)


def _runs(expression: rules.Expression) -> None:
    function = rules.compile_rules([expression])
    code = getattr(function, "__code__", None)
    assert isinstance(code, CodeType)
    strangers = {name for name in code.co_names if not name.startswith(("do_", "value"))} - _WORLD
    assert not strangers, f"the function reaches for {strangers}"
    for row in ROWS:
        (answer,) = function(row, _DAY)
        assert answer is None or isinstance(answer, bool)
        assert answer is rules.explain(expression, row, _DAY).value


def _hostile(chance: random.Random) -> str:
    match chance.randrange(8):
        case 0 | 1:
            return chance.choice(["", " "]).join(chance.choices(_WORDS, k=chance.randint(0, 14)))
        case 2 | 3:
            return _damaged(chance.choice(_SOUND), chance)
        case 4:
            one, other = chance.choices(_SOUND, k=2)
            return _damaged(f"({one}) {chance.choice(['and', 'or', '='])} ({other})", chance)
        case 5:
            return _endless(chance)
        case 6:
            ranges = (0x80, 0x3000, 0x110000)
            return "".join(chr(chance.randrange(chance.choice(ranges))) for _ in range(chance.randint(0, 40)))
    return _typed(chance)


def _damaged(text: str, chance: random.Random) -> str:
    for _ in range(chance.randint(0, 3)):
        place, end = sorted(chance.randint(0, len(text)) for _ in range(2))
        end = min(end, place + chance.randint(0, 6))
        text = text[:place] + chance.choice(["", " ", chance.choice(_WORDS)]) + text[end:]
    return text


def _endless(chance: random.Random) -> str:
    """More of something than there may be, or just as much."""
    many = chance.choice([DEEPEST - 2, DEEPEST - 1, DEEPEST, DEEPEST + 1, 200, 1_000, LONGEST_TEXT])
    core = chance.choice(["fever", "n = 1", *_SOUND])
    match chance.randrange(6):
        case 0:
            return "(" * many + core + ")" * chance.choice([many, many - 1, many + 1])
        case 1:
            return chance.choice(["not ", "- ", "-", "not("]) * many + core
        case 2:
            return chance.choice([" and ", " or ", " = ", " < ", " is "]).join([core] * many)
        case 3:
            return chance.choice(["+", "*", " - "]).join(["n"] * many) + " > 1"
        case 4:
            return f"n in ({', '.join(map(str, range(many)))})"
    return "least(n, " * many + "n" + ")" * many + " > 1"


_VALUES = (
    "n", "body_temperature", "onset", "code", "fever", "limit", "as_of", "1", "37.3", "'H1'", "null", "true",
    "DATE '2020-03-16'", "days_between(onset, contact)", "add_days(contact, n)", "-n", "(n + 1)", "least(n, 2)",
    "greatest(onset, as_of)", "n * n", "body_temperature * body_temperature",
)  # fmt: skip
_FORMS = (
    "{} = {}", "{} <= {}", "{} between {} and {}", "{} in ({}, {})", "not {}", "{} is null", "{} and {} or {}",
    "{} not in ({})", "({} > {}) <> {}", "{}",
)  # fmt: skip


def _typed(chance: random.Random) -> str:
    """Right in its grammar, rarely in its types."""
    return chance.choice(_FORMS).format(*chance.choices(_VALUES, k=3))
