"""The rules by which buildings have their colours: published by the authorities, or as the pack in force has them."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from kaimen.board import evidence, facts
from kaimen.board.access import SEE_HEALTH
from kaimen.board.picture import FactSaid, Rules, RuleSaid
from kaimen.board.standing import BUILDING
from kaimen.colours.definitions import StatusDefinition, read_text
from kaimen.colours.places import fields_read
from kaimen.kit import clock
from kaimen.register import packs_in_force
from kaimen.status.models import RulesVersion

_FILE = f"status/{BUILDING}.yaml"


class NoRules(LookupError):
    """Neither the authorities nor the pack in force say how a building gets its colour."""


def definition(at: datetime) -> StatusDefinition:
    """The rules that hold at a moment (aware). Raises NoRules, NoPack."""
    return read(_text(at))


def _text(at: datetime) -> bytes:
    published = RulesVersion.objects.filter(status=BUILDING, effective__lte=at).first()
    if published is not None:
        return bytes(published.text)
    text = packs_in_force.pack().files.get(_FILE)
    if text is None:
        raise NoRules(f"the pack in force has no {_FILE}, and no rules of buildings were published")
    return text


@lru_cache(maxsize=8)
def read(text: bytes) -> StatusDefinition:
    """The definition in a text. Raises NotADefinition."""
    return read_text(_FILE, text)


def of_buildings() -> Rules | None:
    """What pages say of the rules in force now; None where there are none."""
    try:
        return said(definition(clock.now()))
    except (NoRules, packs_in_force.NoPack):
        return None


@lru_cache(maxsize=8)
def _said(text: bytes) -> Rules:
    rules = read(text)
    return Rules(
        rules.slug, rules.digest,
        tuple((one.slug, one.title) for one in rules.colours.values()),
        tuple(
            RuleSaid(one.slug, one.colour, one.title, one.says, one.what_next, one.clause, one.when or "", reads)
            for one, reads in zip(rules.rules, fields_read(rules), strict=True)
        ),
        tuple(
            FactSaid(name, str(one.type), one.title, tuple(one.codes.items()), _seen_with(rules, name))
            for name, one in sorted(rules.fields.items())
        ),
    )  # fmt: skip


def said(rules: StatusDefinition) -> Rules:
    """What a picture keeps of a definition."""
    return _said(rules.text)


def _seen_with(rules: StatusDefinition, name: str) -> str:
    if name in known():
        return known()[name].seen_with
    return SEE_HEALTH if rules.field_kinds.get(name) in evidence.HEALTH else ""


def known() -> Mapping[str, facts.Fact]:
    """The facts that have a provider."""
    return {one.name: one for one in facts.every()}
