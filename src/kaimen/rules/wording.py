"""Everything the language says to whoever writes a rule: what is wrong, and what would be right, in two languages."""

from typing import NamedTuple

from kaimen.kit.words import Words
from kaimen.rules.tree import Type

Part = str | int | Words | Type
TYPES = {
    Type.BOOLEAN: Words("是否值", "yes or no"),
    Type.INTEGER: Words("整数", "an integer"),
    Type.DECIMAL: Words("小数", "a decimal"),
    Type.STRING: Words("文字", "text"),
    Type.DATE: Words("日期", "a date"),
}


class Wording(NamedTuple):
    """One complaint: what is wrong and what would be right; `{…}` is filled in."""

    zh: str
    zh_remedy: str
    en: str
    en_remedy: str


_TEXT = {
    "too-long": Wording(
        "规则有 {length} 个字符，最多 {most} 个", "请拆成几条规则",
        "The rule has {length} characters; {most} are allowed", "Split it into several rules",
    ),
    "too-many-tokens": Wording(
        "规则太长：最多 {most} 个词和符号", "请拆成几条规则",
        "The rule is too long: {most} words and signs are allowed", "Split it into several rules",
    ),
    "too-deep": Wording(
        "嵌套太深：最多 {most} 层", "请拆成几条规则",
        "Too many parts inside each other: {most} levels are allowed", "Split it into several rules",
    ),
    "empty": Wording(
        "这里没有规则", "请写一个条件，例如 {example}",
        "There is no rule here", "Write a condition, for example {example}",
    ),
    "wide": Wording(
        "“{text}”不能用在这里", "请用半角，写成 {remedy}",
        "{text} cannot stand here", "Write {remedy}",
    ),
    "unknown-letters": Wording(
        "“{text}”不能用在这里：名称只用英文字母、数字和下划线", "可用的名称：{known}。文字要写在单引号里：'…'",
        "{text} cannot stand here: names are of Latin letters, digits and _", "Known names: {known}. Text goes in '…'",
    ),
    "strange": Wording(
        "不认识符号“{text}”", "{remedy}",
        "The sign {text} means nothing here", "{remedy}",
    ),
    "unclosed": Wording(
        "文字没有收尾的引号", "请在同一行用 ' 收尾；文字里的引号写两个：''",
        "The text has no closing quote", "Close it with ' on the same line; a quote inside is written twice: ''",
    ),
    "string-too-long": Wording(
        "文字太长：最多 {most} 个字符", "请改用代码",
        "The text is too long: {most} characters are allowed", "Use a code",
    ),
    "invisible": Wording(
        "文字里有看不见的字符 {text}", "请删去",
        "The text holds an invisible character, {text}", "Take it out",
    ),
    "number-form": Wording(
        "“{text}”不是这里能写的数", "{remedy}",
        "{text} is no number as it is written here", "{remedy}",
    ),
    "number-too-large": Wording(
        "{text} 太大", "整数小于 10^16；小数小于 10^12，小数点后最多 12 位",
        "{text} is out of range", "An integer is below 10^16; a decimal below 10^12, with 12 places at most",
    ),
    "no-such-day": Wording(
        "没有 {text} 这一天", "日期写成 DATE '2020-03-16'，从 0001-01-01 到 9999-12-31",
        "There is no day {text}", "Write a date as DATE '2020-03-16', from 0001-01-01 to 9999-12-31",
    ),
}  # fmt: skip

_GRAMMAR = {
    "wanted": Wording(
        "这里应是{wanted}，却是 {found}", "{remedy}",
        "{wanted} should stand here, not {found}", "{remedy}",
    ),
    "unexpected": Wording(
        "规则到这里应已结束，却还有 {found}", "用 and 或 or 连接两个条件；一处只写一条规则",
        "The rule should end here; there is still {found}",
        "Join two conditions by and or or; write one rule at a time",
    ),
    "unopened": Wording(
        "多了一个 )", "请删去，或在前面补上 (",
        "There is a ) too many", "Take it out, or put the ( that is missing before it",
    ),
    "unclosed-parenthesis": Wording(
        "这个 ( 没有对应的 )", "请补上 )",
        "This ( has no )", "Put the ) that is missing",
    ),
    "chained": Wording(
        "比较不能连着写", "写成两个条件：a < b and b < c；或 b between a and c",
        "Comparisons cannot be chained", "Write two conditions, a < b and b < c; or b between a and c",
    ),
    "null": Wording(
        "null 不是值，不能比较、列出或计算", "要问有没有，写 {name} is null 或 {name} is not null",
        "null is no value: it cannot be compared, listed or reckoned with",
        "To ask whether there is one, write {name} is null or {name} is not null",
    ),
    "is-what": Wording(
        "is 后面只能是 null 或 not null", "写 x is null 或 x is not null；是否值直接写 x 或 not x",
        "After is only null or not null can stand",
        "Write x is null or x is not null; for yes or no, write x or not x",
    ),
    "null-of": Wording(
        "只能问一个字段有没有（is null）", "请在 is null 前写字段名：{known}",
        "Only a field can be asked for by is null", "Write the name of a field before is null: {known}",
    ),
    "empty-list": Wording(
        "in 后面的括号里没有值", "至少写一个：in ('H1', 'H2')",
        "There is nothing in the list after in", "Write one value at least: in ('H1', 'H2')",
    ),
    "too-many-options": Wording(
        "in 后面最多 {most} 个值", "请改用字段，由数据给出归类",
        "{most} values are allowed after in", "Use a field that says the group",
    ),
    "not-an-option": Wording(
        "in 后面只能写具体的值", "写 in ('H1', 'H2')；与字段或参数比较，写 x = a or x = b",
        "Only written values can stand after in",
        "Write in ('H1', 'H2'); to compare with fields or parameters, write x = a or x = b",
    ),
    "no-such-function": Wording(
        "没有函数 {name}", "{hint}可用的函数：{known}",
        "There is no function {name}", "{hint}Functions: {known}",
    ),
    "argument-count": Wording(
        "{name} 要 {wanted} 个值，这里有 {found} 个", "写成 {example}",
        "{name} takes {wanted} values, here are {found}", "Write {example}",
    ),
    "function-without-call": Wording(
        "{name} 是函数，后面要有括号", "写成 {example}",
        "{name} is a function and needs its values in parentheses", "Write {example}",
    ),
}  # fmt: skip

_MEANING = {
    "no-such-name": Wording(
        "没有叫 {name} 的字段或参数", "{hint}可用的名称：{known}",
        "No field or parameter is called {name}", "{hint}Known names: {known}",
    ),
    "not-boolean": Wording(
        "这里应是条件（是或否），“{text}”却是{type}", "{remedy}",
        "A condition (yes or no) should stand here; {text} is {type}", "{remedy}",
    ),
    "not-wanted": Wording(
        "这里应得出{wanted}，却得出{type}", "请改写，使结果是{wanted}",
        "The answer should be {wanted}; this gives {type}", "Rewrite it so that its answer is {wanted}",
    ),
    "types-differ": Wording(
        "“{left}”是{left_type}，“{right}”是{right_type}，不能比较", "{remedy}",
        "{left} is {left_type} and {right} is {right_type}: they cannot be compared", "{remedy}",
    ),
    "no-order": Wording(
        "{type}没有大小之分", "只能用 = 、<> {also}比较",
        "{type} has no order", "Compare it by = and <> {also}only",
    ),
    "not-a-number": Wording(
        "“{text}”是{type}，不能计算", "+、- 和 * 只用于数；日期用 days_between 和 add_days",
        "{text} is {type}: it cannot be reckoned with",
        "+, - and * are for numbers; for dates use days_between and add_days",
    ),
    "not-a-date": Wording(
        "{name} 这里要日期，“{text}”却是{type}", "日期写成 DATE '2020-03-16'，或用日期字段",
        "{name} takes a date here; {text} is {type}", "Write a date as DATE '2020-03-16', or the name of a date field",
    ),
    "not-days": Wording(
        "{name} 这里要整天数，“{text}”却是{type}", "请写整数",
        "{name} takes whole days here; {text} is {type}", "Write an integer",
    ),
    "not-rankable": Wording(
        "{name} 只比较数或日期，“{text}”是{type}", "请写数或日期，同一种",
        "{name} is of numbers or of dates; {text} is {type}", "Write numbers only, or dates only",
    ),
    "no-list-of": Wording(
        "是否值不用 in", "写 x 或 not x",
        "A yes or no is not looked for in a list", "Write x or not x",
    ),
    "result-too-large": Wording(
        "“{text}”可能有 {digits} 位数、{places} 位小数，最多 {most} 位数、{most_places} 位小数",
        "少乘几个，小数位数少些，或用 least(…, …) 限定大小",
        "{text} may have {digits} digits, {places} of them places; {most} and {most_places} are allowed",
        "Multiply fewer numbers, with fewer places, or bound them by least(…, …)",
    ),
    "wrong-name": Wording(
        "“{name}”不能作名称",
        "名称以英文字母或下划线开头，只含字母、数字和下划线，可用点分段，最多 {most} 个字符，不用 {reserved}",
        "{name} cannot be a name",
        "A name begins with a Latin letter or _, holds letters, digits and _, dots between its parts, "
        "{most} characters at most, and is none of {reserved}",
    ),
    "name-twice": Wording(
        "{name} 既是字段又是参数", "请改一个名称",
        "{name} is both a field and a parameter", "Rename one of them",
    ),
    "dates-of-parameter": Wording(
        "参数 {name} 的日期重复或次序不对", "每个日期一个值，从早到晚",
        "The dates of parameter {name} repeat or are out of order", "Give one value a date, the earliest first",
    ),
    "wrong-value": Wording(
        "{name} 的值 {value} 不是{type}", "{remedy}",
        "The value of {name}, {value}, is not {type}", "{remedy}",
    ),
    "day-needed": Wording(
        "规则要知道日期（as_of），却没有给出", "请给出日期，例如 2020-03-16",
        "The rule asks for the day (as_of), and none was given", "Give a day, for example 2020-03-16",
    ),
    "wrong-line": Wording(
        "这一行读不懂：{what}", "{remedy}",
        "This line cannot be read: {what}", "{remedy}",
    ),
}  # fmt: skip

WORDINGS = _TEXT | _GRAMMAR | _MEANING


def say(code: str, /, **parts: Part) -> tuple[Words, Words]:
    """(what is wrong, what would be right) of the complaint `code`."""
    wording = WORDINGS[code]
    zh = {name: _in(part, "zh") for name, part in parts.items()}
    en = {name: _in(part, "en") for name, part in parts.items()}
    message = Words(wording.zh.format(**zh), _sentence(wording.en.format(**en)))
    return message, Words(wording.zh_remedy.format(**zh), _sentence(wording.en_remedy.format(**en)))


def _in(part: Part, language: str) -> str:
    if isinstance(part, Type):
        part = TYPES[part]
    return part.to(language) if isinstance(part, Words) else str(part)


def _sentence(text: str) -> str:
    """English with a capital, unless it begins with something quoted from the rule."""
    for words in TYPES.values():
        if text.startswith(words.en):
            return text[0].upper() + text[1:]
    return text


def shown(text: str, most: int = 40) -> str:
    """A piece of somebody's text that is safe and short enough to repeat."""
    text = text if len(text) <= most else text[: most - 1] + "…"
    return "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in text)
