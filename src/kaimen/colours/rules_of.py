"""A definition's rules as expressions: what they may read, and what each reads."""

from kaimen.colours.terms import StatusDefinition
from kaimen.rules import Expression, FieldType, ParameterValues, Vocabulary, parse
from kaimen.rules.tree import AsOf, Field, IsAbsent, Parameter, walk


def vocabulary_of(definition: StatusDefinition) -> Vocabulary:
    """The fields and dated values the rules may use."""
    return Vocabulary(
        {name: FieldType(one.type, one.absent) for name, one in definition.fields.items()},
        {name: ParameterValues(one.type, one.dated) for name, one in definition.values.items()},
    )


def expressions_of(definition: StatusDefinition) -> tuple[Expression, ...]:
    """Every rule but the last, read. Raises RuleRefused."""
    vocabulary = vocabulary_of(definition)
    return tuple(parse(rule.when, vocabulary) for rule in definition.rules if rule.when is not None)


def read_by(expression: Expression) -> frozenset[str]:
    """The fields a rule reads."""
    return frozenset(node.name for node in walk(expression.tree) if isinstance(node, Field))


def moves_with_time(expression: Expression) -> bool:
    """Whether its answer may change from one day to the next on the same row."""
    return any(
        isinstance(node, AsOf) or (isinstance(node, Parameter) and _changes(expression, node.name))
        for node in walk(expression.tree)
    )


def reads_absence(expression: Expression) -> bool:
    """Whether it may begin to hold because evidence is gone."""
    return any(
        isinstance(node, IsAbsent) or (isinstance(node, Field) and node.absent == "false")
        for node in walk(expression.tree)
    )


def _changes(expression: Expression, name: str) -> bool:
    return len(expression.vocabulary.parameters[name].dated) > 0
