/* UUIDv7, as every id here: the time, then chance. The same id twice is one scan. */
import { hex } from "./bytes.js";

export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const chance = (bytes[6] << 8) | bytes[7];
  new DataView(bytes.buffer).setBigUint64(0, (BigInt(Date.now()) << 16n) | BigInt(chance));
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  return bytes;
}

export const uuid = (bytes) => hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");

/** Sixteen bytes from the text of a UUID. Raises TypeError for what is none. */
export function fromUuid(written) {
  const digits = written.replaceAll("-", "");
  if (!/^[0-9a-f]{32}$/i.test(digits)) throw new TypeError(`${written} is no UUID`);
  return Uint8Array.from(digits.match(/../g), (pair) => parseInt(pair, 16));
}
