/* What the centre does not hold yet, in batches that stay the same bytes until it does. As kaimen_gate.outbox. */
import { BATCH, batchBytes } from "./wire.js";

export class Outbox {
  #first = 0;
  #last = 0;
  #batch = null;

  constructor(journal, key) {
    this.journal = journal;
    this.key = key;
    this.sent = journal.acknowledged;
  }

  get unsent() {
    return Math.max(0, this.journal.head.seq - this.sent);
  }

  /** The batch to send now, or null when the centre holds everything. */
  async batch() {
    if (this.#batch === null) {
      const entries = await this.journal.after(this.sent, BATCH);
      if (entries.length) {
        [this.#first, this.#last] = [this.sent + 1, this.sent + entries.length];
        this.#batch = await batchBytes(entries, this.journal.node, this.key);
      }
    }
    return this.#batch;
  }

  /** The centre holds everything up to `seq`; never believed beyond what was in the batch, so that it sees a fork. */
  acknowledged(seq) {
    return this.#goOnAfter(Math.min(seq, this.#last));
  }

  /** The centre holds entries up to `seq` only: go back to there, if that is further back than the batch began. */
  async missing(seq) {
    if (seq >= this.#first - 1) return false;
    await this.#goOnAfter(seq);
    return true;
  }

  async #goOnAfter(seq) {
    this.#batch = null;
    this.sent = seq;
    await this.journal.acknowledge(seq);
  }
}
