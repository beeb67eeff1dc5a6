/* Makes this phone a node: its key, one question to the centre, and the scanner's files onto the phone. */
import { fromBase64 } from "./bytes.js";
import { Refused, Unreachable, enrolled } from "./centre.js";
import { CLOCK, PENDING, SELF } from "./kept.js";
import { CURVE, compressed } from "./keys.js";
import { Store } from "./store.js";

const page = document.getElementById("enrol");
const form = page.querySelector("[data-enrol]");
const button = form.querySelector("button");
const wrong = page.querySelector("[data-wrong]");

const able = () => isSecureContext && crypto.subtle && "serviceWorker" in navigator && "indexedDB" in window && navigator.locks;

/** A key that cannot be exported, and the invitation it goes with; the same ones when the answer was lost on the way. */
async function invitation(store) {
  const pending = await store.get(PENDING);
  if (pending && pending.address === location.pathname) return pending;
  const answer = await fetch(location.pathname, { method: "POST", body: new FormData(form), redirect: "error" });
  if (!answer.ok) throw new Refused(answer.status, {});
  const { code, name, now, speed } = await answer.json();
  const pair = await crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
  const made = { code, name, pair, address: location.pathname };
  await store.put({ [PENDING]: made, [CLOCK]: { centre: Date.parse(now), phone: Date.now(), speed } });
  return made;
}

async function enrol(store) {
  const { code, name, pair } = await invitation(store);
  const said = await enrolled(code, await compressed(pair.publicKey), name);
  const self = { node: said.node, centreKey: fromBase64(said.centre_key), places: said.places, name, pair };
  await store.put({ [SELF]: self });
  await store.remove([PENDING]);
}

async function kept() {
  const registration = await navigator.serviceWorker.register(page.dataset.worker);
  const worker = registration.installing ?? registration.waiting ?? registration.active;
  await new Promise((resolve, reject) => {
    const look = () => {
      if (worker.state === "activated") resolve();
      if (worker.state === "redundant") reject(new Unreachable("the files did not arrive"));
    };
    worker.addEventListener("statechange", look);
    look();
  });
}

function say(what, more = "") {
  wrong.textContent = [wrong.dataset[what], more].filter(Boolean).join(" ");
  wrong.hidden = false;
  button.disabled = false;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  button.disabled = true;
  wrong.hidden = true;
  await navigator.storage?.persist?.();
  let store;
  try {
    store = await Store.opened();
    await enrol(store);
    await kept();
    location.assign(page.dataset.shell);
  } catch (error) {
    if (error instanceof Refused && store) await store.remove([PENDING]); // the next press asks for a fresh one
    say(error instanceof Refused ? "refused" : "again", error.message);
  } finally {
    store?.database.close();
  }
});

if (!able()) {
  say("old");
  form.querySelector("button").disabled = true;
} else {
  const store = await Store.opened();
  if (await store.get(SELF)) {
    page.querySelector("[data-taken]").hidden = false;
    button.disabled = true;
  }
  store.database.close();
}
