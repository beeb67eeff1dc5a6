// The key of a post, made in this browser and kept in it: no script can read it out, and no server ever has it.
// IndexedDB holds the key itself, not its bytes. Whoever clears the browser's data has lost it, and makes another.

import { compressed, messageOf, sha256 } from "status/statement";

const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const ES256 = { name: "ECDSA", hash: "SHA-256" };

function answered(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function store(mode) {
  const opening = indexedDB.open("kaimen-keys", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("keys");
  const base = await answered(opening);
  return base.transaction("keys", mode).objectStore("keys");
}

async function described(pair) {
  const raw = compressed(new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)));
  return { secret: pair.privateKey, raw, id: (await sha256(raw)).subarray(0, 8) };
}

/** Whether this browser can keep a key here: only on https, or on the machine itself. */
export function possible() {
  return Boolean(globalThis.isSecureContext && globalThis.crypto?.subtle && globalThis.indexedDB);
}

/** The key of a post on this device: `{secret, raw, id}`, or null. */
export async function keyOf(post) {
  const pair = await answered((await store("readonly")).get(post));
  return pair ? described(pair) : null;
}

/** The key of a post, made when there is none. It cannot be taken out of this browser. */
export async function keyMade(post) {
  const known = await keyOf(post);
  if (known) return known;
  const pair = await crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
  await answered((await store("readwrite")).put(pair, post));
  await navigator.storage?.persist?.();
  return described(pair);
}

/** 64 bytes over the domain and the content. */
export async function signed(key, content) {
  return new Uint8Array(await crypto.subtle.sign(ES256, key.secret, messageOf(content)));
}
