/**
 * The pass this phone carries: a key that cannot be taken out of the browser, the token the centre gave for it, and the
 * code both make together, offline (docs/reference/pass.md).
 */
import { encode } from "../scanner/base45.js";
import { fromHex, hex, joined, utf8 } from "../scanner/bytes.js";
import { Clock } from "../scanner/clock.js";
import { CURVE, ORDER, compressed, signed } from "../scanner/keys.js";

const SHOWN_AS = utf8("kaimen holder 1\0");
const [NAME, TABLE, HELD] = ["kaimen-pass", "kept", "held"];

/** Whether this browser can keep a key. */
export const able = () => Boolean(globalThis.crypto?.subtle && globalThis.indexedDB);

/** A fresh pair, and its public half as a compressed point. The secret half cannot be exported. */
export async function freshPair() {
  const pair = await crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
  return { pair, raw: await compressed(pair.publicKey) };
}

/** {pair, raw, token, ends, set} of the pass on this phone, or undefined. `set` is a Clock's. */
export const held = () => asked("readonly", (table) => table.get(HELD));

export const keep = (pass) => asked("readwrite", (table) => table.put(pass, HELD));

export const forget = () => asked("readwrite", (table) => table.delete(HELD));

/** The code that opens the door now. */
export async function code({ pair, token, set }) {
  const seconds = Math.floor(new Clock(set).now() / 1000);
  const moment = new Uint8Array(4);
  new DataView(moment.buffer).setUint32(0, seconds);
  const signedPart = joined(token, moment);
  const signature = low(await signed(pair.privateKey, joined(SHOWN_AS, signedPart)));
  return `KM1:${encode(joined(signedPart, signature))}`;
}

/** The id of the key that signed the token, as text. */
export const signer = ({ token }) => hex(token.subarray(7, 15));

/** Whether the pass has ended by the centre's clock. */
export const over = ({ ends, set }) => new Clock(set).now() >= ends;

/** Of the two signatures ECDSA has for everything, the one with the smaller s: a gate reads no other. */
function low(signature) {
  const s = BigInt(`0x${hex(signature.subarray(32))}`);
  if (s <= ORDER / 2n) return signature;
  return joined(signature.subarray(0, 32), fromHex((ORDER - s).toString(16).padStart(64, "0")));
}

async function asked(mode, what) {
  const database = await done(Object.assign(indexedDB.open(NAME, 1), {
    onupgradeneeded: (event) => event.target.result.createObjectStore(TABLE),
  }));
  try {
    return await done(what(database.transaction(TABLE, mode, { durability: "strict" }).objectStore(TABLE)));
  } finally {
    database.close();
  }
}

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
