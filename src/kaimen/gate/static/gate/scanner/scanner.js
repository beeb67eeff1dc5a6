/* One node: its lists, its journal, its line to the centre, and the way of a scan through them. No page in here. */
import { hex } from "./bytes.js";
import { Centre } from "./centre.js";
import { Clock } from "./clock.js";
import { Colours } from "./colours.js";
import { decide, remember } from "./decide.js";
import { newId } from "./ids.js";
import { Journal } from "./journal.js";
import { CLOCK, LEAVING, SELF } from "./kept.js";
import { PublicKey } from "./keys.js";
import { Lists } from "./lists.js";
import { INSIDE_FOR, Memory } from "./memory.js";
import { Outbox } from "./outbox.js";
import { decideOverride } from "./override.js";
import { Sync } from "./sync.js";

const REMEMBERED = 5000; // entries that are read again after a reload: who is inside, what was counted

export class Scanner {
  #memory = new Memory();
  #line = Promise.resolve(); // one scan after the other: what one is answered, the next one's facts rest on

  /** The node that `store` keeps; null when this phone is none. Raises StoreFailed. */
  static async opened(store, on = {}) {
    const self = await store.get(SELF);
    if (!self) return null;
    const scanner = new Scanner();
    await scanner.#open(store, self, on);
    return scanner;
  }

  async #open(store, self, { changed = () => {}, ended = () => {}, removed = () => {} }) {
    Object.assign(this, { store, self, changed, ended, removed });
    [this.place] = self.places;
    this.clock = new Clock(await store.get(CLOCK));
    this.leaving = (await store.get(LEAVING)) ?? false;
    this.lists = await Lists.opened(store, await PublicKey.read(self.centreKey), self.places);
    this.journal = await Journal.opened(store, self.node);
    this.outbox = new Outbox(this.journal, self.pair.privateKey);
    this.colours = new Colours();
    this.centre = new Centre(self.node, self.pair.privateKey, this.clock);
    this.centre.corrected = () => store.put({ [CLOCK]: this.clock.set });
    this.sync = new Sync({
      centre: this.centre, outbox: this.outbox, lists: this.lists, colours: this.colours,
      changed: () => this.#changed(), revoked: () => this.#removed(),
    });
    await this.#recall();
  }

  /** The list in force, or null while none has come. */
  get here() {
    return this.lists.of(this.place);
  }

  /** Begin to speak to the centre. */
  start() {
    this.sync.run();
  }

  /**
   * The answer to what was shown ({code}, {card}, {name, tail} or {manual}), once it is on the disk: the entry. `id` is
   * given to ask again: the same id is one scan. Raises StoreFailed; then nothing was recorded.
   */
  scan(shown, { direction = "in", id = newId(), ...read } = {}) {
    return this.#next(id, { place: this.place, direction, shown, ...read }, (scan, at) => decide(scan, this.#held(), at, this.#memory));
  }

  /** Let somebody in after the entry `first`: {override, host, document, second}. Raises NotOverridden, StoreFailed. */
  override(first, said, { id = newId() } = {}) {
    const scan = { place: first.place, direction: first.direction, shown: said };
    return this.#next(id, scan, (given, at) => decideOverride(given, first, this.here, at));
  }

  /** How many came in, went to the desk, were refused here today. */
  get counts() {
    return this.#counts;
  }

  /** No more scans; everything is wiped as soon as the centre has all entries. */
  async end() {
    this.leaving = true;
    await this.store.put({ [LEAVING]: true });
    this.sync.wake();
    this.#changed();
  }

  /** The shift goes on after all. */
  async goOn() {
    this.leaving = false;
    await this.store.put({ [LEAVING]: false });
    this.#changed();
  }

  #next(id, scan, decided) {
    const next = this.#line.then(() => this.#recorded(id, scan, decided));
    this.#line = next.catch(() => {});
    return next;
  }

  async #recorded(id, scan, decided) {
    this.clock.notBefore(Math.max(this.lists.newest, this.#last));
    const at = this.clock.now();
    const decision = await decided({ ...scan, id: hex(id) }, at);
    const entry = await this.journal.append(id, decision);
    if (entry.at === at) this.#keep(entry);
    this.sync.wake();
    return entry;
  }

  #held() {
    return { here: this.here, colours: this.colours.held, elsewhere: this.self.places.slice(1).map((one) => this.lists.of(one)).filter(Boolean) };
  }

  #last = 0;
  #counts = { enter: 0, desk: 0, refuse: 0, day: "" };
  newest = []; // the last answers, newest first

  #keep(entry) {
    remember(this.#memory, entry, hex(entry.id), this.here);
    this.#last = Math.max(this.#last, entry.at);
    const day = this.here?.day(entry.at) ?? "";
    if (day !== this.#counts.day) this.#counts = { enter: 0, desk: 0, refuse: 0, day };
    if (entry.direction === "in") this.#counts[entry.verdict] += 1;
    this.newest = [entry, ...this.newest].slice(0, 4);
  }

  /** After a reload: who came in and is counted stands in the journal. */
  async #recall() {
    const since = this.clock.now() - INSIDE_FOR;
    for (const entry of (await this.journal.newest(REMEMBERED)).reverse()) if (entry.at >= since) this.#keep(entry);
  }

  #changed() {
    this.changed();
    if (this.leaving && this.outbox.unsent === 0 && this.sync.online) this.#leave();
  }

  /** Everything is sent: tell the centre, then wipe. Should the word not arrive, the key is gone all the same. */
  async #leave() {
    this.leaving = false; // once
    this.sync.stop();
    await this.#line;
    await this.centre.leave().catch(() => {});
    await this.store.wipe();
    this.ended();
  }

  /** The centre listens to this phone no more: names and key go at once, the entries with the guard's word. */
  async #removed() {
    await this.store.remove([SELF]);
    await this.store.remove(this.self.places, "lists");
    this.removed(this.outbox.unsent);
  }
}
