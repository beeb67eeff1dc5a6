/**
 * The credential, read by its layout: docs/reference/pass.md has every byte. The same order and the same reasons as
 * kaimen.passes.read, on every vector in tests/vectors/passes.
 */
import { NotBase45, decode as base45 } from "./base45.js";
import { fourBytes, fromHex, hex, joined, same, utf8 } from "./bytes.js";
import { NotCbor, Tagged, encode, readFirst, readWhole } from "./cbor.js";
import { NotAKey, ORDER, PublicKey, inForce } from "./keys.js";

const PREFIX = "KM1:";
const LONGEST = PREFIX.length + 384; // characters: enough to tell a pass with something behind it
const [CARD, TOKEN, PHONE] = [97, 142, 210]; // bytes
export const FRESH = 60_000; // ms that what a phone signed is good
const AHEAD = 30_000; // ms that a phone's clock may run before this one
const EARLIEST = 2 ** 16; // seconds: what CBOR writes in four bytes

const KIND = new Map([["4da201260448", "ES256"], ["4da201270448", "EdDSA"]]);
// Where each form has bytes that never change.
const ON_CARD = [[0, "d284"], [16, "a04da2041a"], [25, "0744"], [31, "5840"]];
const ON_PHONE = [[0, "84"], [15, "a0583aa3041a"], [25, "0744"], [31, "08a101a401022001215820"], [76, "5840"]];
const SIGN = new Map([["22f4", 2], ["22f5", 3]]);
const SIGNED_AS = joined(Uint8Array.of(0x84, 0x6a), utf8("Signature1"));
const NOTHING = Uint8Array.of(0x40);
const SHOWN_AS = utf8("kaimen holder 1\0");

/** A code that opens nothing: why, whose it is if the signatures held, and whether it was only too long to be read. */
export class BadPass extends Error {
  constructor(reason, reading = null, tooLong = false) {
    super(reason);
    this.reason = reason;
    this.reading = reading;
    this.tooLong = tooLong;
  }
}

/**
 * What `code` says at `at` (ms), if one of `keys` signed it: {index, expires, keyId, shown}, times in ms, `shown` null on
 * a card. Cheap checks first, signatures next, then all that has to do with time. Raises BadPass.
 */
export async function readPass(code, keys, at, fresh = FRESH) {
  const bytes = unwrapped(code);
  if (bytes.length !== CARD && bytes.length !== PHONE) throw noPass(bytes);
  const { reading, issuer } = await (bytes.length === CARD ? card : phone)(bytes, keys);
  if (!inForce(issuer, at)) throw new BadPass("key-not-in-force", reading);
  if (at >= reading.expires) throw new BadPass("expired", reading);
  if (reading.shown !== null && at - reading.shown > fresh) throw new BadPass("stale", reading);
  if (reading.shown !== null && reading.shown - at > AHEAD) throw new BadPass("ahead", reading);
  return reading;
}

function unwrapped(code) {
  if (!code.startsWith(PREFIX)) throw new BadPass("not-a-pass");
  if ([...code].length > LONGEST) throw new BadPass("not-a-pass", null, true);
  try {
    return base45(code.slice(PREFIX.length));
  } catch (error) {
    if (error instanceof NotBase45) throw new BadPass("not-a-pass");
    throw error;
  }
}

const fits = (bytes, marks) => marks.every(([at, mark]) => hex(bytes.subarray(at, at + mark.length / 2)) === mark);

async function card(bytes, keys) {
  const seconds = fourBytes(bytes, 21);
  if (!fits(bytes, ON_CARD) || seconds < EARLIEST) throw noPass(bytes);
  const [keyId, issuer] = issuerOf(bytes, 2, keys);
  const message = joined(SIGNED_AS, bytes.subarray(2, 16), NOTHING, bytes.subarray(17, 31));
  await checkIssuer(issuer.key, bytes.subarray(33, 97), message);
  return { reading: { index: fourBytes(bytes, 27), expires: seconds * 1000, keyId, shown: null }, issuer };
}

async function phone(bytes, keys) {
  const seconds = fourBytes(bytes, 21);
  const sign = SIGN.get(hex(bytes.subarray(74, 76)));
  if (!fits(bytes, ON_PHONE) || sign === undefined || seconds < EARLIEST) throw noPass(bytes);
  const [keyId, issuer] = issuerOf(bytes, 1, keys);
  const message = joined(SIGNED_AS, bytes.subarray(1, 15), NOTHING, bytes.subarray(16, 76));
  await checkIssuer(issuer.key, bytes.subarray(78, 142), message);
  await checkHolder(joined(Uint8Array.of(sign), bytes.subarray(42, 74)), bytes);
  const reading = { index: fourBytes(bytes, 27), expires: seconds * 1000, keyId, shown: fourBytes(bytes, TOKEN) * 1000 };
  return { reading, issuer };
}

function issuerOf(bytes, at, keys) {
  const kind = KIND.get(hex(bytes.subarray(at, at + 6)));
  if (kind === undefined) throw noPass(bytes);
  const keyId = hex(bytes.subarray(at + 6, at + 14));
  const issuer = keys.get(keyId);
  if (issuer === undefined || issuer.key.kind !== kind) throw new BadPass("unknown-key");
  return [keyId, issuer];
}

const number = (bytes) => BigInt(`0x${hex(bytes)}`);
const tooHigh = (s) => number(s) > ORDER / 2n;

/** ECDSA has a second signature for every one it makes, (r, n − s): only the one with the smaller s counts. */
async function checkIssuer(key, signature, message) {
  const s = signature.subarray(32);
  if (key.kind === "ES256" && tooHigh(s)) {
    const mirrored = ((ORDER - number(s)) % ORDER + ORDER) % ORDER;
    const again = joined(signature.subarray(0, 32), fromHex(mirrored.toString(16).padStart(64, "0")));
    throw new BadPass((await key.verifies(again, message)) ? "rewritten" : "altered");
  }
  if (!(await key.verifies(signature, message))) throw new BadPass("altered");
}

async function checkHolder(raw, bytes) {
  try {
    const holder = await PublicKey.read(raw);
    const shown = bytes.subarray(TOKEN + 4);
    const message = joined(SHOWN_AS, bytes.subarray(0, TOKEN + 4));
    if (!tooHigh(shown.subarray(32)) && (await holder.verifies(shown, message))) return;
  } catch (error) {
    if (!(error instanceof NotAKey)) throw error;
  }
  throw new BadPass("not-holder");
}

/** Tell what was cut, lengthened or encoded in another way from a token that is not a pass of ours. */
function noPass(bytes) {
  const tagged = bytes[0] === 0xd2;
  if (!tagged && bytes[0] !== 0x84) return new BadPass("not-a-pass");
  try {
    const { value, end } = readFirst(bytes);
    const parts = value instanceof Tagged ? value.value : value;
    const inner = Array.isArray(parts) && parts.length === 4 && parts[2] instanceof Uint8Array ? parts[2] : null;
    const payload = inner && readWhole(inner);
    if (bytes.length > end + (tagged ? 0 : PHONE - TOKEN)) return new BadPass("trailing-bytes");
    const rewritten = isAnother(parts, bytes.subarray(tagged ? 1 : 0, end)) || (inner !== null && isAnother(payload, inner));
    return new BadPass(rewritten ? "rewritten" : "not-a-pass");
  } catch (error) {
    if (error instanceof NotCbor) return new BadPass("altered");
    throw error;
  }
}

/** Whether `bytes` are another encoding of `value` than the one that counts. */
function isAnother(value, bytes) {
  try {
    return !same(encode(value), bytes);
  } catch (error) {
    if (error instanceof NotCbor) return false; // a tag: no pass has one inside
    throw error;
  }
}
