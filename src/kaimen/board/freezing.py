"""The evening's picture (定格): made once, signed, recorded in the log, never changed.

It is of the moment of the cut-off, whenever it is made: facts that keep their history (lists, evidence, days of return,
entries) are asked as they stood then. What was corrected in between cannot be told apart, so the picture also says
when it was really made, and names the sources that had been silent.
"""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from kaimen.board import colouring, evening, queries, rollup, rules_in_force, standing, tally
from kaimen.board.drawn import underlay
from kaimen.board.models import PlaceColour, Snapshot
from kaimen.board.picture import VERSION, BuildingSeen, Fraction, LateSource, Picture, milliseconds
from kaimen.colours import leaves
from kaimen.colours.definitions import StatusDefinition
from kaimen.colours.places import UNKNOWN, Judged
from kaimen.gate import queries as gate
from kaimen.gate.models import Node
from kaimen.kit import clock
from kaimen.kit.keys import PublicKey, SigningKey
from kaimen.kit.words import Words
from kaimen.ledger import actions as ledger
from kaimen.ledger.models import Tree
from kaimen.register import packs_in_force
from kaimen.register.models import InstalledPack

_SILENT = timedelta(minutes=15)  # a source not heard for so long before the cut-off is late


class TooEarly(ValueError):
    """The day is not over: its picture would be of a moment that has not come."""


def key() -> SigningKey:
    """The key that signs pictures."""
    return SigningKey.kept_at(settings.KEYS / "board")


def freeze(day: date) -> Snapshot:
    """The picture of `day`: made now where there is none, however late; else the one there is.

    Raises TooEarly before the cut-off, NoPack.
    """
    known = Snapshot.objects.filter(day=day).first()
    if known is not None:
        return known
    at = clock.now()
    due = evening.due_on(day)
    if at < due:
        raise TooEarly(f"the picture of {day} freezes at {due:%H:%M}; it is not yet that late")
    picture = compose(day, due, at)
    content, signer = picture.to_bytes(), key()
    digest = hashlib.sha256(content).digest()
    try:
        with transaction.atomic():
            return Snapshot.objects.create(
                day=day, due_at=due, made_at=at, content=content, digest=digest, signature=signer.sign(content),
                key=signer.public.raw, leaf=_recorded(picture, digest),
            )  # fmt: skip
    except IntegrityError:  # another worker was first: its picture stands, and our leaf went with the transaction
        return Snapshot.objects.get(day=day)


def _recorded(picture: Picture, digest: bytes) -> UUID:
    """Its leaf: the digest for everybody, what was judged for whoever may judge it again."""
    said = {
        "status": standing.BUILDING, "due": milliseconds(picture.due),
        "rules": picture.rules.digest if picture.rules else None,
        "buildings": [[one.code, one.colour, one.rule, dict(one.facts)] for one in picture.buildings],
    }  # fmt: skip
    body = leaves.snapshot(picture.day.isoformat(), digest, said)
    return ledger.record(body.kind, body.public, secret=body.secret)


def sound(snapshot: Snapshot) -> bool:
    """Whether the bytes are those that were signed, by the key beside them, with the digest the log has."""
    content = bytes(snapshot.content)
    public = PublicKey.from_raw(bytes(snapshot.key))
    same = hashlib.sha256(content).digest() == bytes(snapshot.digest)
    return same and public.verifies(bytes(snapshot.signature), content)


def compose(day: date, due: datetime, made: datetime) -> Picture:
    """Put together the picture of `day` as of `due`. Raises NoPack."""
    try:
        definition = rules_in_force.definition(due)
    except rules_in_force.NoRules:
        definition = None
    rules = rules_in_force.said(definition) if definition else None
    if definition is not None:
        ledger.publish(definition.text)  # whoever replays the picture finds its rules by their digest
    buildings = _buildings(day, due, definition)
    colours = [colour for colour, _title in rules.colours] if rules else ["green"]
    tree = Tree.objects.first()
    pack = InstalledPack.objects.first()
    if pack is None:
        raise packs_in_force.NoPack("no pack is installed, so there is nothing to freeze")
    return Picture(
        VERSION, day, settings.TIME_ZONE, due, made, rules,
        rollup.areas_of(buildings, queries.known_areas(), colours), tuple(buildings),
        tuple(gate.entries_by_quarter(day, None, before=evening.quarter_of(due))), late_sources(due),
        tree.size if tree else 0, pack.digest, underlay(),
    )  # fmt: skip


def _buildings(day: date, due: datetime, definition: StatusDefinition | None) -> Sequence[BuildingSeen]:
    plots = queries.every_plot()
    codes = [plot.code for plot in plots]
    counted, before = tally.count(due).buildings, standing.in_force(due)
    found = colouring.readings(definition, codes, due) if definition else {}
    inside = gate.inside(day, None, before=evening.quarter_of(due))
    entered = gate.entered(day, None, before=evening.quarter_of(due))
    seen = []
    for plot in plots:
        one, read = counted.get(plot.code, tally.Counted()), found.get(plot.code)
        judged = read.judged if read else Judged(UNKNOWN, 0)
        seen.append(
            BuildingSeen(
                plot.code, plot.title, plot.group, plot.outline, judged.colour, judged.rule,
                _since(before.get(plot.code), judged, due), read.expires if read else None,
                colouring.stored(read.facts) if read else {},
                Fraction(one.firms_open, one.firms), Fraction(one.staff_back, one.staff),
                inside.get(plot.code, 0), entered.get(plot.code, 0), one.expected,
            )
        )  # fmt: skip
    return seen


def _since(before: PlaceColour | None, judged: Judged, due: datetime) -> datetime:
    return before.since if before is not None and before.colour == judged.colour else due


def late_sources(due: datetime) -> tuple[LateSource, ...]:
    """The gates' nodes that had been silent at the cut-off, the longest first."""
    late = [
        LateSource(Words(state.node.name, state.node.name), state.heard)
        for state in gate.node_states(Node.objects.all())
        if not state.revoked and (state.heard is None or state.heard < due - _SILENT)
    ]
    return tuple(sorted(late, key=lambda one: (one.heard is not None, one.heard, one.title.zh)))
