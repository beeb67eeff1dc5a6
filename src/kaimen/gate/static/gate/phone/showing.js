/* Shows a pass's code in a box, made anew every few seconds while somebody may hold it to a camera. */
import { draw } from "./drawn.js";
import { code, over } from "./holder.js";

const EVERY = 10_000; // ms by the centre's clock; a gate takes a code for a minute

/** Begin; `ended` is called once the pass is over. */
export async function showing(box, pass, ended) {
  const again = async () => {
    if (!over(pass)) return draw(box, await code(pass));
    clearInterval(timer);
    return ended();
  };
  const timer = setInterval(again, EVERY / Math.max(1, pass.set.speed));
  // A page that was in the background draws before anybody holds it to a camera.
  document.addEventListener("visibilitychange", () => document.hidden || again());
  await again();
}
