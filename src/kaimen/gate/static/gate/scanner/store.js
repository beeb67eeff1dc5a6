/**
 * The phone's own storage: who it is, its lists, its journal. Every write is through to the disk before it counts
 * (durability "strict"), and all of it can be wiped at once.
 */

const NAME = "kaimen-scanner";
const VERSION = 1;

export class StoreFailed extends Error {}

const answer = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(new StoreFailed(String(request.error)));
  });

const complete = (transaction) =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(new StoreFailed(String(transaction.error)));
  });

const behind = (epoch, seq) => IDBKeyRange.bound([epoch, seq], [epoch, Number.MAX_SAFE_INTEGER], true);

export class Store {
  constructor(database) {
    this.database = database;
    database.onversionchange = () => database.close(); // another page wipes it
  }

  /** Raises StoreFailed. */
  static async opened() {
    const opening = indexedDB.open(NAME, VERSION);
    opening.onupgradeneeded = () => { // a later version adds to this; it never drops what waits to be sent
      opening.result.createObjectStore("kept");
      opening.result.createObjectStore("lists");
      opening.result.createObjectStore("entries").createIndex("id", "id", { unique: true });
    };
    return new Store(await answer(opening));
  }

  get(name, from = "kept") {
    return answer(this.#read(from).get(name));
  }

  /** Keep values by name, all or none. Raises StoreFailed. */
  async put(values, into = "kept") {
    const transaction = this.#write(into);
    for (const [name, value] of Object.entries(values)) transaction.objectStore(into).put(value, name);
    await complete(transaction);
  }

  async remove(names, from = "kept") {
    const transaction = this.#write(from);
    for (const name of names) transaction.objectStore(from).delete(name);
    await complete(transaction);
  }

  /** Every list there is: place → bytes. */
  async lists() {
    const [places, all] = await Promise.all([answer(this.#read("lists").getAllKeys()), answer(this.#read("lists").getAll())]);
    return new Map(places.map((place, at) => [place, all[at]]));
  }

  /** Add one entry {id, raw} as number `seq` of `epoch`. Resolves when it is on the disk; raises StoreFailed. */
  async append(epoch, seq, entry) {
    const transaction = this.#write("entries");
    transaction.objectStore("entries").add(entry, [epoch, seq]);
    await complete(transaction);
  }

  async byId(id) {
    return (await answer(this.#read("entries").index("id").get(id)))?.raw;
  }

  /** The bytes of the entries behind number `seq` of `epoch`, oldest first. */
  async after(epoch, seq, most) {
    return (await answer(this.#read("entries").getAll(behind(epoch, seq), most))).map(({ raw }) => raw);
  }

  /** How many entries of `epoch` there are behind number `seq`: they are numbered without a gap. */
  count(epoch, seq = 0) {
    return answer(this.#read("entries").count(behind(epoch, seq)));
  }

  /** All of it is gone, also what another page holds open. Raises StoreFailed. */
  async wipe() {
    this.database.close();
    await answer(indexedDB.deleteDatabase(NAME));
  }

  #read(name) {
    return this.database.transaction(name).objectStore(name);
  }

  #write(name) {
    return this.database.transaction(name, "readwrite", { durability: "strict" });
  }
}
