"""The rules by which buildings have their colours: those that two authorities published in the activation in force.

Nothing else makes a colour: not the pack's own text, and not a row that somebody wrote into a table.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from django.utils.translation import gettext as _

from kaimen.board import evidence, facts
from kaimen.board.access import SEE_HEALTH
from kaimen.board.picture import FactSaid, Rules, RuleSaid
from kaimen.board.standing import BUILDING
from kaimen.colours.definitions import NotADefinition, StatusDefinition, read_text
from kaimen.colours.moments import moment, when
from kaimen.colours.places import fields_read
from kaimen.kit import clock
from kaimen.register import packs_in_force
from kaimen.status import activations, trusted

_FILE = f"status/{BUILDING}.yaml"


class NoRules(LookupError):
    """No rules of buildings are in force; the message says why, in the reader's language."""


def definition(at: datetime) -> StatusDefinition:
    """The rules that hold at a moment (aware), as two authorities signed them. Raises NoRules."""
    genesis = activations.in_force()
    if genesis is None:
        raise NoRules(_("No legal activation is in force, so buildings have no colours."))
    try:
        found = trusted.rules_at(trusted.trust_in(genesis), BUILDING, moment(at))
    except (LookupError, NotADefinition) as error:
        raise NoRules(_("The text of the published rules of buildings is gone, so nothing is judged by it.")) from error
    if found is None:
        raise NoRules(_("No rules of buildings have been published yet, so buildings have no colours."))
    return found


def of_day(begins: datetime, ends: datetime) -> StatusDefinition | None:
    """The rules that say when a day (from and to these moments) freezes; None where none do."""
    genesis = activations.in_force()
    if genesis is None:
        return None
    digest = trusted.trust_in(genesis).rules_of_day(BUILDING, moment(begins), moment(ends))
    try:
        return trusted.read_rules(BUILDING, digest) if digest is not None else None
    except (LookupError, NotADefinition):
        return None


def since() -> datetime | None:
    """From when on rules of buildings have been in force in this activation; None where none are."""
    genesis = activations.in_force()
    published = trusted.trust_in(genesis).published.get(BUILDING) if genesis is not None else None
    return when(published[0][0]) if published and published[0][0] <= moment(clock.now()) else None


def why_none() -> str:
    """Why no rules of buildings are in force now; nothing when some are."""
    try:
        definition(clock.now())
    except NoRules as error:
        return str(error)
    return ""


def of_pack() -> StatusDefinition | None:
    """What the pack in force would have published: it makes no colour, but says when the picture freezes."""
    try:
        return next((one for one in packs_in_force.pack().all(StatusDefinition) if one.slug == BUILDING), None)
    except packs_in_force.NoPack:
        return None


@lru_cache(maxsize=8)
def read(text: bytes) -> StatusDefinition:
    """The definition in a text. Raises NotADefinition."""
    return read_text(_FILE, text)


def of_buildings() -> Rules | None:
    """What pages say of the rules in force now; None where there are none."""
    try:
        return said(definition(clock.now()))
    except NoRules:
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
