/* Bytes as this program handles them: joined, compared, hashed, and as text. */

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Text as UTF-8. */
export const utf8 = (text) => ENCODER.encode(text);

/** UTF-8 as text. Raises TypeError for what is none. */
export const text = (bytes) => DECODER.decode(bytes);

export const joined = (...parts) => gathered(parts);

/** However many there are. */
export function gathered(parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export const same = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);

/** As text that can be the key of a Map. */
export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

export const fromHex = (digits) => Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));

export const base64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));

/** Raises DOMException for what is no base64. */
export const fromBase64 = (encoded) => Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));

export const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

/** Most significant byte first. */
export const fourBytes = (bytes, at) => new DataView(bytes.buffer, bytes.byteOffset).getUint32(at);
