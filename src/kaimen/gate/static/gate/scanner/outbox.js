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

  /** How many entries are still to be sent. */
  get unsent() {
    return Math.max(0, this.journal.head.seq - this.sent);
  }

  /** How many entries only this phone holds: those to be sent, and those of a damaged chain, which nobody can take. */
  get waiting() {
    return this.unsent + this.journal.stranded;
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

  /** How far the centre holds each chain (by epoch): less than it once acknowledged, and it gets again what it lost. */
  async centreHolds(chains) {
    const held = Math.max(0, chains[this.journal.epoch] ?? 0);
    if (held < this.sent) await this.#goOnAfter(held);
  }

  /** Everything that waits as files {name, bytes}: signed batches, each of one chain, to be carried to the centre. */
  async files() {
    const files = [];
    for (const [epoch, entries] of await this.journal.unsent()) {
      for (let at = 0; at < entries.length; at += BATCH) {
        const bytes = await batchBytes(entries.slice(at, at + BATCH), this.journal.node, this.key);
        files.push({ name: `kaimen-${this.journal.node}-${epoch}-${at / BATCH + 1}.cbor`, bytes });
      }
    }
    return files;
  }

  async #goOnAfter(seq) {
    this.#batch = null;
    this.sent = seq;
    await this.journal.acknowledge(seq);
  }
}
