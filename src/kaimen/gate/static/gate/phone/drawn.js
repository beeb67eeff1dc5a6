/* A code as a picture: alphanumeric QR at level M, black on white, with the quiet zone that ISO/IEC 18004 asks. */
import encodeQR from "../../npm/qr/index.js";

const SVG = "http://www.w3.org/2000/svg";
const QUIET = 4; // modules

/** Draw `code` into `box`, instead of what it held. */
export function draw(box, code) {
  const rows = encodeQR(code, "raw", { ecc: "medium", encoding: "alphanumeric", border: QUIET });
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", rows.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ""))).join(""));
  const ground = document.createElementNS(SVG, "rect");
  for (const [name, value] of [["width", rows.length], ["height", rows.length], ["fill", "#fff"]]) {
    ground.setAttribute(name, value);
  }
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("viewBox", `0 0 ${rows.length} ${rows.length}`);
  picture.setAttribute("class", "qr");
  picture.append(ground, path);
  box.replaceChildren(picture);
}
