/**
 * The journal: entries, each carrying the hash of the one before, none answered before it is on the disk. A journal that
 * is damaged is left as it is, and a new chain begins: the door goes on.
 */
import { hex, same, sha256 } from "./bytes.js";
import { FIRST_LINK, NotWire, entryBytes, readEntry } from "./wire.js";

const CHECKED_AT_START = 1000;
const KEPT = "journal"; // {epoch, acknowledged}

export class Journal {
  #line = Promise.resolve(); // one entry after the other

  constructor(store, node, { epoch, acknowledged }) {
    this.store = store;
    this.node = node;
    this.epoch = epoch;
    this.acknowledged = acknowledged;
    this.head = { seq: 0, link: FIRST_LINK };
  }

  /** Open the journal of `node`, or begin one. Raises StoreFailed. */
  static async opened(store, node) {
    const journal = new Journal(store, node, (await store.get(KEPT)) ?? (await begun(store)));
    try {
      await journal.#toItsEnd();
    } catch (error) {
      if (!(error instanceof NotWire)) throw error;
      journal.epoch = (await begun(store)).epoch;
      journal.acknowledged = 0;
      journal.head = { seq: 0, link: FIRST_LINK };
    }
    return journal;
  }

  /** Record what `made(head)` gives as the next entry, unless its id is known: then the entry that is stored. */
  append(id, made) {
    const next = this.#line.then(() => this.#appended(id, made));
    this.#line = next.catch(() => {});
    return next;
  }

  async #appended(id, made) {
    const known = await this.store.byId(hex(id));
    if (known) return readEntry(known);
    const place = { node: this.node, epoch: this.epoch, seq: this.head.seq + 1, previous: this.head.link };
    const raw = entryBytes({ ...made, ...place, id });
    const link = await sha256(raw);
    await this.store.append(this.epoch, place.seq, { id: hex(id), raw });
    this.head = { seq: place.seq, link };
    return readEntry(raw); // what is answered is what stands on the disk
  }

  /** The bytes of what follows number `seq`, oldest first. */
  after(seq, most) {
    return this.store.after(this.epoch, seq, most);
  }

  /** The last `most` entries, the newest first. */
  async newest(most) {
    const raws = await this.after(Math.max(0, this.head.seq - most), most);
    return raws.map(readEntry).reverse();
  }

  /** The centre holds everything up to number `seq`. */
  async acknowledge(seq) {
    await this.store.put({ [KEPT]: { epoch: this.epoch, acknowledged: seq } });
    this.acknowledged = seq;
  }

  async #toItsEnd() {
    const last = await this.store.count(this.epoch);
    const raws = await this.after(Math.max(0, last - CHECKED_AT_START), CHECKED_AT_START);
    if (last > CHECKED_AT_START) await this.#step(raws.shift(), null);
    for (const raw of raws) await this.#step(raw, this.head);
  }

  async #step(raw, before) {
    const { seq, previous, epoch } = readEntry(raw);
    const follows = before === null || (seq === before.seq + 1 && same(previous, before.link));
    if (!follows || epoch !== this.epoch) throw new NotWire(`entry ${seq} does not follow`);
    this.head = { seq, link: await sha256(raw) };
  }
}

/** The phone's own time, not a drill's: each fresh store must get another number than the one before. */
async function begun(store) {
  const kept = { epoch: Date.now(), acknowledged: 0 };
  await store.put({ [KEPT]: kept });
  return kept;
}
