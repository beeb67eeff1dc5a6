/* One's own pass on the page: keeps it on this phone by one press, and makes its code anew while the page is open. */
import { base64, fromBase64, hex, sha256 } from "../scanner/bytes.js";
import { filesKept } from "../scanner/files_kept.js";
import { able, forget, freshPair, held, keep, over, signer } from "./holder.js";
import { showing } from "./showing.js";

const root = document.querySelector("[data-pass]");
const box = root.querySelector("[data-code]");
const form = document.querySelector("[data-carry]");
const here = form.querySelector("[data-here]");
const wrong = form.querySelector("[data-wrong]");

function say(which) {
  for (const line of root.querySelectorAll("[data-says]")) line.hidden = line.dataset.says !== which;
}

async function show(pass) {
  say("fresh");
  root.querySelector("[data-code-box]").hidden = false;
  here.hidden = true;
  await showing(box, pass, () => location.reload());
  await filesKept(root.dataset.worker);
  document.querySelector("[data-offline]").hidden = false;
}

/** Ask the centre to put the pass on this phone; the key is kept before it is sent, so that nothing is lost half way. */
async function carry(move) {
  const { pair, raw } = (await held()) ?? (await freshPair());
  await keep({ pair, raw });
  const said = new FormData(form);
  said.set("key", base64(raw));
  if (move) said.set("move", "yes");
  const asked = Date.now();
  const answer = await fetch(root.dataset.address, { method: "POST", body: said, redirect: "error" });
  const content = await answer.json();
  if (!answer.ok) throw new Error(content.error);
  const set = { centre: content.now, phone: (asked + Date.now()) / 2, speed: content.speed };
  await keep({ pair, raw, token: fromBase64(content.token), ends: content.ends, set });
}

async function tried(work) {
  here.disabled = true;
  wrong.hidden = true;
  try {
    await work();
  } catch (error) {
    wrong.textContent = error instanceof TypeError ? wrong.dataset.again : error.message;
    wrong.hidden = false;
  }
  here.disabled = false;
}

here.addEventListener("click", () => tried(async () => {
  await navigator.storage?.persist?.();
  await carry(root.dataset.carried !== "nothing");
  location.reload();
}));

if (able()) {
  const mine = await held();
  const key = mine ? hex((await sha256(mine.raw)).subarray(0, 8)) : null;
  if (root.dataset.carried === "phone" && key === root.dataset.key) {
    await tried(async () => {
      // An answer that was lost on its way, a clock that was wrong, a key that signs no more: the token is asked for anew.
      if (!mine.token || over(mine) || signer(mine) !== root.dataset.signer) await carry(false);
      await show(await held());
    });
  } else {
    if (mine?.token) await forget();
    here.hidden = false;
  }
}
