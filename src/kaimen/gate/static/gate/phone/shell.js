/* The kept page: the code of the pass on this phone, without asking anybody. */
import { able, held } from "./holder.js";
import { showing } from "./showing.js";

const root = document.getElementById("kept");

function shows(which) {
  for (const part of root.querySelectorAll("[data-shows]")) part.hidden = part.dataset.shows !== which;
}

const pass = able() ? await held() : undefined;
if (pass?.token) {
  const day = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long" });
  root.querySelector("[data-ends]").textContent = day.format(pass.ends);
  shows("held");
  await showing(root.querySelector("[data-code]"), pass, () => shows("over"));
}
