/* Fields of a message, each checked as it is read: whatever was sent, it is a value in its bounds or NotWire. */
import { joined, utf8 } from "./bytes.js";
import { NotCbor, decode, encode } from "./cbor.js";
import { signed as signature } from "./keys.js";

const LAST_MOMENT = 253_402_300_800_000; // ms to the year 10000
const LONGEST = 1000; // characters of any text in a message
export const CODE = 60; // characters of a code: a place's, a reason's

/** Bytes that are no message of this protocol, or whose signature does not hold. */
export class NotWire extends Error {}

const toSign = (kind, content) => joined(utf8(`${kind}\0`), content);

/** A message of some kind, with the signature of a private CryptoKey. */
export async function signed(key, kind, body) {
  const content = encode(new Map(Object.entries(body)));
  return encode([content, await signature(key, toSign(kind, content))]);
}

/** The body of a message that `key` signed as this kind, as a Map. Raises NotWire. */
export async function opened(bytes, kind, key, version) {
  const [content, given] = fields(decoded(bytes), 2);
  octets(given, 64);
  if (!(content instanceof Uint8Array) || !(await key.verifies(given, toSign(kind, content)))) {
    throw new NotWire(`the signature of this ${kind} does not hold`);
  }
  const body = decoded(content);
  if (!(body instanceof Map) || body.get("v") !== version) throw new NotWire(`not a ${kind} of version ${version}`);
  return body;
}

export function decoded(bytes) {
  if (!(bytes instanceof Uint8Array)) throw new NotWire("bytes are missing where a message should be");
  try {
    return decode(bytes);
  } catch (error) {
    if (error instanceof NotCbor) throw new NotWire(error.message);
    throw error;
  }
}

export function listOf(value) {
  if (!Array.isArray(value)) throw new NotWire("not a list");
  return value;
}

export function fields(value, count) {
  if (listOf(value).length !== count) throw new NotWire(`not a list of ${count}`);
  return value;
}

/** A map from codes to anything. */
export function mapOf(value) {
  if (!(value instanceof Map)) throw new NotWire("not a map");
  for (const key of value.keys()) text(key, CODE);
  return value;
}

/** A whole number from 0. Numbers that JavaScript cannot hold are refused; nothing that is sent comes near. */
export function whole(value, below = Infinity) {
  if (!Number.isSafeInteger(value) || value < 0 || value >= below) throw new NotWire(`not a whole number below ${below}`);
  return value;
}

export const orNone = (value, read) => (value === null ? null : read(value));

export function yesNo(value) {
  if (typeof value !== "boolean") throw new NotWire("neither true nor false");
  return value;
}

export function text(value, longest = LONGEST) {
  if (typeof value !== "string" || [...value].length > longest) throw new NotWire(`not a text of up to ${longest} characters`);
  return value;
}

export function octets(value, count) {
  if (!(value instanceof Uint8Array) || value.length !== count) throw new NotWire(`not ${count} bytes`);
  return value;
}

/** A moment, in ms. */
export const moment = (value) => whole(value, LAST_MOMENT);

/** One of the words that stand for numbers. */
export const oneOf = (words) => (value) => words[whole(value, words.length)];

/** Maps as objects, all the way down: what the evaluator of rules reads. */
export function plain(value) {
  if (Array.isArray(value)) return value.map(plain);
  if (!(value instanceof Map)) return value;
  return Object.fromEntries([...value].map(([key, one]) => [text(key), plain(one)]));
}
