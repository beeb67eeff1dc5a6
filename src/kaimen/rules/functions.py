"""The functions and operators of the language: names, how many values they take, what they mean."""

from dataclasses import dataclass

from kaimen.kit.words import Words
from kaimen.rules.limits import MOST_OPTIONS


@dataclass(frozen=True, slots=True)
class Function:
    """One function. From `least` to `most` values."""

    name: str
    least: int
    most: int
    example: str
    gives: str
    meaning: Words

    @property
    def count(self) -> Words:
        """How many values it takes, in words."""
        if self.least == self.most:
            return Words(str(self.least), str(self.least))
        return Words(f"至少 {self.least}", f"at least {self.least}")


FUNCTIONS = (
    Function("days_between", 2, 2, "days_between(onset, as_of)", "integer", Words(
        "从前一个日期到后一个日期的整天数；次序相反时为负",
        "Whole days from the first date to the second; negative when it is the other way round",
    )),
    Function("add_days", 2, 2, "add_days(onset, 14)", "date", Words(
        "日期之后若干整天的那一天；负数往前。超出 0001-01-01 至 9999-12-31 为待核",
        "The date so many whole days later; earlier when negative. Unknown outside 0001-01-01 to 9999-12-31",
    )),
    Function("least", 2, MOST_OPTIONS, "least(n, 30)", "the type of its values", Words(
        "最小的数，或最早的日期；有一个待核则待核",
        "The smallest number or the earliest date; unknown when one of them is",
    )),
    Function("greatest", 2, MOST_OPTIONS, "greatest(onset, contact)", "the type of its values", Words(
        "最大的数，或最晚的日期；有一个待核则待核",
        "The greatest number or the latest date; unknown when one of them is",
    )),
)  # fmt: skip
BY_NAME = {one.name: one for one in FUNCTIONS}


@dataclass(frozen=True, slots=True)
class Operator:
    """One way of writing, from what binds most to what binds least."""

    form: str
    example: str
    meaning: Words


OPERATORS = (
    Operator("( )", "(a or b) and c", Words("括号里的先算", "What stands inside comes first")),
    Operator("-n", "-n", Words("负数", "Minus a number")),
    Operator("*", "n * 2", Words("乘", "Product")),
    Operator("+ -", "n + 1", Words("加、减", "Sum and difference")),
    Operator("= <>", "code = 'H1'", Words(
        "相等、不等；也可写 == 和 !=。两边同一种值",
        "Equal, not equal; == and != are taken too. Both sides of one type",
    )),
    Operator("< <= > >=", "x >= 37.3", Words("数或日期的大小", "The order of numbers, or of dates")),
    Operator("in, not in", "code in ('H1', 'H2')", Words("是所列的值之一", "One of the values written")),
    Operator("between, not between", "n between 1 and 14", Words(
        "在两端之间，含两端",
        "Between two ends, both included",
    )),
    Operator("is null, is not null", "onset is null", Words(
        "这一行没有、有这个字段；从不待核",
        "Whether the row lacks the field; never unknown",
    )),
    Operator("not", "not b", Words("是变否，否变是，待核不变", "Yes is no, no is yes, unknown stays")),
    Operator("and", "a and b", Words(
        "有一个否即否，否则有一个待核即待核",
        "One no makes it no; else one unknown makes it unknown",
    )),
    Operator("or", "a or b", Words(
        "有一个是即是，否则有一个待核即待核",
        "One yes makes it yes; else one unknown makes it unknown",
    )),
)  # fmt: skip
