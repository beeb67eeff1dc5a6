"""The name list (名单包) a node is sent: who is expected at a place, and the published rules that decide there."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any, Literal, NamedTuple

from kaimen.kit.keys import PublicKey, SigningKey
from kaimen_gate.wire_fields import (
    CODE,
    NotWire,
    fields,
    list_of,
    map_of,
    millis,
    moment,
    moment_or_none,
    octets,
    opened,
    signed,
    text,
    whole,
    whole_or_none,
    yes_no,
)

Verdict = Literal["enter", "desk", "refuse"]
VERDICTS: tuple[Verdict, ...] = ("enter", "desk", "refuse")
Post = Literal["outdoor", "desk", "lobby", "lift", "entrance"]
POSTS: tuple[Post, ...] = ("outdoor", "desk", "lobby", "lift", "entrance")
ComesAs = Literal["staff", "firm-pass", "resident", "visitor", "courier", "volunteer"]
COMES_AS: tuple[ComesAs, ...] = ("staff", "firm-pass", "resident", "visitor", "courier", "volunteer")
ASSURANCES = 3  # 0 self-declared, 1 phone proved, 2 document seen
CARD_DIGEST = 16  # bytes kept of a card number's digest

_VERSION = 2
_MOST_RULES = 200
_MOST_RIDERS = 1000  # in one lift
_LONGEST_TRIP = 3600  # seconds
_MOST_COLOURS = 4  # two bits each in the published list
_SHORT, _LONG = 5, 10  # fields of somebody who comes as staff, and of everybody else


@dataclass(frozen=True, slots=True)
class Expected:
    """One person a place expects: the pass's index, what the guard may read, the last four of the ID."""

    index: int
    name: str
    organisation: int  # position in Snapshot.organisations
    floor: str
    id_tail: str
    comes_as: ComesAs = "staff"
    begins: int | None = None  # epoch seconds; None: as the place is open
    ends: int | None = None  # epoch seconds, not included
    host: str = ""  # whom a visitor comes to see
    assurance: int = 0  # how sure it is who this is; see ASSURANCES


class PassKey(NamedTuple):
    """A key that signs passes (compressed point), and when its passes count; `ends` is not included."""

    raw: bytes
    begins: datetime | None = None
    ends: datetime | None = None


class Rule(NamedTuple):
    """One published rule: when it holds, this is the reason, and the answer if no rule before it answered."""

    reason: str
    verdict: Verdict | None  # None: the reason is noted, and the next rule is asked
    when: dict[str, Any] | None  # `kaimen.rules.as_json` without parameters; None: always


def card_digest(building: str, number: str) -> bytes:
    """What stands for the number of an IC or lift card in the lists of a building: nobody reads the number there."""
    return hashlib.sha256(b"kaimen card 1\0" + building.encode() + b"\0" + number.encode()).digest()[:CARD_DIGEST]


@dataclass(frozen=True, slots=True)
class Card:
    """An IC or lift card: the digest of its number, and the pass it stands for."""

    digest: bytes
    index: int


@dataclass(frozen=True, slots=True)
class Lift:
    """What a lift carries and where it goes; no floors: everywhere."""

    capacity: int
    floors: tuple[str, ...] = ()
    trip: int = 60  # seconds after which one that nobody reported gone is taken to have gone


class Manual(NamedTuple):
    """A coded reason for which a guard may enter somebody by hand, with its name in zh-Hans and en."""

    code: str
    zh: str
    en: str


Asks = Literal["", "host", "document"]
ASKS: tuple[Asks, ...] = ("", "host", "document")


class Override(NamedTuple):
    """A coded reason for which somebody is let in all the same, and which reasons against them it answers."""

    code: str
    zh: str
    en: str
    asks: Asks  # what the guard has to give: a host's name, a document that was seen
    lifts: tuple[str, ...]  # reasons


@dataclass(frozen=True)
class Snapshot:
    """The name list of one place: everything a node needs to decide there."""

    place: str  # the place's code
    title: tuple[str, str]  # zh-Hans, en
    version: int
    made_at: datetime
    opens: str  # local wall time "06:00"; leaving is never bound to it
    closes: str
    zone: str  # IANA name of the wall time's zone
    keys: tuple[PassKey, ...]
    organisations: tuple[tuple[str, str, bool], ...]  # zh-Hans, en, whether its list was renewed for today
    people: tuple[Expected, ...]
    revoked: frozenset[int]
    words: dict[str, tuple[str, str, str, str]]  # reason → guard zh, guard en, person zh, person en
    colours: tuple[str, ...] = ()  # the name of each published value, the usual first; none: no colour is asked for
    post: Post = "entrance"
    rules: tuple[Rule, ...] = ()  # in order; none: the node's own
    parameters: dict[str, dict[str, Any]] = field(default_factory=dict)  # as `as_json` writes them: type and dates
    cards: tuple[Card, ...] = ()  # by digest
    supervisors: frozenset[int] = frozenset()  # passes whose live phone code may countersign a refusal
    lift: Lift | None = None
    manual: tuple[Manual, ...] = ()
    overrides: tuple[Override, ...] = ()
    building: str = ""  # code of the place one is inside of behind this gate; empty: the place itself


def write_snapshot(snapshot: Snapshot, key: SigningKey) -> bytes:
    """The signed bytes of a name list."""
    return signed(key, b"snapshot", {
        "v": _VERSION, "place": snapshot.place, "title": list(snapshot.title), "version": snapshot.version,
        "made_at": millis(snapshot.made_at), "opens": snapshot.opens, "closes": snapshot.closes,
        "zone": snapshot.zone, "keys": [_written_key(key) for key in snapshot.keys],
        "organisations": [list(o) for o in snapshot.organisations],
        "people": [_written_person(person) for person in snapshot.people],
        "revoked": sorted(snapshot.revoked), "words": {k: list(w) for k, w in snapshot.words.items()},
        "colours": list(snapshot.colours), "post": POSTS.index(snapshot.post),
        "rules": [_written_rule(rule) for rule in snapshot.rules], "parameters": snapshot.parameters,
        "cards": [[card.digest, card.index] for card in snapshot.cards], "supervisors": sorted(snapshot.supervisors),
        "lift": _written_lift(snapshot.lift), "manual": [list(one) for one in snapshot.manual],
        "overrides": [[one.code, one.zh, one.en, ASKS.index(one.asks), list(one.lifts)] for one in snapshot.overrides],
        "building": snapshot.building,
    })  # fmt: skip


def read_snapshot(data: bytes, centre: PublicKey) -> Snapshot:
    """Verify and parse a name list. Raises NotWire.

    The trees of its rules are only looked at where they are compiled (`place_list.PlaceList`).
    """
    body = opened(data, b"snapshot", centre, _VERSION)
    try:
        organisations = tuple(_organisation(o) for o in list_of(body["organisations"]))
        zh, en = fields(body["title"], 2)
        return Snapshot(
            text(body["place"], CODE), (text(zh), text(en)), whole(body["version"]), moment(body["made_at"]),
            text(body["opens"]), text(body["closes"]), text(body["zone"]), tuple(map(_key, list_of(body["keys"]))),
            organisations, tuple(_expected(p, len(organisations)) for p in list_of(body["people"])),
            _increasing(body["revoked"]), _words(body["words"]), _colours(body["colours"]),
            POSTS[whole(body["post"], len(POSTS))], _rules(body["rules"]),
            {name: map_of(one) for name, one in map_of(body["parameters"]).items()}, _cards(body["cards"]),
            _increasing(body["supervisors"]), _lift(body["lift"]),
            tuple(_manual(one) for one in list_of(body["manual"])),
            tuple(_override(one) for one in list_of(body["overrides"])), text(body["building"], CODE),
        )  # fmt: skip
    except KeyError as error:
        raise NotWire(f"not a snapshot of version {_VERSION}: it has no {error}") from error


def _written_key(key: PassKey) -> list[Any]:
    return [key.raw, *(None if at is None else millis(at) for at in (key.begins, key.ends))]


def _key(value: Any) -> PassKey:
    raw, begins, ends = fields(value, 3)
    return PassKey(octets(raw, 33), moment_or_none(begins), moment_or_none(ends))


def _written_person(one: Expected) -> list[Any]:
    """Staff without more, as most are, are five fields; one person has one encoding."""
    row = [one.index, one.name, one.organisation, one.floor, one.id_tail]
    more = [COMES_AS.index(one.comes_as), one.begins, one.ends, one.host, one.assurance]
    return row if more == [0, None, None, "", 0] else row + more


def _expected(value: Any, organisations: int) -> Expected:
    long = type(value) is list and len(value) == _LONG
    index, name, organisation, floor, id_tail, *more = fields(value, _LONG if long else _SHORT)
    short = whole(index), text(name), whole(organisation, organisations), text(floor), text(id_tail)
    if not long:
        return Expected(*short)
    comes_as, begins, ends, host, assurance = more
    person = Expected(
        *short, COMES_AS[whole(comes_as, len(COMES_AS))], whole_or_none(begins), whole_or_none(ends), text(host),
        whole(assurance, ASSURANCES),
    )  # fmt: skip
    if person == Expected(*short):
        raise NotWire("staff without more are written in five fields")
    return person


def _written_rule(rule: Rule) -> list[Any]:
    return [rule.reason, None if rule.verdict is None else VERDICTS.index(rule.verdict), rule.when]


def _rules(value: Any) -> tuple[Rule, ...]:
    given = list_of(value)
    if len(given) > _MOST_RULES:
        raise NotWire(f"more than {_MOST_RULES} rules")
    return tuple(_rule(one) for one in given)


def _rule(value: Any) -> Rule:
    reason, verdict, when = fields(value, 3)
    answer = None if verdict is None else VERDICTS[whole(verdict, len(VERDICTS))]
    return Rule(text(reason, CODE), answer, None if when is None else map_of(when))


def _cards(value: Any) -> tuple[Card, ...]:
    cards = []
    for one in list_of(value):
        digest, index = fields(one, 2)
        cards.append(Card(octets(digest, CARD_DIGEST), whole(index)))
    if any(one.digest >= other.digest for one, other in pairwise(cards)):
        raise NotWire("cards stand in the order of their digests, each once")
    return tuple(cards)


def _written_lift(lift: Lift | None) -> list[Any] | None:
    return None if lift is None else [lift.capacity, list(lift.floors), lift.trip]


def _lift(value: Any) -> Lift | None:
    if value is None:
        return None
    capacity, floors, trip = fields(value, 3)
    if whole(capacity, _MOST_RIDERS) == 0:
        raise NotWire("a lift carries somebody")
    return Lift(capacity, tuple(text(floor) for floor in list_of(floors)), whole(trip, _LONGEST_TRIP))


def _manual(value: Any) -> Manual:
    code, zh, en = fields(value, 3)
    return Manual(text(code, CODE), text(zh), text(en))


def _override(value: Any) -> Override:
    code, zh, en, asks, lifts = fields(value, 5)
    reasons = tuple(text(reason, CODE) for reason in list_of(lifts))
    return Override(text(code, CODE), text(zh), text(en), ASKS[whole(asks, len(ASKS))], reasons)


def _colours(value: Any) -> tuple[str, ...]:
    names = tuple(text(name, CODE) for name in list_of(value))
    if len(names) > _MOST_COLOURS or len(set(names)) != len(names):
        raise NotWire(f"at most {_MOST_COLOURS} colours, each of its own name")
    return names


def _increasing(value: Any) -> frozenset[int]:
    numbers = [whole(one) for one in list_of(value)]
    if any(one >= other for one, other in pairwise(numbers)):
        raise NotWire("pass indexes stand in order, each once")
    return frozenset(numbers)


def _organisation(value: Any) -> tuple[str, str, bool]:
    zh, en, renewed = fields(value, 3)
    return text(zh), text(en), yes_no(renewed)


def _words(value: Any) -> dict[str, tuple[str, str, str, str]]:
    words = {}
    for reason, said in map_of(value).items():
        guard_zh, guard_en, person_zh, person_en = fields(said, 4)
        words[reason] = (text(guard_zh), text(guard_en), text(person_zh), text(person_en))
    return words
