// Statements as bytes: the deterministic CBOR of kaimen.colours.statements, its domain, the envelope around it. Pure:
// runs in pages and under node, where a test holds it to the bytes the server makes of the same statements.

export const DOMAIN = "kaimen statement 1\0";
export const VERSION = 1;
const text = new TextEncoder();

// Type and length of an item, in the shortest form there is.
function head(major, size) {
  const value = BigInt(size);
  const first = major << 5;
  if (value < 24n) return [first | Number(value)];
  const bytes = value < 256n ? 1 : value < 65536n ? 2 : value < 4294967296n ? 4 : 8;
  const written = [];
  for (let at = bytes - 1; at >= 0; at -= 1) written.push(Number((value >> BigInt(8 * at)) & 255n));
  return [first | (24 + Math.log2(bytes)), ...written];
}

function compared(left, right) {
  for (let at = 0; at < Math.min(left.length, right.length); at += 1) {
    if (left[at] !== right[at]) return left[at] - right[at];
  }
  return left.length - right.length;
}

function map(value) {
  const pairs = Object.entries(value).map(([name, one]) => [items(name), items(one)]);
  pairs.sort(([left], [right]) => compared(left, right));
  return [...head(5, pairs.length), ...pairs.flat(2)];
}

function items(value) {
  if (value === null) return [0xf6];
  if (typeof value === "boolean") return [value ? 0xf5 : 0xf4];
  if (typeof value === "string") {
    const bytes = text.encode(value);
    return [...head(3, bytes.length), ...bytes];
  }
  if (Number.isSafeInteger(value)) return value < 0 ? head(1, -1 - value) : head(0, value);
  if (value instanceof Uint8Array) return [...head(2, value.length), ...value];
  if (Array.isArray(value)) return [...head(4, value.length), ...value.flatMap(items)];
  if (Object.getPrototypeOf(value) === Object.prototype) return map(value);
  throw new TypeError(`nothing a statement holds: ${String(value)}`);
}

/** The one encoding of a value: null, yes or no, whole number, text, bytes, list, map with names. */
export function encode(value) {
  return Uint8Array.from(items(value));
}

/** The bytes of a statement: `{kind, …fields}`. */
export function contentOf(statement) {
  return encode({ v: VERSION, ...statement });
}

/** What a signature is over. */
export function messageOf(content) {
  return joined(text.encode(DOMAIN), content);
}

/** The envelope of content and its signatures: `[[key id, signature], …]`. */
export function sealed(content, signatures) {
  return encode([content, signatures]);
}

/** The compressed point (33 bytes) of an uncompressed one (65 bytes, 04 first). */
export function compressed(point) {
  return joined(Uint8Array.of(2 + (point[64] & 1)), point.subarray(1, 33));
}

/** What evidence says about whom it is: the same as `identity_of` of persons and of places. */
export async function identityOf(domain, salt, word) {
  return sha256(joined(text.encode(domain), salt, text.encode(word)));
}

export async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

export function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export const fromHex = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
export const toHex = (bytes) => Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");

export function toBase64(bytes) {
  let binary = "";
  for (const one of bytes) binary += String.fromCharCode(one);
  return btoa(binary);
}

/** Values as a page brings them: bytes stand in JSON as `{"$": hex}`. */
export function revived(value) {
  if (Array.isArray(value)) return value.map(revived);
  if (value === null || typeof value !== "object") return value;
  if (typeof value.$ === "string") return fromHex(value.$);
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, revived(one)]));
}
