/* The name lists a phone holds: one for each place, the newest that came with a signature that holds. */
import { PlaceList } from "./place_list.js";
import { NotWire, readSnapshot } from "./wire.js";

export class Lists {
  #held = new Map();

  constructor(store, centreKey, places) {
    this.store = store;
    this.centreKey = centreKey;
    for (const place of places) this.#held.set(place, null);
  }

  /** With what is on the disk; bytes that are damaged count as not there. */
  static async opened(store, centreKey, places) {
    const lists = new Lists(store, centreKey, places);
    for (const [place, bytes] of await store.lists()) {
      try {
        lists.#held.set(place, await PlaceList.made(await readSnapshot(bytes, centreKey)));
      } catch (error) {
        if (!(error instanceof NotWire)) throw error;
      }
    }
    return lists;
  }

  /** The list in force at `place`, or null while none has come. */
  of(place) {
    return this.#held.get(place) ?? null;
  }

  /** When the newest list was made (ms): it is not earlier than that. */
  get newest() {
    return Math.max(0, ...[...this.#held.values()].map((list) => list?.madeAt ?? 0));
  }

  /** Names are kept no longer than they are needed. Raises StoreFailed. */
  async forget() {
    await this.store.remove([...this.#held.keys()], "lists");
    for (const place of this.#held.keys()) this.#held.set(place, null);
  }

  /** Put a list in force that came from the centre. Raises NotWire when it is not signed, another place's, or older. */
  async take(place, bytes) {
    const snapshot = await readSnapshot(bytes, this.centreKey);
    const held = this.of(place);
    if (snapshot.place !== place) throw new NotWire(`asked for the list of ${place}, got that of ${snapshot.place}`);
    if (held && snapshot.version < held.version) throw new NotWire(`version ${snapshot.version} is older than ${held.version}`);
    const taken = await PlaceList.made(snapshot);
    await this.store.put({ [place]: bytes }, "lists"); // before it is in force, so that a reload brings no older one back
    this.#held.set(place, taken);
  }
}
