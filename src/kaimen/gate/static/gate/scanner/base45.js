/* Base45 (RFC 9285): what a QR code packs tightest. */

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const DIGIT = new Map([...ALPHABET].map((letter, value) => [letter, value]));

export class NotBase45 extends Error {}

/** The bytes `encoded` stands for. Raises NotBase45. */
export function decode(encoded) {
  const digits = Array.from(encoded, (letter) => DIGIT.get(letter));
  if (digits.includes(undefined)) throw new NotBase45("a character outside the alphabet");
  if (digits.length % 3 === 1) throw new NotBase45("one character too many or too few");
  const bytes = [];
  for (let at = 0; at < digits.length; at += 3) {
    const [a, b, c] = digits.slice(at, at + 3);
    const value = a + 45 * b + 2025 * (c ?? 0);
    if (value > (c === undefined ? 0xff : 0xffff)) throw new NotBase45("a group that stands for more than its bytes can hold");
    if (c !== undefined) bytes.push(value >> 8);
    bytes.push(value & 0xff);
  }
  return Uint8Array.from(bytes);
}

/** Bytes as base45. */
export function encode(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 2) {
    const pair = at + 1 < bytes.length;
    let value = pair ? bytes[at] * 256 + bytes[at + 1] : bytes[at];
    for (let digits = pair ? 3 : 2; digits > 0; digits -= 1) {
      text += ALPHABET[value % 45];
      value = Math.floor(value / 45);
    }
  }
  return text;
}
