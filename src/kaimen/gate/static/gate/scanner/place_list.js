/* A name list made ready to be asked: who is expected here, by pass, card or name. As kaimen_gate.place_list. */
import { sha256 } from "./bytes.js";
import { NotAKey, keyring } from "./keys.js";
import { RuleBook } from "./rule_book.js";
import { STANDARD_RULES } from "./standard_rules.js";
import { NotWire, cardText } from "./wire.js";

const CARD_DIGEST = 16;
const HOUR = /^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/;

export class PlaceList {
  #byIndex = new Map();
  #byName = new Map();

  constructor(snapshot) {
    this.snapshot = snapshot;
    this.place = snapshot.place;
    this.version = snapshot.version;
    this.madeAt = snapshot.madeAt;
    this.building = snapshot.building || snapshot.place;
    for (const name of ["title", "zone", "post", "lift", "colours", "manual", "overrides", "supervisors"]) this[name] = snapshot[name];
    this.size = snapshot.people.length;
    for (const person of snapshot.people.toSorted((one, other) => one.index - other.index)) {
      push(this.#byIndex, person.index, person);
      push(this.#byName, asAsked(person.name, person.idTail), person);
    }
  }

  /** Raises NotWire when the snapshot names a zone, an hour, a key or a rule that is none. */
  static async made(snapshot) {
    const list = new PlaceList(snapshot);
    try {
      list.keys = await keyring(snapshot.keys);
      list.wall = wallClock(snapshot.zone);
      list.opens = minute(snapshot.opens);
      list.closes = minute(snapshot.closes);
      list.book = new RuleBook(snapshot.rules.length ? snapshot.rules : STANDARD_RULES, snapshot.parameters);
    } catch (error) {
      if (!(error instanceof NotAKey || error instanceof RangeError)) throw error;
      throw new NotWire(`the list of ${snapshot.place} cannot be used: ${error.message}`);
    }
    return list;
  }

  /** Every row of whoever carries the pass `index`. */
  rowsOf(index) {
    return this.#byIndex.get(index) ?? [];
  }

  /** Whoever carries the pass `index`, if expected here; a row for the time `now` goes first. */
  expects(index, now = null) {
    const rows = this.rowsOf(index);
    return (now === null ? null : rows.find((row) => this.expectsNow(row, now))) ?? rows[0] ?? null;
  }

  /** Whether this is a time for which the row expects them. */
  expectsNow({ begins, ends }, now) {
    return (begins === null || begins * 1000 <= now) && (ends === null || now < ends * 1000);
  }

  /** Everybody of this name and these last four. */
  named(name, tail) {
    return this.#byName.get(asAsked(name, tail)) ?? [];
  }

  hasRevoked(index) {
    return this.snapshot.revoked.has(index);
  }

  /** The pass that an IC or lift card stands for; null when none here has this number. */
  async carried(number) {
    const digest = (await sha256(cardText(this.building, number))).subarray(0, CARD_DIGEST);
    return this.snapshot.cards.get(String(digest)) ?? null;
  }

  firmOf(person) {
    return this.snapshot.organisations[person.organisation];
  }

  /** Whether people may come in at `at`. Closing before opening is over midnight; the same hour is always. */
  isOpen(at) {
    const now = this.wall(at).minute;
    if (this.opens < this.closes) return this.opens <= now && now < this.closes;
    return now >= this.opens || now < this.closes;
  }

  /** The day of this place at `at`, as rules are asked: "2020-03-16". */
  day(at) {
    return this.wall(at).day;
  }
}

function push(map, key, value) {
  const held = map.get(key);
  if (held) held.push(value);
  else map.set(key, [value]);
}

function minute(written) {
  if (!HOUR.test(written)) throw new RangeError(`${written} is no hour; write it like 06:00`);
  const [hours, minutes] = written.split(":").map(Number);
  return hours * 60 + minutes;
}

/** What a clock on the wall there shows: the day, and the minute of it. Raises RangeError for a zone that is none. */
function wallClock(zone) {
  const form = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  });
  return (at) => {
    const part = Object.fromEntries(form.formatToParts(at).map(({ type, value }) => [type, value]));
    return { day: `${part.year}-${part.month}-${part.day}`, minute: Number(part.hour) * 60 + Number(part.minute) };
  };
}

/** A name and last four as they compare: blanks, dots, width and case make no difference. */
export const asAsked = (name, tail) => `${letters(name)} ${tailOf(tail)}`;

const letters = (name) => folded(name.normalize("NFKC")).replace(/[^\p{L}\p{N}]/gu, "");
const tailOf = (tail) => tail.normalize("NFKC").toUpperCase();

/** Case folding, which JavaScript lacks: through capitals, which write ß as SS. */
const folded = (text) => text.toLowerCase().toUpperCase().toLowerCase().replaceAll("ς", "σ");
