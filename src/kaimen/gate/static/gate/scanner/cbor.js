/**
 * CBOR (RFC 8949), read without trust and written in its one deterministic form. The same bounds as kaimen.passes.cbor.
 *
 * Values: null, true and false, numbers (BigInt beyond the safe ones), strings, Uint8Array, Array, Map; Float and Tagged
 * stand for what no message of ours holds, so that a stranger's bytes can still be told from damaged ones.
 */
import { gathered, text, utf8 } from "./bytes.js";

export class NotCbor extends Error {}

export class Float {
  constructor(value) {
    this.value = value;
  }
}

export class Tagged {
  constructor(tag, value) {
    this.tag = tag;
    this.value = value;
  }
}

const DEPTH = 16; // levels of what a stranger shows
const OURS = 128; // of what the centre signs: rules are trees of 32 nodes, each a map in a map
const SIMPLE = new Map([[20, false], [21, true], [22, null], [23, null]]);
const OPEN = 31; // the length of what ends with a break
const BREAK = Symbol("break");

/** The first value in `bytes` and where it ends. Raises NotCbor. */
export function readFirst(bytes, depth = DEPTH) {
  const reader = new Reader(bytes);
  const value = reader.value(depth);
  if (value === BREAK) throw new NotCbor("an end of what never began");
  return { value, end: reader.at };
}

/** The one value that is all of `bytes`. Raises NotCbor. */
export function readWhole(bytes, depth = DEPTH) {
  const { value, end } = readFirst(bytes, depth);
  if (end !== bytes.length) throw new NotCbor("bytes behind the value");
  return value;
}

/** The value of which `bytes` are the deterministic encoding. Raises NotCbor for any other encoding of it. */
export function decode(bytes) {
  const value = readWhole(bytes, OURS);
  const again = encode(value);
  if (again.length !== bytes.length || again.some((byte, at) => byte !== bytes[at])) {
    throw new NotCbor("not the deterministic encoding");
  }
  return value;
}

class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = 0;
  }

  value(depth) {
    if (depth === 0) throw new NotCbor("nested too deep");
    const first = this.take(1)[0];
    const [major, extra] = [first >> 5, first & 31];
    if (major === 7) return this.simple(extra);
    const length = extra === OPEN ? null : this.argument(extra);
    if (major === 2 || major === 3) {
      const raw = length === null ? this.chunks(major) : this.take(length);
      return major === 2 ? raw.slice() : readText(raw);
    }
    if (major === 4) return this.list(length, depth - 1);
    if (major === 5) return this.map(length, depth - 1);
    if (length === null) throw new NotCbor("a number or a tag without its value");
    if (major === 6) return new Tagged(length, this.inner(depth - 1));
    return major === 0 ? length : negative(length);
  }

  take(length) {
    if (length > this.bytes.length - this.at) throw new NotCbor("cut short");
    this.at += Number(length);
    return this.bytes.subarray(this.at - Number(length), this.at);
  }

  argument(extra) {
    if (extra < 24) return extra;
    if (extra > 27) throw new NotCbor("a length that CBOR does not know");
    const at = this.at;
    this.take(2 ** (extra - 24));
    if (extra === 24) return this.view.getUint8(at);
    if (extra === 25) return this.view.getUint16(at);
    return extra === 26 ? this.view.getUint32(at) : plain(this.view.getBigUint64(at));
  }

  simple(extra) {
    if (extra === OPEN) return BREAK;
    if (extra >= 25 && extra <= 27) return this.float(extra);
    if (!SIMPLE.has(extra)) throw new NotCbor("a simple value that nobody registered");
    return SIMPLE.get(extra);
  }

  float(extra) {
    const at = this.at;
    this.take(2 ** (extra - 24));
    const value = extra === 25 ? fromHalf(this.view.getUint16(at)) : extra === 26 ? this.view.getFloat32(at) : this.view.getFloat64(at);
    if (!Number.isFinite(value)) throw new NotCbor("a number that is none");
    return new Float(value);
  }

  inner(depth) {
    const value = this.value(depth);
    if (value === BREAK) throw new NotCbor("an end where a value belongs");
    return value;
  }

  chunks(major) {
    const chunks = [];
    for (let first = this.take(1)[0]; first !== 0xff; first = this.take(1)[0]) {
      if (first >> 5 !== major || (first & 31) === OPEN) throw new NotCbor("a piece of another kind inside a string");
      chunks.push(this.take(this.argument(first & 31)));
    }
    return gathered(chunks);
  }

  list(length, depth) {
    this.bounded(length);
    const values = [];
    while (length === null || values.length < length) {
      const value = this.value(depth);
      if (value === BREAK) {
        if (length !== null) throw new NotCbor("an end inside a list of known length");
        break;
      }
      values.push(value);
    }
    return values;
  }

  map(length, depth) {
    this.bounded(length);
    const [values, seen] = [new Map(), new Set()];
    while (length === null || values.size < length) {
      const key = this.value(depth);
      if (key === BREAK && length === null) break;
      const mark = asKey(key);
      if (mark === null || seen.has(mark)) throw new NotCbor("a key that comes twice, or is no number and no text");
      seen.add(mark);
      values.set(key, this.inner(depth));
    }
    return values;
  }

  /** Each value takes a byte at least: a longer list than there are bytes left need not be begun. */
  bounded(length) {
    if (length !== null && length > this.bytes.length - this.at) throw new NotCbor("cut short");
  }
}

const plain = (big) => (big <= Number.MAX_SAFE_INTEGER ? Number(big) : big);

const negative = (argument) =>
  typeof argument === "bigint" || argument >= Number.MAX_SAFE_INTEGER ? -1n - BigInt(argument) : -1 - argument;

function readText(raw) {
  try {
    return text(raw);
  } catch {
    throw new NotCbor("text that is not UTF-8");
  }
}

function asKey(key) {
  if (typeof key === "number" || typeof key === "bigint") return `n${key}`;
  if (typeof key === "string") return `t${key}`;
  return key instanceof Uint8Array ? `b${key}` : null;
}

function fromHalf(bits) {
  const [sign, exponent, fraction] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent ? 2 ** (exponent - 25) * (1024 + fraction) : 2 ** -24 * fraction);
}

/** The deterministic encoding. Raises NotCbor for what has none here: tags, and values CBOR does not know. */
export function encode(value) {
  const parts = [];
  write(value, parts);
  return gathered(parts);
}

function write(value, parts) {
  if (value === null) parts.push(Uint8Array.of(0xf6));
  else if (typeof value === "boolean") parts.push(Uint8Array.of(value ? 0xf5 : 0xf4));
  else if (Number.isSafeInteger(value) || typeof value === "bigint") parts.push(value < 0 ? head(1, -1n - BigInt(value)) : head(0, value));
  else if (typeof value === "string") {
    const bytes = utf8(value);
    parts.push(head(3, bytes.length), bytes);
  } else if (value instanceof Uint8Array) parts.push(head(2, value.length), value);
  else if (Array.isArray(value)) {
    parts.push(head(4, value.length));
    for (const one of value) write(one, parts);
  } else if (value instanceof Map) writeMap(value, parts);
  else if (value instanceof Float) parts.push(shortest(value.value));
  else throw new NotCbor("no value of ours");
}

/** Keys stand in the order of their encodings, shorter ones first. */
function writeMap(map, parts) {
  const pairs = [...map].map(([key, value]) => [encode(key), value]);
  pairs.sort(([one], [other]) => one.length - other.length || inOrder(one, other));
  parts.push(head(5, pairs.length));
  for (const [key, value] of pairs) {
    parts.push(key);
    write(value, parts);
  }
}

function inOrder(one, other) {
  const at = one.findIndex((byte, place) => byte !== other[place]);
  return at < 0 ? 0 : one[at] - other[at];
}

function head(major, argument) {
  const kind = major << 5;
  if (argument < 24) return Uint8Array.of(kind | Number(argument));
  if (argument < 0x100) return Uint8Array.of(kind | 24, Number(argument));
  const size = argument < 0x10000 ? 2 : argument < 0x100000000 ? 4 : 8;
  const bytes = new Uint8Array(1 + size);
  const view = new DataView(bytes.buffer);
  bytes[0] = kind | { 2: 25, 4: 26, 8: 27 }[size];
  if (size === 2) view.setUint16(1, Number(argument));
  else if (size === 4) view.setUint32(1, Number(argument));
  else view.setBigUint64(1, BigInt(argument));
  return bytes;
}

/** A float in as few bytes as hold it. */
function shortest(value) {
  const bytes = new Uint8Array(9);
  const view = new DataView(bytes.buffer);
  const half = asHalf(value);
  if (half !== null) {
    bytes[0] = 0xf9;
    view.setUint16(1, half);
    return bytes.subarray(0, 3);
  }
  if (Math.fround(value) === value) {
    bytes[0] = 0xfa;
    view.setFloat32(1, value);
    return bytes.subarray(0, 5);
  }
  bytes[0] = 0xfb;
  view.setFloat64(1, value);
  return bytes;
}

function asHalf(value) {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size === 0) return sign;
  const exponent = Math.max(-14, Math.floor(Math.log2(size)));
  const fraction = size / 2 ** (exponent - 10);
  if (exponent > 15 || !Number.isInteger(fraction) || fraction >= 2048) return null;
  return sign | (fraction < 1024 ? fraction : ((exponent + 15) << 10) | (fraction - 1024));
}
