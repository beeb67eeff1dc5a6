"""Write tests/vectors/gate: what a gate is given, and what it must answer. The same bytes every time.

    python -m tools.gate_vectors

Reason and answer of each step stand here by hand; facts and further reasons are worked out and written beside them.
"""

import base64
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from kaimen.gate.definitions import GateProfile, _profiles
from kaimen.kit import base45
from kaimen.kit.keys import SigningKey
from kaimen.packs import Found, Problem
from kaimen.packs.reading import read
from kaimen.passes import issue, issue_to_phone, show
from kaimen_gate import wire
from tests.vectors.gate.asking import Gate, facts_as_json

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "tests" / "vectors" / "gate"
EIGHT = datetime(2020, 3, 16, 0, 0, tzinfo=UTC)  # 08:00 at the gate
NIGHT = EIGHT - timedelta(hours=5)
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@dataclass(frozen=True)
class FixedKey(SigningKey):
    """A key of these vectors: its signatures are the same every time (RFC 6979)."""

    def sign(self, message: bytes) -> bytes:
        """64 bytes, r then s."""
        der = self._key.sign(message, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
        r, s = decode_dss_signature(der)
        return r.to_bytes(32) + s.to_bytes(32)


def key(number: int) -> FixedKey:
    """The key of this number."""
    return FixedKey(ec.derive_private_key(number, ec.SECP256R1()))


CENTRE, NEXT, PAST, STRANGER, PHONE, OTHER_PHONE = (key(number) for number in range(101, 107))


def profile() -> GateProfile:
    """The gate profile of the template pack."""
    path = ROOT / "packs" / "template" / "gates" / "office-building.yaml"
    found = read("gates/office-building.yaml", path.read_bytes())
    assert not isinstance(found, Problem)
    return next(iter(_profiles(Found("gates/office-building.yaml", "office-building", found.data))))


def seconds(hours: float) -> int:
    """Epoch seconds so many hours after eight."""
    return int((EIGHT + timedelta(hours=hours)).timestamp())


PEOPLE = (
    wire.Expected(11, "王样", 0, "3", "000X"), wire.Expected(12, "李样", 0, "4", "0012"),
    wire.Expected(13, "李样", 1, "9", "0012"), wire.Expected(14, "Zhang Yang", 1, "9", "0014"),
    wire.Expected(15, "赵样", 0, "3", "0015"), wire.Expected(16, "赵样", 0, "3", "0015"),
    wire.Expected(21, "孙样", 0, "3", "0021", "visitor", seconds(-1), seconds(2), "王样", 1),
    wire.Expected(22, "周样", 0, "3", "0022", "visitor", seconds(5), seconds(6), "王样"),
    wire.Expected(23, "吴样", 0, "3", "0023", "firm-pass", None, seconds(240), "", 2),
    wire.Expected(24, "郑样", 0, "", "0024", "courier"), wire.Expected(25, "冯样", 0, "", "0025", "volunteer"),
    wire.Expected(26, "陈样", 0, "5", "0026", "resident", None, None, "", 2),
    *(wire.Expected(30 + n, f"乘客{n}", 0, "3", f"003{n}") for n in range(8)),
    wire.Expected(50, "主管样", 0, "1", "0050"),
)  # fmt: skip


def lists() -> dict[str, wire.Snapshot]:
    """The name lists of the vectors, by name."""
    said = profile()
    entrance = wire.Snapshot(
        "harbour-east", ("港湾东门", "Harbour, east gate"), 1, EIGHT - timedelta(hours=3), "06:00", "22:00",
        "Asia/Shanghai",
        (wire.PassKey(CENTRE.public.raw), wire.PassKey(NEXT.public.raw, EIGHT + timedelta(days=1)),
         wire.PassKey(PAST.public.raw, None, EIGHT - timedelta(days=1))),
        (("渡船厂", "Ferry Works", True), ("灯塔公司", "Lighthouse Co.", False)), PEOPLE, frozenset({15, 99}),
        said.words(), ("green", "red", "yellow"), "entrance", said.wire_rules(), said.wire_parameters(),
        tuple(sorted((wire.Card(wire.card_digest("harbour", number), index)
                      for number, index in (("0412345678", 11), ("04:A2:7F", 99))), key=lambda card: card.digest)),
        frozenset({50}), None, tuple(wire.Manual(code, one.zh, one.en) for code, one in said.manual.items()),
        tuple(wire.Override(code, one.title.zh, one.title.en, one.asks, one.lifts)
              for code, one in said.overrides.items()), "harbour",
    )  # fmt: skip
    return {
        "entrance": entrance,
        "west": replace(entrance, place="harbour-west"),
        "outdoor": replace(entrance, place="harbour-outdoor", post="outdoor"),
        "desk": replace(entrance, place="harbour-desk", post="desk"),
        "lift": replace(entrance, place="harbour-lift", post="lift", lift=wire.Lift(6, ("1", "3", "4"), 60)),
        "quay": replace(entrance, place="quay-north", building="quay", cards=(), people=(
            wire.Expected(61, "钱样", 0, "2", "0061"),)),
        "plain": replace(entrance, rules=(), parameters={}, words={}, overrides=(), manual=()),
    }  # fmt: skip


def card(index: int, by: FixedKey = CENTRE, days: float = 30) -> str:
    """A printed card."""
    return issue(by, index, EIGHT + timedelta(days=days))


def phone(index: int, at: datetime = EIGHT, holder: FixedKey = PHONE, shown_by: FixedKey | None = None) -> str:
    """A phone's code of a moment."""
    token = issue_to_phone(CENTRE, index, EIGHT + timedelta(days=30), holder.public)
    return show(token, shown_by or holder, at)


def raw(code: str) -> bytes:
    """The bytes of a code."""
    return base45.decode(code[4:])


def code_of(data: bytes) -> str:
    """The code of some bytes."""
    return "KM1:" + base45.encode(data)


def mirrored(code: str) -> str:
    """The other signature (r, n − s) over the same pass."""
    data = raw(code)
    return code_of(data[:-32] + (_ORDER - int.from_bytes(data[-32:])).to_bytes(32))


Step = tuple[dict[str, Any], str, str]


class Cases:
    """Cases of one file."""

    def __init__(self, title: str) -> None:
        self.title, self.cases = title, list[dict[str, Any]]()
        self._made = 0

    def add(self, name: str, *steps: Step, lists: tuple[str, ...] = ("entrance",), colours: Any = None) -> None:
        """A case: steps (scan, verdict, reason) that happen one after another at one node that held nothing in mind."""
        self.cases.append({"name": name, "lists": list(lists), "colours": colours, "steps": [
            self._step(scan, verdict, reason) for scan, verdict, reason in steps
        ]})  # fmt: skip

    def _step(self, scan: dict[str, Any], verdict: str, reason: str) -> dict[str, Any]:
        self._made += 1
        said = dict(scan)
        at = said.pop("at", EIGHT)
        number = said.pop("scan", self._made)
        if "after" in said:
            said["after"] = str(UUID(int=said["after"]))
        body = {"id": str(UUID(int=number)), "place": "harbour-east", "direction": "in"} | said
        return {"at": at.isoformat(), "scan": body, "expect": {"verdict": verdict, "reason": reason}}


def passes() -> Cases:
    """Everything that can be wrong with what is shown."""
    of = Cases("What is shown")
    good = card(11)
    changed = raw(good)[:-1] + bytes([raw(good)[-1] ^ 1])
    for name, shown, verdict, reason in (
        ("a card on the list", good, "enter", "on-list"), ("a phone’s fresh code", phone(11), "enter", "on-list"),
        ("a code of another kind", "https://example.org", "refuse", "not-a-pass"),
        ("no base45", "KM1:~~~", "refuse", "not-a-pass"), ("nothing", "", "refuse", "not-a-pass"),
        ("a bomb: far longer than any pass", "KM1:" + "0" * 4000, "refuse", "too-long"),
        ("bytes behind the pass", code_of(raw(good) + b"\0"), "refuse", "trailing-bytes"),
        ("one bit of the signature changed", code_of(changed), "refuse", "altered"),
        ("the pass of somebody else’s index", code_of(raw(good).replace((11).to_bytes(4), (12).to_bytes(4))),
         "refuse", "altered"),
        ("the mirror image of the signature", mirrored(good), "refuse", "rewritten"),
        ("another district’s key", card(11, STRANGER), "refuse", "unknown-key"),
        ("a key that begins tomorrow", card(11, NEXT), "refuse", "key-not-in-force"),
        ("a key that ended yesterday", card(11, PAST), "refuse", "key-not-in-force"),
        ("a card that ended", card(11, days=-1), "refuse", "expired"),
        ("a card in its last second", card(11, days=1 / 86400), "enter", "on-list"),
        ("a card that ends now", card(11, days=0), "refuse", "expired"),
        ("a screenshot of a minute and a second", phone(11, EIGHT - timedelta(seconds=61)), "refuse", "stale"),
        ("a code of a minute, to the second", phone(11, EIGHT - timedelta(seconds=60)), "enter", "on-list"),
        ("a phone whose clock runs 31 seconds ahead", phone(11, EIGHT + timedelta(seconds=31)), "desk", "ahead"),
        ("a token another phone signs", phone(11, shown_by=OTHER_PHONE), "refuse", "not-holder"),
        ("a pass that was taken back", card(99), "refuse", "revoked"),
        ("a revoked pass that ended too", card(99, days=-1), "refuse", "expired"),
        ("a pass of nobody on this list", card(77), "desk", "not-on-list"),
    ):  # fmt: skip
        of.add(name, ({"code": shown}, verdict, reason))
    of.add("expected in another building of this node", ({"code": card(61)}, "desk", "other-building"),
           lists=("entrance", "quay"))  # fmt: skip
    of.add("another building that this node knows nothing of", ({"code": card(61)}, "desk", "not-on-list"))
    of.add("an IC card", ({"card": "0412345678"}, "enter", "on-list"))
    of.add("an IC card of a revoked pass", ({"card": "04:A2:7F"}, "refuse", "revoked"))
    of.add("an IC card that nobody registered", ({"card": "0499999999"}, "desk", "unknown-card"))
    return of


def people() -> Cases:
    """Names, hours and ways of coming."""
    of = Cases("Who comes, and when")
    for name, tail, verdict, reason in (
        ("王样", "000X", "enter", "on-list"), (" 王 样 ", "000x", "enter", "on-list"),
        ("zhang yang", "0014", "enter", "on-list"), ("王样", "0001", "desk", "not-on-list"),
        ("李样", "0012", "desk", "two-people"), ("赵样", "0015", "enter", "on-list"),
    ):  # fmt: skip
        of.add(f"{name.strip()} {tail} by name", ({"name": name, "tail": tail}, verdict, reason))
    for index, verdict, reason in (
        (21, "enter", "invited"), (22, "desk", "outside-window"), (23, "enter", "firm-pass"),
        (24, "desk", "goods-at-desk"), (25, "enter", "volunteer"), (26, "enter", "resident"),
    ):  # fmt: skip
        of.add(f"pass {index}: {reason}", ({"code": card(index)}, verdict, reason))
    of.add(
        "a visitor after the window", ({"code": card(21), "at": EIGHT + timedelta(hours=2)}, "desk", "outside-window")
    )
    of.add("05:59", ({"code": card(11), "at": EIGHT - timedelta(minutes=121)}, "desk", "outside-hours"))
    of.add("06:00", ({"code": card(11), "at": EIGHT - timedelta(minutes=120)}, "enter", "on-list"))
    of.add("22:00", ({"code": card(11), "at": EIGHT + timedelta(hours=14)}, "desk", "outside-hours"))
    of.add("a firm that did not renew its list: noted", ({"code": card(14)}, "enter", "on-list"))
    of.add(
        "a list of five days: old is no reason",
        ({"code": card(11), "at": EIGHT + timedelta(days=5)}, "enter", "on-list"),
    )
    of.add("a place whose list never came", ({"code": card(11)}, "desk", "no-list"), lists=())
    of.add(
        "a place that published no rules: the node’s own", ({"code": card(11)}, "enter", "on-list"), lists=("plain",)
    )
    of.add("the node’s own rules, a revoked pass", ({"code": card(99)}, "refuse", "revoked"), lists=("plain",))
    for name, shown in (
        ("a good card", {"code": card(11)}), ("a revoked pass", {"code": card(99)}), ("rubbish", {"code": ""}),
        ("nobody", {"name": "没有", "tail": "0000"}), ("a fever", {"code": card(11), "temperature": "39.5"}),
    ):  # fmt: skip
        of.add(f"leaving by night with {name}", (shown | {"direction": "out", "at": NIGHT}, "enter", "left"))
    of.add("leaving where no list came", ({"code": card(11), "direction": "out"}, "enter", "left"), lists=())
    return of


def readings() -> Cases:
    """Temperature, colours, posts, lifts."""
    of = Cases("Readings, colours, posts and lifts")
    for degrees, verdict, reason in (("37.2", "enter", "on-list"), ("37.3", "desk", "fever"), ("41", "desk", "fever")):
        of.add(f"{degrees} degrees", ({"code": card(11), "temperature": degrees}, verdict, reason))
    of.add("a fever of somebody who is not listed", ({"code": card(77), "temperature": "38.0"}, "desk", "not-on-list"))
    fresh = {"as_of": (EIGHT - timedelta(hours=1)).isoformat(), "values": {"11": 1, "12": 2, "77": 1, "13": 3}}
    old = fresh | {"as_of": (EIGHT - timedelta(hours=24)).isoformat()}
    for index, verdict, reason in (
        (11, "refuse", "colour-refused"), (12, "desk", "colour-desk"), (14, "enter", "on-list"),
        (77, "desk", "not-on-list"), (13, "enter", "on-list"),
    ):  # fmt: skip
        of.add(f"pass {index} by colour", ({"code": card(index)}, verdict, reason), colours=fresh)
    of.add("red, and leaving", ({"code": card(11), "direction": "out"}, "enter", "left"), colours=fresh)
    of.add("red by a list that is too old to act on", ({"code": card(11)}, "desk", "colours-old"), colours=old)
    of.add("no list of colours proved itself", ({"code": card(11)}, "enter", "on-list"))
    at = {"place": "harbour-outdoor"}
    of.add("a stranger’s car at the outdoor post",
           (at | {"code": card(77), "vehicle": True}, "desk", "vehicle-sent-on"), lists=("outdoor",))  # fmt: skip
    of.add("a stranger at the outdoor post", (at | {"code": card(77)}, "desk", "sent-on"), lists=("outdoor",))
    of.add("staff by car", (at | {"code": card(11), "vehicle": True}, "enter", "on-list"), lists=("outdoor",))
    of.add("a courier goes on to the desk", (at | {"code": card(24)}, "enter", "on-list"), lists=("outdoor",))
    desk = {"place": "harbour-desk"}
    of.add("the desk measures first", (desk | {"code": card(11)}, "desk", "measure-first"),
           (desk | {"code": card(11), "temperature": "36.4"}, "enter", "on-list"), lists=("desk",))  # fmt: skip
    lift = {"place": "harbour-lift"}
    six: list[Step] = [(lift | {"code": card(30 + n)}, "enter", "on-list") for n in range(6)]
    seventh = lift | {"code": card(36)}
    of.add("a seventh waits, until one steps out", *six, (seventh, "desk", "lift-full"),
           (lift | {"code": card(30), "direction": "out"}, "enter", "left"), (seventh, "enter", "on-list"),
           lists=("lift",))  # fmt: skip
    of.add("a minute later the lift has gone", *six,
           (seventh | {"at": EIGHT + timedelta(seconds=60)}, "enter", "on-list"), lists=("lift",))  # fmt: skip
    of.add("a lift that does not go there", (lift | {"code": card(14)}, "desk", "other-lift"), lists=("lift",))
    of.add(
        "not the floor of the firm", (lift | {"code": card(11), "floor": "4"}, "desk", "other-floor"), lists=("lift",)
    )
    of.add("the floor of the firm", (lift | {"code": card(11), "floor": "3"}, "enter", "on-list"), lists=("lift",))
    return of


def _later(minutes: int) -> dict[str, Any]:
    return {"at": EIGHT + timedelta(minutes=minutes)}


def again() -> Cases:
    """Anti-passback and codes used again."""
    of = Cases("The same pass again")
    of.add("a card handed back over the barrier", ({"code": card(11)}, "enter", "on-list"),
           ({"code": card(11)} | _later(3), "desk", "inside-already"))  # fmt: skip
    of.add("left, and back", ({"code": card(11)}, "enter", "on-list"),
           ({"code": card(11), "direction": "out"} | _later(2), "enter", "left"),
           ({"code": card(11)} | _later(3), "enter", "on-list"))  # fmt: skip
    of.add("back by this gate after ten minutes: it may have left by another", ({"code": card(11)}, "enter", "on-list"),
           ({"code": card(11)} | _later(10), "enter", "on-list"))  # fmt: skip
    of.add(
        "in by the east gate, then by the west: noted",
        ({"code": card(11)}, "enter", "on-list"),
        ({"code": card(11), "place": "harbour-west"} | _later(1), "enter", "on-list"),
        lists=("entrance", "west"),
    )
    of.add("the same scan sent twice is no second one", ({"code": card(11), "scan": 901}, "enter", "on-list"),
           ({"code": card(11), "scan": 901}, "enter", "on-list"))  # fmt: skip
    of.add("a phone’s code used again within its minute", ({"code": phone(11)}, "enter", "on-list"),
           ({"code": phone(11), "at": EIGHT + timedelta(seconds=20)}, "desk", "used-again"))  # fmt: skip
    of.add(
        "a fresh code of the same phone",
        ({"code": phone(11)}, "enter", "on-list"),
        (
            {"code": phone(11, EIGHT + timedelta(seconds=20)), "at": EIGHT + timedelta(seconds=20)},
            "desk",
            "inside-already",
        ),
    )
    of.add("who was not let in is not inside", ({"code": card(11), "temperature": "38.2"}, "desk", "fever"),
           ({"code": card(11), "temperature": "36.8"} | _later(1), "enter", "on-list"))  # fmt: skip
    of.add("the next morning", ({"code": card(11)}, "enter", "on-list"),
           ({"code": card(11), "at": EIGHT + timedelta(hours=24)}, "enter", "on-list"))  # fmt: skip
    return of


def by_people() -> Cases:
    """Entries by hand and overrides."""
    of = Cases("What a guard answers for")
    of.add("the fire brigade", ({"manual": "emergency", "temperature": "39.0"}, "enter", "emergency"))
    of.add("an ambulance where no list came", ({"manual": "emergency", "at": NIGHT}, "enter", "emergency"), lists=())
    of.add("a child with an adult", ({"manual": "child"}, "enter", "accompanied"))
    of.add("a child with a fever", ({"manual": "child", "temperature": "38.0"}, "desk", "fever"))
    of.add("a repair", ({"manual": "repair"}, "desk", "by-hand"))
    of.add(
        "by hand, with a name on the list",
        ({"manual": "no-phone-no-card", "name": "王样", "tail": "000X"}, "desk", "by-hand"),
    )
    of.add("the host comes for a stranger", ({"code": card(77), "scan": 1001}, "desk", "not-on-list"),
           ({"after": 1001, "override": "host-vouches", "host": "王样"}, "enter", "let-in"))  # fmt: skip
    of.add("a fever is measured again", ({"code": card(11), "temperature": "37.4", "scan": 1002}, "desk", "fever"),
           ({"after": 1002, "override": "measured-again"}, "enter", "let-in"))  # fmt: skip
    of.add("a host does not answer for a fever",
           ({"code": card(77), "temperature": "38.0", "scan": 1003}, "desk", "not-on-list"),
           ({"after": 1003, "override": "host-vouches", "host": "王样"}, "error", ""))  # fmt: skip
    refused: Step = ({"code": card(99), "scan": 1004}, "refuse", "revoked")
    seen = {"after": 1004, "override": "document-seen", "document": "身份证"}
    of.add("a refusal, and the supervisor’s phone", refused, (seen | {"second": phone(50)}, "enter", "let-in"))
    of.add("a refusal, and nobody else", refused, (seen, "refuse", "not-supervisor"))
    of.add(
        "a refusal, and a supervisor’s printed card", refused, (seen | {"second": card(50)}, "refuse", "not-supervisor")
    )
    of.add("a refusal, and a supervisor’s screenshot", refused,
           (seen | {"second": phone(50, EIGHT - timedelta(seconds=90))}, "refuse", "not-supervisor"))  # fmt: skip
    of.add("a refusal, and a colleague’s phone", refused, (seen | {"second": phone(12)}, "refuse", "not-supervisor"))
    of.add(
        "an override a quarter of an hour late",
        ({"code": card(77), "scan": 1005}, "desk", "not-on-list"),
        ({"after": 1005, "override": "host-vouches", "host": "王样", "at": EIGHT + timedelta(minutes=16)}, "error", ""),
    )
    of.add("an override without a host", ({"code": card(77), "scan": 1006}, "desk", "not-on-list"),
           ({"after": 1006, "override": "host-vouches"}, "error", ""))  # fmt: skip
    return of


def written(cases: Cases, signed: dict[str, bytes]) -> str:
    """The file: each step is asked, held against what stands here by hand, and completed."""
    for case in cases.cases:
        gate = Gate([signed[name] for name in case["lists"]], CENTRE.public, case["colours"])
        for step in case["steps"]:
            found = gate.ask(step["scan"], datetime.fromisoformat(step["at"]))
            wanted = step["expect"]
            assert (found.verdict, found.reason) == (wanted["verdict"], wanted["reason"]), (case["name"], found)
            if found.verdict != "error":
                wanted |= {"reasons": list(found.reasons), "index": found.index, "second": found.second}
                wanted["facts"] = facts_as_json(found.facts)
    return json.dumps({"title": cases.title, "cases": cases.cases}, ensure_ascii=False, indent=1) + "\n"


def files() -> dict[str, str]:
    """Every file of the vectors, by name."""
    signed = {name: wire.write_snapshot(one, CENTRE) for name, one in lists().items()}
    held = {"centre": base64.b64encode(CENTRE.public.raw).decode(),
            "lists": {name: base64.b64encode(data).decode() for name, data in signed.items()}}  # fmt: skip
    said = {"passes": passes(), "people": people(), "readings": readings(), "again": again(), "by-people": by_people()}
    return {"lists.json": json.dumps(held, indent=1) + "\n"} | {
        f"{name}.json": written(cases, signed) for name, cases in said.items()
    }


if __name__ == "__main__":
    for name, text in files().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
