/* Makes this phone a node: its key, one question to the centre, the scanner's files onto the phone. No page in here. */
import { fromBase64 } from "./bytes.js";
import { Refused, Unreachable, enrolled } from "./centre.js";
import { CLOCK, PENDING, SELF } from "./kept.js";
import { CURVE, compressed } from "./keys.js";

/** Whether this browser can keep a key safely, and a journal, and open without a network. */
export const able = () =>
  Boolean(isSecureContext && crypto.subtle && "serviceWorker" in navigator && "indexedDB" in window && navigator.locks);

/**
 * Spend the one-time code of an invitation; `speed` is that of the centre's clock, which is another in a drill only. The
 * key cannot be exported. It is kept before the code is spent, so that the same code goes with the same key again when
 * the answer was lost on the way. Raises Unreachable, Refused, StoreFailed.
 */
export async function enrol(store, { code, name = "", speed = 1 }) {
  const kept = await store.get(PENDING);
  const pending = kept?.code === code ? kept : { code, name, speed };
  const pair = pending.pair ?? (await crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]));
  await store.put({ [PENDING]: { ...pending, pair } });
  const said = await answered(store, code, await compressed(pair.publicKey), name);
  const self = { node: said.node, centreKey: fromBase64(said.centre_key), places: said.places, name, pair, revoked: false };
  await store.put({ [SELF]: self, [CLOCK]: { centre: said.now, phone: Date.now(), speed } });
  await store.remove([PENDING]);
}

/** A refused code is not asked with again. */
async function answered(store, code, publicKey, name) {
  try {
    return await enrolled(code, publicKey, name);
  } catch (error) {
    if (error instanceof Refused) await store.remove([PENDING]);
    throw error;
  }
}

/** The invitation that waits at `address` for whoever is signed in; the one that was asked for before, if it was not spent. */
export async function invitation(store, address, form) {
  const pending = await store.get(PENDING);
  if (pending?.address === address) return pending;
  let answer;
  try {
    answer = await fetch(address, { method: "POST", body: form, redirect: "error" });
  } catch (error) {
    throw new Unreachable(error.message);
  }
  if (!answer.ok) throw new Refused(answer.status, {});
  const made = { ...(await answer.json()), address };
  await store.put({ [PENDING]: made });
  return made;
}
