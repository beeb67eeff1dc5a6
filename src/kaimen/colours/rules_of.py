"""A definition's rules as expressions: what they may read, what each reads, what evidence alone can reach."""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

from kaimen.colours.terms import StatusDefinition
from kaimen.rules import Expression, FieldType, ParameterValues, Vocabulary, parse
from kaimen.rules.tree import AsOf, Compare, Field, IsAbsent, Node, Parameter, walk


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


def alone(expression: Expression, known: frozenset[str]) -> Expression:
    """The same rule where nothing is known but the fields `known`: fails only when it fails whatever the others are."""

    def blind(node: Node) -> Node:
        if isinstance(node, IsAbsent) and node.operand.name not in known:
            anything = replace(node.operand, absent="unknown")
            return Compare("=", anything, anything, node.span)
        return replace(node, absent="unknown") if isinstance(node, Field) else node

    vocabulary = Vocabulary(
        {name: FieldType(one.type) for name, one in expression.vocabulary.fields.items()},
        expression.vocabulary.parameters,
    )
    return Expression(expression.text, _mapped(expression.tree, blind), vocabulary)


def _mapped(node: Node, change: Callable[[Node], Node]) -> Node:
    """The tree with every node changed, from the top."""
    changed = change(node)
    if changed is not node:
        return changed
    kind: Any = type(node)
    mapped: Node = kind(**{field.name: _below(getattr(node, field.name), change) for field in fields(node)})
    return mapped


def _below(value: object, change: Callable[[Node], Node]) -> object:
    if isinstance(value, tuple):
        return tuple(_below(one, change) for one in value)
    return _mapped(value, change) if isinstance(value, Node) else value


def _changes(expression: Expression, name: str) -> bool:
    return len(expression.vocabulary.parameters[name].dated) > 0
