"""Text to expression: read by our own small grammar, which is all there is to a rule's text."""

from dataclasses import dataclass

from kaimen.rules.building import Building
from kaimen.rules.grammar import Grammar
from kaimen.rules.hints import names_of
from kaimen.rules.limits import MOST_REFUSALS
from kaimen.rules.refusals import RuleRefused
from kaimen.rules.tokens import tokens
from kaimen.rules.tree import Node, Type
from kaimen.rules.vocabulary import Vocabulary


@dataclass(frozen=True)
class Expression:
    """A rule that was read and checked."""

    text: str
    tree: Node
    vocabulary: Vocabulary


def parse(text: str, vocabulary: Vocabulary, wants: Type = Type.BOOLEAN) -> Expression:
    """Read a rule. Its answer is of type `wants`; an integer will do where a decimal is wanted.

    Raises RuleRefused with every mistake that was found.
    """
    building = Building(text, vocabulary)
    piece = Grammar(tokens(text, names_of(vocabulary)), building).whole()
    building.wanted(piece, wants)
    if building.refusals or piece.node is None:
        told = sorted(building.refusals, key=lambda one: (one.span.start, one.span.end))
        raise RuleRefused(tuple(told[:MOST_REFUSALS]))
    return Expression(text, piece.node, vocabulary)
