/**
 * Keys to verify with: P-256 as a compressed point of 33 bytes, Ed25519 as 32. WebCrypto takes no compressed points, so
 * the other half of the point is worked out here; that is public arithmetic, with no secret in it.
 */
import { fromHex, hex, joined, sha256 } from "./bytes.js";

const P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;
const ES256 = { name: "ECDSA", hash: "SHA-256" };
export const CURVE = { name: "ECDSA", namedCurve: "P-256" };
export const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

export class NotAKey extends Error {}

/** A key somebody signs with: `kind` is "ES256" or "EdDSA"; it counts from `begins` up to `ends` (ms; null: always). */
export class PublicKey {
  constructor(kind, raw, key) {
    this.kind = kind;
    this.raw = raw;
    this.key = key;
  }

  /** Read 33 bytes (P-256) or 32 (Ed25519). Raises NotAKey, also where this browser has no Ed25519. */
  static async read(raw) {
    try {
      if (raw.length === 33) {
        return new PublicKey("ES256", raw, await crypto.subtle.importKey("raw", point(raw), CURVE, true, ["verify"]));
      }
      return new PublicKey("EdDSA", raw, await crypto.subtle.importKey("raw", raw, "Ed25519", true, ["verify"]));
    } catch (error) {
      throw error instanceof NotAKey ? error : new NotAKey(`no key that this browser can use: ${error.message}`);
    }
  }

  /** Whether `signature` (64 bytes) is this key's over `message`. */
  verifies(signature, message) {
    return crypto.subtle.verify(this.kind === "ES256" ? ES256 : "Ed25519", this.key, signature, message);
  }

  /** The first eight bytes of the key's SHA-256, as text. */
  async id() {
    return hex((await sha256(this.raw)).subarray(0, 8));
  }
}

/** Keys by key id, from `[raw, begins, ends]`. Raises NotAKey. */
export async function keyring(rows) {
  const ring = new Map();
  for (const [raw, begins, ends] of rows) {
    const key = await PublicKey.read(raw);
    ring.set(await key.id(), { key, begins: begins ?? null, ends: ends ?? null });
  }
  return ring;
}

export const inForce = ({ begins, ends }, at) => (begins === null || at >= begins) && (ends === null || at < ends);

/** What `key` (a CryptoKey for ECDSA) signs `message` with: r then s. */
export const signed = async (key, message) => new Uint8Array(await crypto.subtle.sign(ES256, key, message));

/** A public CryptoKey as a compressed point. */
export async function compressed(key) {
  const raw = new Uint8Array(await crypto.subtle.exportKey("raw", key));
  return joined(Uint8Array.of(2 + (raw[64] & 1)), raw.subarray(1, 33));
}

/** 33 bytes → 65: y² = x³ − 3x + b, and the root whose last bit the first byte names. Raises NotAKey. */
export function point(raw) {
  const x = BigInt(`0x${hex(raw.subarray(1)) || 0}`);
  if (raw.length !== 33 || (raw[0] !== 2 && raw[0] !== 3) || x >= P) throw new NotAKey("no compressed point");
  const square = (x * x * x - 3n * x + B) % P;
  const root = power(square < 0n ? square + P : square, (P + 1n) / 4n);
  if ((root * root - square) % P !== 0n) throw new NotAKey("no point of the curve");
  const y = Number(root & 1n) === (raw[0] & 1) ? root : P - root;
  return joined(Uint8Array.of(4), raw.subarray(1), fromHex(y.toString(16).padStart(64, "0")));
}

function power(base, exponent) {
  let result = 1n;
  for (let square = base, rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % P;
    square = (square * square) % P;
  }
  return result;
}
