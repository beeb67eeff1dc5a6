/**
 * Checks a receipt of the log (docs/reference/log.md) with nothing but the browser's own SHA-256 and Ed25519.
 *
 *     const proved = await check("KR1:…", ["log.example+…", "court.example/witness+…"]);
 *     proved.signed   // false: this browser has no Ed25519, so only entry, path and opening were checked
 *
 * Nothing is sent and nothing is fetched. Raises Refused; its `why` is one of notAReceipt, notAKey, noLog, path,
 * signature, leaf, opening. The same checks as kaimen.proofs.receipts, written by themselves.
 */

export class Refused extends Error {
  constructor(why, detail = "") {
    super(detail || why);
    this.why = why;
  }
}

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const LARGEST = 2800;
const LOG = 1, WITNESS = 4; // types of keys
const HASH = 32;
const LATEST = 253402300800000n;
const utf8 = new TextEncoder();
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** What a receipt proves to somebody who trusts these keys. Raises Refused. */
export async function check(text, keys) {
  const receipt = readReceipt(text);
  const known = await Promise.all(keys.map(readKey));
  const leaf = readLeaf(receipt.leaf);
  const leafHash = await sha256(Uint8Array.of(0), receipt.leaf);
  const root = await rootOf(leafHash, receipt);
  const log = known.find((key) => key.type === LOG && receipt.signatures.some(([id]) => same(id, key.id)));
  if (!log) throw new Refused("noLog");
  const note = `${log.name}\n${receipt.size}\n${base64(root)}\n`;
  const signed = await hasEd25519();
  const witnessed = signed ? await signers(note, receipt.signatures, log, known) : [];
  if (receipt.opening) await opens(leaf, receipt.opening);
  return {
    signed, witnessed, leaf, leafHash: hex(leafHash), log: log.name, index: receipt.index, size: receipt.size,
    secret: receipt.opening ? hidden(receipt.opening[1]) : null,
  };
}

// The form

function readReceipt(text) {
  const whole = text.replace(/[\r\n]/g, "").trimStart();
  for (const one of new Set([whole, whole.trimEnd()])) {
    try {
      return partsOf(decode(base45(one)));
    } catch (error) {
      if (!(error instanceof Refused) || one === whole.trimEnd()) throw error;
    }
  }
  throw new Refused("notAReceipt");
}

function base45(text) {
  if (!text.startsWith("KR1:")) throw new Refused("notAReceipt", "does not begin with KR1:");
  const digits = Array.from(text.slice(4), (letter) => ALPHABET.indexOf(letter));
  if (digits.includes(-1) || digits.length % 3 === 1) throw new Refused("notAReceipt", "not base45");
  const bytes = [];
  for (let at = 0; at < digits.length; at += 3) {
    const group = digits.slice(at, at + 3);
    const value = group[0] + 45 * group[1] + 2025 * (group[2] ?? 0);
    if (value > (group.length === 3 ? 65535 : 255)) throw new Refused("notAReceipt", "not base45");
    if (group.length === 3) bytes.push(value >> 8);
    bytes.push(value & 255);
  }
  if (bytes.length > LARGEST) throw new Refused("notAReceipt", "too long");
  return Uint8Array.from(bytes);
}

function partsOf(value) {
  const [version, index, size, leaf, path, signatures, opening] = Array.isArray(value) && value.length === 7 ? value : [];
  const bytes = (one) => one instanceof Uint8Array;
  const pair = (one) => Array.isArray(one) && one.length === 2 && one.every(bytes);
  const whole = (one) => typeof one === "bigint";
  const sound = version === 1n && whole(index) && whole(size) && index >= 0n && index < size && size < 2n ** 63n
    && bytes(leaf) && bytes(path) && path.length % HASH === 0 && path.length <= 63 * HASH
    && Array.isArray(signatures) && signatures.every((one) => pair(one) && one[0].length === 4)
    && (opening === null || (pair(opening) && opening[0].length === HASH));
  if (!sound) throw new Refused("notAReceipt", "not the parts of a receipt");
  const steps = [];
  for (let at = 0; at < path.length; at += HASH) steps.push(path.subarray(at, at + HASH));
  return { index, size, leaf, steps, signatures, opening };
}

function readLeaf(data) {
  let said;
  try {
    said = decode(data);
  } catch {
    throw new Refused("leaf", "no deterministic CBOR");
  }
  const sound = said instanceof Map && said.get("v") === 1n && /^[a-z][a-z0-9-]{0,39}$/.test(said.get("kind"))
    && typeof said.get("kind") === "string" && typeof said.get("at") === "bigint" && said.get("at") >= 0n
    && said.get("at") < LATEST && said.get("id") instanceof Uint8Array && said.get("id").length === 16
    && (!said.has("c") || (said.get("c") instanceof Uint8Array && said.get("c").length === HASH));
  if (!sound) throw new Refused("leaf");
  return said;
}

async function readKey(line) {
  const [, name, id, encoded] = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(line.trim()) ?? [];
  let data;
  try {
    data = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
  } catch {
    data = new Uint8Array();
  }
  if (!name || data.length !== 33 || ![LOG, WITNESS].includes(data[0])) throw new Refused("notAKey", line);
  const key = { name, type: data[0], raw: data.subarray(1), id: (await sha256(utf8.encode(`${name}\n`), data)).subarray(0, 4) };
  if (hex(key.id) !== id) throw new Refused("notAKey", line);
  return key;
}

// The proof (RFC 9162, section 2.1.3.2)

async function rootOf(leafHash, { index, size, steps }) {
  let [fn, sn, root] = [index, size - 1n, leafHash];
  for (const step of steps) {
    if (sn === 0n) throw new Refused("path");
    if (fn & 1n || fn === sn) {
      root = await node(step, root);
      while (!(fn & 1n) && fn !== 0n) [fn, sn] = [fn >> 1n, sn >> 1n];
    } else {
      root = await node(root, step);
    }
    [fn, sn] = [fn >> 1n, sn >> 1n];
  }
  if (sn !== 0n) throw new Refused("path");
  return root;
}

const node = (left, right) => sha256(Uint8Array.of(1), left, right);

async function opens(leaf, [salt, secret]) {
  const is = await sha256(utf8.encode("kaimen commitment 1\0"), salt, secret);
  if (!leaf.has("c") || !same(is, leaf.get("c"))) throw new Refused("opening");
}

// The signatures (C2SP signed-note, tlog-cosignature)

/** Witnesses that saw the tree, and when; every line of a known key must hold. */
async function signers(note, signatures, log, known) {
  const of = (key) => signatures.filter(([id]) => same(id, key.id)).map(([, value]) => value);
  for (const value of of(log)) await holds(log, value, note);
  const seen = [];
  for (const witness of known.filter((key) => key.type === WITNESS)) {
    const times = [];
    for (const value of of(witness)) {
      const seconds = value.length === 72 ? number(value.subarray(0, 8)) : -1n;
      if (seconds < 0n || seconds > 2n ** 33n) throw new Refused("signature", witness.name);
      await holds(witness, value.subarray(8), `cosignature/v1\ntime ${seconds}\n${note}`);
      times.push(Number(seconds));
    }
    if (times.length) seen.push({ name: witness.name, at: new Date(Math.min(...times) * 1000) });
  }
  return seen.sort((one, other) => (one.name < other.name ? -1 : 1));
}

async function holds(key, signature, message) {
  const imported = await crypto.subtle.importKey("raw", key.raw, "Ed25519", false, ["verify"]);
  if (!(await crypto.subtle.verify("Ed25519", imported, signature, utf8.encode(message)))) {
    throw new Refused("signature", key.name);
  }
}

/** Whether this browser has Ed25519: asked with the first test vector of RFC 8032. */
export async function hasEd25519() {
  try {
    const key = fromHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
    return true;
  } catch {
    return false;
  }
}

// Deterministic CBOR: whole numbers, bytes, text, lists, maps with text as keys, yes, no, nothing

function decode(data) {
  const reading = { data, at: 0 };
  const value = item(reading, 0);
  if (reading.at !== data.length) throw new Refused("notAReceipt", "bytes behind it");
  return value;
}

function item(reading, depth) {
  if (depth > 16) throw new Refused("notAReceipt", "too deep");
  const first = take(reading, 1)[0];
  const major = first >> 5;
  if (major === 7) return simple(first);
  const count = head(reading, first & 31);
  if (major === 0) return count;
  if (major === 1) return -1n - count;
  if (major === 2) return take(reading, count);
  if (major === 3) return words(take(reading, count));
  if (major === 4) return list(reading, count, depth);
  if (major === 5) return map(reading, count, depth);
  throw new Refused("notAReceipt", "a tag");
}

function simple(first) {
  const value = { 0xf4: false, 0xf5: true, 0xf6: null }[first];
  if (value === undefined) throw new Refused("notAReceipt", "a value nobody knows");
  return value;
}

function head(reading, short) {
  if (short < 24) return BigInt(short);
  const size = { 24: 1, 25: 2, 26: 4, 27: 8 }[short];
  if (!size) throw new Refused("notAReceipt", "no length");
  const value = number(take(reading, size));
  if (value < (size === 1 ? 24n : 1n << BigInt(size * 4))) throw new Refused("notAReceipt", "not the shortest form");
  return value;
}

function take(reading, count) {
  const end = reading.at + Number(count);
  if (end > reading.data.length) throw new Refused("notAReceipt", "it ends too early");
  const bytes = reading.data.subarray(reading.at, end);
  reading.at = end;
  return bytes;
}

function list(reading, count, depth) {
  const values = [];
  for (let at = 0n; at < count; at += 1n) values.push(item(reading, depth + 1));
  return values;
}

function map(reading, count, depth) {
  const values = new Map();
  let before = null;
  for (let at = 0n; at < count; at += 1n) {
    const start = reading.at;
    const name = item(reading, depth + 1);
    const written = reading.data.subarray(start, reading.at);
    if (typeof name !== "string" || (before && !comesAfter(written, before))) throw new Refused("notAReceipt", "a map out of order");
    before = written;
    values.set(name, item(reading, depth + 1));
  }
  return values;
}

function comesAfter(bytes, before) {
  if (bytes.length !== before.length) return bytes.length > before.length;
  const at = bytes.findIndex((byte, place) => byte !== before[place]);
  return at >= 0 && bytes[at] > before[at];
}

function words(bytes) {
  try {
    return strict.decode(bytes);
  } catch {
    throw new Refused("notAReceipt", "not UTF-8");
  }
}

function hidden(secret) {
  try {
    const said = decode(secret);
    if (said instanceof Map) return said;
  } catch { /* a secret may be any bytes */ }
  return new Map([["", secret]]);
}

// Bytes

async function sha256(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
}

const same = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);
const number = (bytes) => bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const fromHex = (text) => Uint8Array.from(text.match(/../g), (byte) => parseInt(byte, 16));
const base64 = (bytes) => btoa(String.fromCharCode(...bytes));

/** A value as the page shows it. */
export function written(value) {
  if (value === null) return "–";
  if (value instanceof Uint8Array) return hex(value);
  if (Array.isArray(value)) return `[${value.map(written).join(", ")}]`;
  if (value instanceof Map) return `{${Array.from(value, ([name, one]) => `${name}: ${written(one)}`).join(", ")}}`;
  return String(value);
}
