/* One node: its lists, its journal, its line to the centre, and the way of a scan through them. No page in here. */
import { hex } from "./bytes.js";
import { Centre } from "./centre.js";
import { Clock } from "./clock.js";
import { decide, remember } from "./decide.js";
import { newId } from "./ids.js";
import { Journal } from "./journal.js";
import { CLOCK, LEAVING, SELF } from "./kept.js";
import { PublicKey } from "./keys.js";
import { Lists } from "./lists.js";
import { INSIDE_FOR, Memory } from "./memory.js";
import { Outbox } from "./outbox.js";
import { decideOverride } from "./override.js";
import { decideReport } from "./report.js";
import { Sync } from "./sync.js";

const REMEMBERED = 5000; // entries that are read again after a reload: who is inside, what was counted
const SHOWN = 4; // of the last answers

/** Nothing was done: the phone decides no more, or would have thrown entries away. */
export class NotNow extends Error {}

export class Scanner {
  #memory = new Memory();
  #line = Promise.resolve(); // one scan after the other: what one is answered, the next one's facts rest on
  #exchanges = Promise.resolve(); // done once nothing more is asked of the centre
  #last = 0; // when the newest entry was made
  #handed = 0; // entries that wait and were given out as files

  /** How many came in, went to the desk, were refused here today. */
  counts = { enter: 0, desk: 0, refuse: 0, day: "" };
  newest = []; // the last answers, newest first

  /** The node that `store` keeps; null when this phone is none. Raises StoreFailed. */
  static async opened(store, on = {}) {
    const self = await store.get(SELF);
    if (!self) return null;
    const scanner = new Scanner();
    await scanner.#open(store, self, on);
    return scanner;
  }

  async #open(store, self, { changed = () => {}, ended = () => {} }) {
    Object.assign(this, { store, self, changed, ended });
    [this.place] = self.places;
    this.clock = new Clock(await store.get(CLOCK));
    this.leaving = (await store.get(LEAVING)) ?? false;
    const centreKey = await PublicKey.read(self.centreKey);
    this.lists = await Lists.opened(store, centreKey, self.places);
    this.journal = await Journal.opened(store, self.node);
    this.outbox = new Outbox(this.journal, self.pair.privateKey);
    this.centre = new Centre(self.node, self.pair.privateKey, this.clock, centreKey);
    this.centre.corrected = () => store.put({ [CLOCK]: this.clock.set });
    this.sync = new Sync({
      centre: this.centre, outbox: this.outbox, lists: this.lists,
      changed: () => this.#changed(), revoked: () => this.#revoked().catch(() => this.changed()),
    });
    await this.#recall();
  }

  /** The list in force, or null while none has come. */
  get here() {
    return this.lists.of(this.place);
  }

  /** Whether this phone decides no more: its shift is ending, or the centre took it out of service. */
  get closed() {
    return this.leaving || Boolean(this.self.revoked);
  }

  /** Whether to decide what a camera sees: not in the second before the first list arrives. */
  get ready() {
    return !this.closed && (this.here !== null || this.sync.tried);
  }

  /** Begin to speak to the centre. */
  start() {
    if (!this.self.revoked) this.#exchanges = this.sync.run();
  }

  /**
   * The answer to what was shown ({code}, {card}, {name, tail} or {manual}), once it is on the disk: the entry. `id` is
   * given to ask again: the same id is one scan. Raises NotNow, StoreFailed; then nothing was recorded.
   */
  scan(shown, { direction = "in", id = newId(), ...read } = {}) {
    return this.#next(id, { place: this.place, direction, shown, ...read }, (scan, at) => decide(scan, this.#held(), at, this.#memory));
  }

  /** Let somebody in after the entry `first`: {override, host, document, second}. Raises NotOverridden, NotNow, StoreFailed. */
  override(first, said, { id = newId() } = {}) {
    const scan = { place: first.place, direction: first.direction, shown: said };
    return this.#next(id, scan, (given, at) => decideOverride(given, first, this.here, at));
  }

  /** Report {"fever"} or {"dispute"} about the entry `first` (null: nobody was scanned). Raises NotNow, StoreFailed. */
  report(first, report, { id = newId() } = {}) {
    const scan = { place: first?.place ?? this.place, direction: "in", shown: { report } };
    return this.#next(id, scan, (given, at) => decideReport(given, first, this.here, at));
  }

  /** No more scans; everything is wiped as soon as the centre has all entries. */
  async end() {
    this.leaving = true;
    await this.store.put({ [LEAVING]: true });
    await this.#line;
    this.sync.wake();
    this.#changed();
  }

  /** The shift goes on after all. */
  async goOn() {
    this.leaving = false;
    this.#handed = 0;
    await this.store.put({ [LEAVING]: false });
    this.#changed();
  }

  /** What waits, as files {name, bytes} to be carried to the centre. Only then may it be wiped unsent. */
  async handedOut() {
    await this.#line;
    const [files, waiting] = [await this.outbox.files(), this.outbox.waiting];
    this.#handed = waiting;
    return files;
  }

  /** Whether nothing would be lost: all is sent, or no more waits than was given out as files. */
  get mayWipe() {
    return this.closed && this.outbox.waiting <= this.#handed;
  }

  /** Names, key and journal go. Raises NotNow while entries wait that nobody has, StoreFailed. */
  async wipe() {
    if (!this.mayWipe) throw new NotNow(`${this.outbox.waiting} entries are held by this phone alone`);
    this.sync.stop();
    await Promise.all([this.#line, this.#exchanges]); // a question under way would be asked with a key that has left
    if (!this.self.revoked) await this.centre.leave().catch(() => {}); // should the word not arrive: the key is gone
    await this.store.wipe();
    this.ended();
  }

  #next(id, scan, decided) {
    const next = this.#line.then(() => this.#recorded(id, scan, decided));
    this.#line = next.catch(() => {});
    return next;
  }

  async #recorded(id, scan, decided) {
    if (this.closed) throw new NotNow("this phone decides no more");
    this.clock.notBefore(Math.max(this.lists.newest, this.#last));
    const at = this.clock.now();
    const before = this.journal.head.seq;
    const entry = await this.journal.append(id, await decided({ ...scan, id: hex(id) }, at));
    if (entry.seq > before) this.#keep(entry);
    this.sync.wake();
    return entry;
  }

  #held() {
    const elsewhere = this.self.places.slice(1).map((one) => this.lists.of(one)).filter(Boolean);
    return { here: this.here, colours: null, elsewhere }; // colours need witnesses named by hand: guide, The scanner
  }

  #keep(entry) {
    remember(this.#memory, entry, hex(entry.id), this.here);
    this.#last = Math.max(this.#last, entry.at);
    const day = this.here?.day(entry.at) ?? "";
    if (day !== this.counts.day) this.counts = { enter: 0, desk: 0, refuse: 0, day };
    if (entry.direction === "in") this.counts[entry.verdict] += 1;
    this.newest = [entry, ...this.newest].slice(0, SHOWN);
  }

  /** After a reload: who came in and is counted stands in the journal. */
  async #recall() {
    const since = this.clock.now() - INSIDE_FOR;
    for (const entry of (await this.journal.newest(REMEMBERED)).reverse()) if (entry.at >= since) this.#keep(entry);
  }

  #changed() {
    this.changed();
    if (this.leaving && this.outbox.waiting === 0 && this.sync.online && !this.sync.stopped) this.wipe().catch(() => this.changed());
  }

  /** The centre listens to this phone no more: names go at once; what waits stays until it was handed out. */
  async #revoked() {
    this.self = { ...this.self, revoked: true };
    await this.store.put({ [SELF]: this.self });
    await this.lists.forget();
    if (this.outbox.waiting === 0) await this.wipe();
    else this.changed();
  }
}
