/**
 * What a gate remembers of the last hours: who came in and did not leave, which phone codes were shown, who boarded. Of
 * this node alone, as kaimen_gate.memory: whoever left by another door is still inside here. Times are in ms; a scan is
 * named by the text of its id.
 */

export const INSIDE_FOR = 12 * 3600_000; // after which nobody is taken to be inside any more
const CODE_FOR = 120_000; // a phone's code is good for 60 s, and for 30 before its moment
const TIDY = 4096; // people let in between one look for what is too old and the next

const later = (one, other) => other.at - one.at || (other.gate > one.gate ? 1 : -1);

export class Memory {
  #inside = new Map(); // building and pass → gate → {at, gate, scan}
  #shown = new Map(); // pass → {moment, scan}
  #boarded = new Map(); // lift → scan → {at, index}
  #told = 0;

  /** How this pass came into the building since it left, the latest first; this very scan does not count. */
  cameIn(building, index, scan, now) {
    const found = [...(this.#inside.get(`${building} ${index}`)?.values() ?? [])];
    return found.filter((one) => one.scan !== scan && one.at <= now && now - one.at < INSIDE_FOR).sort(later);
  }

  /** Whether another scan read the code that this phone signed at `moment`. From now on, this one did. */
  wasShown(index, moment, scan) {
    const found = this.#shown.get(index);
    if (found?.moment === moment) return found.scan !== scan;
    this.#shown.set(index, { moment, scan });
    return false;
  }

  /** How many others stand in a lift that boards; none when it has gone, or must have (`trip`, ms). */
  riders(lift, trip, scan, now) {
    const boarded = this.#boarded.get(lift);
    if (!boarded?.size) return 0;
    if (now - Math.min(...[...boarded.values()].map(({ at }) => at)) >= trip) boarded.clear();
    return boarded.size - (boarded.has(scan) ? 1 : 0);
  }

  /** Somebody was let in. */
  enters(building, gate, index, scan, now) {
    if (index !== null) kept(this.#inside, `${building} ${index}`).set(gate, { at: now, gate, scan });
    this.#told += 1;
    if (this.#told % TIDY === 0) this.#forget(now);
  }

  /** Somebody left a building, whichever gate that was. */
  leaves(building, index) {
    if (index !== null) this.#inside.delete(`${building} ${index}`);
  }

  /** Somebody was let into a lift. */
  boards(lift, index, scan, now) {
    kept(this.#boarded, lift).set(scan, { at: now, index });
  }

  /** Somebody stepped out of a lift before it went. */
  stepsOut(lift, index) {
    const boarded = this.#boarded.get(lift) ?? new Map();
    for (const [scan, rider] of boarded) if (rider.index !== null && rider.index === index) boarded.delete(scan);
  }

  #forget(now) {
    for (const [who, gates] of this.#inside) {
      if ([...gates.values()].every(({ at }) => now - at >= INSIDE_FOR)) this.#inside.delete(who);
    }
    for (const [index, { moment }] of this.#shown) if (now - moment >= CODE_FOR) this.#shown.delete(index);
  }
}

function kept(map, name) {
  if (!map.has(name)) map.set(name, new Map());
  return map.get(name);
}
