"""What a guard's phone records is what a node records, and it gives nothing up that nobody else holds."""

from typing import Any
from uuid import UUID

import pytest

from kaimen.kit.keys import PublicKey
from kaimen_gate import wire
from tests.vectors.in_javascript import in_javascript

NODE = UUID(int=7)
# A phone's storage without a browser: the same questions, answered from maps.
_PHONE = """
const { Journal } = await load("journal");
const { Outbox } = await load("outbox");
const { NotNow, Scanner } = await load("scanner");
const { Clock } = await load("clock");
const { newId } = await load("ids");
const { CURVE, compressed } = await load("keys");
const { hex } = await load("bytes");
class Store {
  kept = new Map();
  entries = [];
  wiped = false;
  async get(name) { return this.kept.get(name); }
  async put(values) { for (const [name, value] of Object.entries(values)) this.kept.set(name, value); }
  async remove(names) { for (const name of names) this.kept.delete(name); }
  async lists() { return new Map(); }
  async append(epoch, seq, entry) { this.entries.push({ epoch, seq, ...entry }); }
  async byId(id) { return this.entries.find((one) => one.id === id)?.raw; }
  async after(epoch, seq, most = Infinity) {
    return this.entries.filter((one) => one.epoch === epoch && one.seq > seq).slice(0, most).map(({ raw }) => raw);
  }
  async count(epoch, seq = 0) { return (await this.after(epoch, seq)).length; }
  async wipe() { this.wiped = true; }
}
const pair = await crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
const node = asked.node;
const made = (more) => ({
  place: "ferry-house", at: 1584316800123, direction: "in", verdict: "desk", reason: "not-on-list", index: 11,
  how: "code", dataAge: 5, reasons: ["not-on-list", "not-renewed"], temperature: 366, override: "", second: null,
  ...more,
});
const recorded = async (journal, times) => {
  for (let at = 0; at < times; at += 1) await journal.append(newId(), made());
};
const store = new Store();
const phone = async (times) => {
  const centreKey = await compressed(pair.publicKey);
  await store.put({
    self: { node, places: ["ferry-house"], name: "", centreKey, pair, revoked: false },
    clock: { centre: 1584316800000, phone: Date.now(), speed: 1 },
  });
  const scanner = await Scanner.opened(store);
  for (let at = 0; at < times; at += 1) await scanner.scan({ code: "KM1:~~~" });
  return scanner;
};
const key = hex(await compressed(pair.publicKey));
const refused = (work) => work.then(() => false, (error) => { if (error instanceof NotNow) return true; throw error; });
"""


def phone(program: str) -> Any:
    """What the phone says."""
    return in_javascript(_PHONE + program, {"node": str(NODE)})


def read(said: Any, batch: str) -> list[bytes]:
    """The entries of a batch, its signature checked."""
    return wire.read_batch(bytes.fromhex(batch), PublicKey.from_raw(bytes.fromhex(said["key"])))


def test_entries_are_the_bytes_that_a_node_writes() -> None:
    said = phone("""
const journal = await Journal.opened(store, node);
await recorded(journal, 2);
const id = newId();
const left = { direction: "out", verdict: "enter", reason: "left", reasons: ["left"] };
await journal.append(id, made({ ...left, index: null, temperature: null, second: 9 }));
await journal.append(id, made());
answer({ key, batch: hex(await new Outbox(journal, pair.privateKey).batch()), epoch: journal.epoch });
""")
    raws = read(said, said["batch"])
    entries = [wire.read_entry(raw) for raw in raws]
    assert [one.to_bytes() for one in entries] == raws
    assert [one.previous for one in entries] == [wire.FIRST_LINK, *map(wire.link, raws[:-1])]
    assert [(one.seq, one.epoch, one.node) for one in entries] == [(n, said["epoch"], NODE) for n in (1, 2, 3)]
    first, last = entries[0], entries[-1]
    assert (first.verdict, first.reasons, first.temperature) == ("desk", ("not-on-list", "not-renewed"), 366)
    assert (last.direction, last.index, last.second, last.temperature) == ("out", None, 9, None)
    assert first.id.version == 7


@pytest.mark.parametrize("damage", [
    "store.entries[2].raw[60] ^= 1", "store.entries.splice(1, 1)", "store.entries[3].raw = new Uint8Array(3)",
])  # fmt: skip
def test_a_damaged_journal_is_left_as_it_is_and_none_of_it_is_lost(damage: str) -> None:
    said = phone(f"""
const before = await Journal.opened(store, node);
await recorded(before, 5);
await before.acknowledge(1);
{damage};
const held = store.entries.filter(({{ seq }}) => seq > 1).length;
const journal = await Journal.opened(store, node);
const outbox = new Outbox(journal, pair.privateKey);
await recorded(journal, 1);
await journal.acknowledge(0);
const again = new Outbox(await Journal.opened(store, node), pair.privateKey);
const files = await again.files();
answer({{
  key, held, other: journal.epoch > before.epoch, unsent: outbox.unsent, waiting: outbox.waiting, again: again.waiting,
  files: files.map(({{ bytes }}) => hex(bytes)), batch: hex(await again.batch()),
}});
""")
    assert said["other"]
    assert (said["unsent"], said["waiting"], said["again"]) == (1, said["held"] + 1, said["held"] + 1)
    assert [len(read(said, one)) for one in said["files"]] == [said["held"], 1]
    assert [wire.read_entry(raw).seq for raw in read(said, said["batch"])] == [1]


def test_what_the_centre_says_is_never_believed_beyond_what_was_sent() -> None:
    said = phone("""
const journal = await Journal.opened(store, node);
const outbox = new Outbox(journal, pair.privateKey);
await recorded(journal, 3);
const first = hex(await outbox.batch());
await recorded(journal, 2);
const same = first === hex(await outbox.batch());
await outbox.acknowledged(99);
const after = outbox.unsent;
await outbox.batch();
const back = [await outbox.missing(4), await outbox.missing(1), outbox.unsent];
answer({ same, after, back });
""")
    assert said == {"same": True, "after": 2, "back": [False, True, 4]}


def test_a_phone_refuses_to_be_wiped_while_it_alone_holds_entries() -> None:
    said = phone("""
const scanner = await phone(2);
const open = await refused(scanner.wipe());
await scanner.end();
const waiting = [await refused(scanner.wipe()), scanner.mayWipe];
const shut = await refused(scanner.scan({ code: "KM1:~~~" }));
const files = (await scanner.handedOut()).length;
const given = scanner.mayWipe;
await scanner.goOn();
await scanner.outbox.batch();
await scanner.outbox.acknowledged(2); // now the centre has those of the file, and the next is in none
await scanner.scan({ code: "KM1:~~~" });
await scanner.end();
const more = [scanner.mayWipe, await refused(scanner.wipe())];
await scanner.handedOut();
globalThis.fetch = async () => { throw new TypeError("no network"); };
await scanner.wipe();
answer({ open, waiting, shut, files, given, more, wiped: store.wiped });
""")
    assert said == {
        "open": True, "waiting": [True, False], "shut": True, "files": 1, "given": True, "more": [False, True],
        "wiped": True,
    }  # fmt: skip


def test_a_damaged_journal_keeps_a_phone_from_being_wiped_too() -> None:
    said = phone("""
const before = await phone(2);
store.entries[0].raw[60] ^= 1;
const scanner = await Scanner.opened(store);
await scanner.end();
const waits = [scanner.outbox.unsent, scanner.outbox.waiting, scanner.mayWipe, await refused(scanner.wipe())];
await scanner.handedOut();
answer({ waits, given: scanner.mayWipe });
""")
    assert said == {"waits": [0, 2, False, True], "given": True}


def test_time_at_the_gate_follows_the_centre_and_never_goes_back() -> None:
    said = phone("""
let own = 1000;
const clock = new Clock({ centre: 50_000, phone: 0, speed: 2 }, () => own);
const first = clock.now();
own = 1100;
const near = clock.told(52_250, 1000);
const far = clock.told(90_000, 1000);
const corrected = clock.now();
own = 0;
clock.notBefore(corrected);
answer({ first, near, far, corrected, back: clock.now() });
""")
    assert said == {"first": 52_000, "near": False, "far": True, "corrected": 90_100, "back": 90_100}
