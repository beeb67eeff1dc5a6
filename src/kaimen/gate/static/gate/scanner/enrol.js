/* The page on which a guard who is signed in makes the phone a scanner of one place, by one press. */
import { Refused } from "./centre.js";
import { able, enrol, invitation } from "./enrolment.js";
import { filesKept } from "./files_kept.js";
import { SELF } from "./kept.js";
import { Store } from "./store.js";

const page = document.getElementById("enrol");
const form = page.querySelector("[data-enrol]");
const button = form.querySelector("button");
const wrong = page.querySelector("[data-wrong]");

function say(what, more = "") {
  wrong.textContent = [wrong.dataset[what], more].filter(Boolean).join(" ");
  wrong.hidden = false;
}

async function withStore(work) {
  const store = await Store.opened();
  try {
    return await work(store);
  } finally {
    store.database.close();
  }
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  button.disabled = true;
  wrong.hidden = true;
  await navigator.storage?.persist?.();
  try {
    await withStore(async (store) => enrol(store, await invitation(store, location.pathname, new FormData(form))));
    await filesKept(page.dataset.worker);
    location.assign(page.dataset.shell);
  } catch (error) {
    say(error instanceof Refused ? "refused" : "again", error.message);
    button.disabled = false;
  }
});

if (!able()) {
  say("old");
  button.disabled = true;
} else if (await withStore((store) => store.get(SELF))) {
  page.querySelector("[data-taken]").hidden = false;
  button.disabled = true;
}
