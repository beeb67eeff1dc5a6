"""What a gate's rules may speak of: a closed list of facts about one scan, each with its type and what absence means.

Whether somebody comes in or goes out is no fact: leaving is never blocked, so no rule is asked about it. Nothing here
says who somebody is: no rule can be written about one person.
"""

from collections.abc import Mapping

from kaimen.rules import FieldType, Type
from kaimen_gate.wire import COMES_AS, HOW, POSTS

_CLOSED_TEXT, _YES_NO = FieldType(Type.STRING, "false"), FieldType(Type.BOOLEAN, "false")
_MAYBE, _WHOLE = FieldType(Type.BOOLEAN), FieldType(Type.INTEGER)

# In the order of docs/reference/decision.md. "false": what is absent did not happen. Else what is absent is unknown,
# and a rule whose answer is unknown does not hold.
FACTS: Mapping[str, FieldType] = {
    "post": FieldType(Type.STRING),
    "how": FieldType(Type.STRING),
    "manual": _CLOSED_TEXT,
    "pass_trouble": _CLOSED_TEXT,
    "live": _YES_NO,
    "used_again": _YES_NO,
    "revoked": _YES_NO,
    "two_people": _YES_NO,
    "listed": _MAYBE,
    "other_building": _YES_NO,
    "comes_as": _CLOSED_TEXT,
    "assurance": _WHOLE,
    "renewed": _MAYBE,
    "within_window": _MAYBE,
    "open": _YES_NO,
    "floor_allowed": _MAYBE,
    "vehicle": _YES_NO,
    "colour": _CLOSED_TEXT,
    "colours_age": _WHOLE,
    "list_age": _WHOLE,
    "temperature": FieldType(Type.DECIMAL),
    "already_inside": _CLOSED_TEXT,
    "minutes_inside": _WHOLE,
    "lift_full": _YES_NO,
    "lift_goes": _MAYBE,
}
# What speaks against what was shown: the codes of docs/reference/pass.md, and two that only a gate can tell.
TROUBLES = (
    "not-a-pass", "too-long", "trailing-bytes", "altered", "rewritten", "unknown-key", "key-not-in-force", "expired",
    "not-holder", "stale", "ahead", "unknown-card",
)  # fmt: skip
NOBODY = frozenset(TROUBLES) - {"key-not-in-force", "expired", "stale", "ahead"}  # who it is cannot be told
HERE, ELSEWHERE = "here", "elsewhere"
# The values of texts; those of `manual` and `colour` are the pack's.
CODES: Mapping[str, tuple[str, ...]] = {
    "post": POSTS, "how": HOW, "pass_trouble": TROUBLES, "comes_as": COMES_AS, "already_inside": (HERE, ELSEWHERE),
}  # fmt: skip
AGES = ("list_age", "colours_age", "renewed")  # they speak of data, not of anybody
