"""The rule language: text to a typed tree; the tree to a three-valued function, SQL, or JSON; and why. Pure."""

from kaimen.rules.compiling import compile_rules
from kaimen.rules.explaining import Part, explain
from kaimen.rules.formatting import digest, formatted
from kaimen.rules.parsing import Expression, parse
from kaimen.rules.refusals import Refusal, RuleRefused
from kaimen.rules.tree import Span, Type
from kaimen.rules.values import ValueRefused, read_row, read_value
from kaimen.rules.vocabulary import FieldType, ParameterValues, Vocabulary, VocabularyRefused

__all__ = [
    "Expression", "FieldType", "ParameterValues", "Part", "Refusal", "RuleRefused", "Span", "Type", "ValueRefused",
    "Vocabulary", "VocabularyRefused", "compile_rules", "digest", "explain", "formatted", "parse", "read_row",
    "read_value",
]  # fmt: skip
