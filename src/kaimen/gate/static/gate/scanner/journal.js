/**
 * The journal: entries, each carrying the hash of the one before, none answered before it is on the disk. A journal that
 * is damaged is left as it is, and a new chain begins: the door goes on, and what is left waits to be handed over.
 */
import { hex, same, sha256 } from "./bytes.js";
import { FIRST_LINK, NotWire, entryBytes, readEntry } from "./wire.js";

const CHECKED_AT_START = 1000;
const KEPT = "journal"; // {epoch, acknowledged, left}
const START = { seq: 0, link: FIRST_LINK };

export class Journal {
  #line = Promise.resolve(); // one entry after the other

  constructor(store, node, { epoch, acknowledged, left }) {
    this.store = store;
    this.node = node;
    this.epoch = epoch;
    this.acknowledged = acknowledged;
    this.left = left; // [{epoch, acknowledged}] of chains that cannot be gone on with
    this.head = START;
    this.stranded = 0; // entries of those chains that the centre does not hold
  }

  /** Open the journal of `node`, or begin one. Raises StoreFailed. */
  static async opened(store, node) {
    const journal = new Journal(store, node, (await store.get(KEPT)) ?? (await begun(store, [])));
    try {
      await journal.#toItsEnd();
    } catch (error) {
      if (!(error instanceof NotWire)) throw error;
      const left = [...journal.left, { epoch: journal.epoch, acknowledged: journal.acknowledged }];
      Object.assign(journal, await begun(store, left), { head: START });
    }
    for (const { epoch, acknowledged } of journal.left) journal.stranded += await store.count(epoch, acknowledged);
    return journal;
  }

  /** Record what `made` says as the next entry, unless its id is known: then the entry that is stored. */
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
    await this.store.put({ [KEPT]: { epoch: this.epoch, acknowledged: seq, left: this.left } });
    this.acknowledged = seq;
  }

  /** Every chain with entries that the centre does not hold, as `[epoch, bytes of the entries]`. */
  async unsent() {
    const chains = [...this.left, { epoch: this.epoch, acknowledged: this.acknowledged }];
    const found = chains.map(async ({ epoch, acknowledged }) => [epoch, await this.store.after(epoch, acknowledged)]);
    return (await Promise.all(found)).filter(([, raws]) => raws.length);
  }

  async #toItsEnd() {
    const last = await this.store.count(this.epoch);
    if (last < this.acknowledged) throw new NotWire("the centre holds entries that are not here");
    const raws = await this.after(Math.max(0, last - CHECKED_AT_START), CHECKED_AT_START);
    if (last > CHECKED_AT_START) await this.#step(raws.shift(), null);
    for (const raw of raws) await this.#step(raw, this.head);
    if (this.head.seq !== last) throw new NotWire(`${last} entries, and the last is number ${this.head.seq}`);
  }

  async #step(raw, before) {
    const { seq, previous, epoch } = readEntry(raw);
    const follows = before === null || (seq === before.seq + 1 && same(previous, before.link));
    if (!follows || epoch !== this.epoch) throw new NotWire(`entry ${seq} does not follow`);
    this.head = { seq, link: await sha256(raw) };
  }
}

/** The phone's own time, not a drill's: each fresh chain must get another number than the one before. */
async function begun(store, left) {
  const kept = { epoch: Math.max(Date.now(), ...left.map(({ epoch }) => epoch + 1)), acknowledged: 0, left };
  await store.put({ [KEPT]: kept });
  return kept;
}
