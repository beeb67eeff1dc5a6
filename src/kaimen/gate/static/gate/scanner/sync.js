/**
 * Entries up, lists down, for as long as it takes; as kaimen_gate.sync. The gate never waits for it. When the centre is
 * away it is asked again after a while that grows; how old the lists are is a number in every answer, never an error.
 */
import { Refused, Unreachable } from "./centre.js";
import { NotWire } from "./wire.js";

const POLL = 4_000; // ms between two looks at the centre's lists: a phone's battery lasts a shift
const GATHER = 200; // ms between two batches, so that one carries a few people
const [FIRST_WAIT, LONGEST_WAIT] = [500, 10_000];

export class Sync {
  #wake = () => {};
  #stopped = false;
  #looked = -Infinity;
  #troubles = new Map();

  /** `changed` is called when anything here is another than before; `revoked` once the centre hears this node no more. */
  constructor({ centre, outbox, lists, changed, revoked }) {
    Object.assign(this, { centre, outbox, lists, changed, revoked });
    this.online = false;
    this.tried = false; // whether the centre was asked at all since this page was opened
  }

  /** What keeps this node from being up to date, in one line; empty when nothing does. */
  get trouble() {
    return [...this.#troubles.values()].join("; ");
  }

  /** Work until stopped. */
  async run() {
    let wait = FIRST_WAIT;
    while (!this.#stopped) {
      if (await this.#wentWell()) {
        wait = FIRST_WAIT;
        if (this.outbox.unsent || (await this.#woken(POLL))) await this.#woken(GATHER);
      } else {
        await this.#woken(wait * (0.5 + Math.random() / 2));
        wait = Math.min(wait * 2, LONGEST_WAIT);
      }
    }
  }

  /** Whether it works no more. */
  get stopped() {
    return this.#stopped;
  }

  /** There is something to send, or the network may be back. */
  wake() {
    this.#wake(true);
  }

  stop() {
    this.#stopped = true;
    this.#wake(true);
  }

  /** Send everything; look for newer lists if it is time. Raises Unreachable, Refused, StoreFailed. */
  async exchange() {
    for (let batch = await this.outbox.batch(); batch !== null && !this.#stopped; batch = await this.outbox.batch()) {
      await this.#send(batch);
      this.changed();
    }
    if (performance.now() - this.#looked < POLL) return;
    await this.#look();
    this.#looked = performance.now();
  }

  async #send(batch) {
    try {
      await this.outbox.acknowledged(await this.centre.take(batch));
    } catch (error) {
      const held = error instanceof Refused && error.status === 409 ? error.said.acknowledged : null;
      if (!Number.isSafeInteger(held) || !(await this.outbox.missing(held))) throw error;
    }
    this.#heard();
  }

  async #look() {
    const { lists, acknowledged } = await this.centre.standing();
    await this.outbox.centreHolds(acknowledged);
    for (const [place, version] of lists) {
      if (this.lists.of(place)?.version !== version) await this.#fetch(place);
    }
    this.#heard();
  }

  /** One list that cannot be had keeps no other back. */
  async #fetch(place) {
    try {
      await this.lists.take(place, await this.centre.listOf(place));
      this.#isWell(place);
    } catch (error) {
      if (!(error instanceof NotWire || error instanceof Refused) || error.revoked) throw error;
      this.#isIll(place, `no newer list of ${place}: ${error.message}`);
    }
  }

  async #wentWell() {
    try {
      await this.exchange();
      this.#isWell("centre");
      return true;
    } catch (error) {
      if (error.revoked) this.#endedBy(error);
      this.online = error instanceof Refused;
      this.#isIll("centre", error instanceof Unreachable || error instanceof Refused ? error.message : `${error.name}: ${error.message}`);
      return false;
    } finally {
      this.tried = true;
      this.changed();
    }
  }

  #endedBy(error) {
    this.stop();
    this.revoked(error);
  }

  #heard() {
    this.online = true;
  }

  #isIll(what, trouble) {
    this.#troubles.set(what, trouble);
  }

  #isWell(what) {
    this.#troubles.delete(what);
  }

  /** Wait at most `time` ms; whether somebody woke us. */
  #woken(time) {
    if (this.#stopped) return Promise.resolve(true);
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, time, false);
      this.#wake = (woken) => {
        clearTimeout(timer);
        resolve(woken);
      };
    });
  }
}
