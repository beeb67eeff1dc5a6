/* The phone's side of the centre's API of nodes: each request signed with its key, no cookie sent along. */
import { base64, fromBase64, utf8 } from "./bytes.js";
import { signed } from "./keys.js";
import { readNotice } from "./wire.js";

const PATIENCE = 15_000; // ms
const API = "/api/gate";

/** No answer, or none that this program understands: try again later. */
export class Unreachable extends Error {}

/** The centre said no: `status`, and all of its words in `said`. */
export class Refused extends Error {
  constructor(status, said) {
    super([said.error, said.remedy].filter(Boolean).join(" ") || `status ${status}`);
    this.status = status;
    this.said = said;
  }

  revoked = false; // whether the centre listens to this node no more: it signed that
}

/** Spend a one-time code. Gives {node, centre_key, places, now (ms)}; raises Unreachable, Refused. */
export async function enrolled(code, publicKey, name) {
  const body = JSON.stringify({ code, public_key: base64(publicKey), name });
  const answer = await ask("/nodes", { method: "POST", headers: { "Content-Type": "application/json" }, body });
  return { ...(await words(answer)), now: Date.parse(answer.headers.get("Kaimen-Clock")) };
}

export class Centre {
  /** `centreKey`: what the centre signs, it signs with the other half of it. */
  constructor(node, key, clock, centreKey) {
    Object.assign(this, { node, key, clock, centreKey });
    this.corrected = () => {}; // called when the centre's time was another than ours
  }

  /** The number of each list this node should hold, and how far each of its chains arrived (by epoch, as text). */
  async standing() {
    const { lists, acknowledged } = await words(await this.#signed("GET", "/lists"));
    if (!numbers(lists) || !numbers(acknowledged)) throw new Unreachable("the centre’s answer names no lists");
    return { lists: new Map(Object.entries(lists)), acknowledged };
  }

  /** The signed list of `place`, not yet checked. */
  listOf(place) {
    return this.#signed("GET", `/lists/${encodeURIComponent(place)}`).then(bytes);
  }

  /** Hand over a signed batch; gives the last number the centre holds. */
  async take(batch) {
    const asked = this.clock.own();
    const how = { method: "POST", headers: { "Content-Type": "application/cbor" }, body: batch };
    const answer = await ask("/entries", how).catch((error) => this.#refused(error));
    this.#time(answer, asked);
    const { acknowledged } = await words(answer);
    if (!Number.isSafeInteger(acknowledged) || acknowledged < 0) throw new Unreachable("the centre’s answer acknowledges nothing");
    return acknowledged;
  }

  /** The shift is over: the centre listens to this key no more. */
  async leave() {
    await this.#signed("POST", "/shift-ends");
  }

  async #signed(method, path) {
    const time = new Date(this.clock.now()).toISOString();
    const signature = await signed(this.key, utf8(`${method} ${decodeURIComponent(API + path)}\n${time}`));
    const headers = { "Kaimen-Node": this.node, "Kaimen-Time": time, "Kaimen-Signature": base64(signature) };
    const asked = this.clock.own();
    try {
      const answer = await ask(path, { method, headers });
      this.#time(answer, asked);
      return answer;
    } catch (error) {
      if (error instanceof Refused) this.#time(error.answer, asked);
      return this.#refused(error);
    }
  }

  /** Raises `error`, once it is known whether the centre signed that this node is revoked. */
  async #refused(error) {
    if (error instanceof Refused && typeof error.said.notice === "string") {
      try {
        await readNotice(fromBase64(error.said.notice), this.node, this.centreKey);
        error.revoked = true;
      } catch { /* whoever wrote it, the centre did not */ }
    }
    throw error;
  }

  #time(answer, asked) {
    const said = Date.parse(answer.headers.get("Kaimen-Clock") ?? "");
    if (!Number.isNaN(said) && this.clock.told(said, asked)) this.corrected();
  }
}

async function ask(path, how) {
  let answer;
  try {
    answer = await fetch(API + path, {
      ...how, credentials: "omit", cache: "no-store", redirect: "error", signal: AbortSignal.timeout(PATIENCE),
    });
  } catch (error) {
    throw new Unreachable(`the centre cannot be reached: ${error.message}`);
  }
  if (answer.status >= 500) throw new Unreachable(`the centre answered with status ${answer.status}`);
  if (answer.ok) return answer;
  const refused = new Refused(answer.status, await answer.json().catch(() => ({})));
  refused.answer = answer;
  throw refused;
}

const numbers = (said) => typeof said === "object" && said !== null && Object.values(said).every(Number.isSafeInteger);

async function words(answer) {
  try {
    const said = await answer.json();
    if (typeof said === "object" && said !== null) return said;
  } catch { /* the same as words that are none */ }
  throw new Unreachable("the centre’s answer is no JSON object");
}

async function bytes(answer) {
  try {
    return new Uint8Array(await answer.arrayBuffer());
  } catch (error) {
    throw new Unreachable(`the answer did not arrive whole: ${error.message}`);
  }
}
