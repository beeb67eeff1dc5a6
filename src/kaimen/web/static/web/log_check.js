/** The page that checks a receipt: in this browser, before anything is sent. */

import { Refused, check, written } from "web/receipt";

const words = JSON.parse(document.getElementById("check-words").textContent);
const form = document.querySelector("form[data-check]");
const found = document.getElementById("found");
const [receipt, keys, picture] = ["[name=receipt]", "[name=keys]", "[data-picture]"].map((one) => form.querySelector(one));

form.addEventListener("submit", async (event) => {
  if (event.submitter?.value === "server" || !receipt.value.trim()) return; // the server answers what is missing, too
  event.preventDefault();
  found.replaceChildren(await outcome());
  found.focus();
});

async function outcome() {
  if (!globalThis.crypto?.subtle) return shown("unchecked", words.noCrypto);
  try {
    const proved = await check(receipt.value, keys.value.split("\n").filter((line) => line.trim()));
    return proved.signed ? told("holds", proved) : told("unchecked", proved, words.noEd25519);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return shown("refused", words[error.why]);
  }
}

/** A copy of one of the page's templates, with its words. */
function shown(kind, say) {
  const part = document.getElementById(`check-${kind}`).content.cloneNode(true);
  for (const place of part.querySelectorAll("[data-say]")) {
    place.textContent = say;
    place.hidden = !say;
  }
  return part;
}

function told(kind, proved, say = "") {
  const nobody = proved.signed && !proved.witnessed.length ? words.nobody : "";
  const part = shown(kind, say || nobody);
  const table = document.getElementById("check-proved").content.cloneNode(true);
  const put = (name, value) => { table.querySelector(`[data-${name}]`).textContent = value; };
  put("kind", proved.leaf.get("kind"));
  put("at", moment(Number(proved.leaf.get("at"))));
  put("place", `${proved.index} / ${proved.size}`);
  put("log", proved.log);
  put("hash", proved.leafHash);
  const seen = table.querySelector("[data-witnesses]");
  seen.replaceChildren(...proved.witnessed.map(({ name, at }) => element("li", `${name} · ${moment(at)}`)));
  if (!proved.witnessed.length) seen.replaceChildren(element("li", "–"));
  rows(table.querySelector("[data-public]"), proved.leaf);
  rows(table.querySelector("[data-secret]"), proved.secret);
  part.append(table);
  return part;
}

function rows(place, values) {
  if (!values) {
    place.closest("[data-part]").remove();
    return;
  }
  place.replaceChildren(...Array.from(values, ([name, value]) => [element("dt", name), element("dd", written(value))]).flat());
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

function moment(milliseconds) {
  const style = { dateStyle: "long", timeStyle: "medium", timeZone: form.dataset.zone };
  return new Intl.DateTimeFormat(document.documentElement.lang === "en" ? "en-GB" : "zh-CN", style).format(milliseconds);
}

// A photograph of the code

picture.closest("[hidden]").hidden = false;
picture.addEventListener("change", async () => {
  if (!picture.files.length) return;
  const { prepareZXingModule, readBarcodes } = await import("zxing-wasm/reader");
  prepareZXingModule({ overrides: { locateFile: () => form.dataset.wasm } });
  const codes = await readBarcodes(picture.files[0], { formats: ["QRCode"], tryHarder: true });
  const code = codes.find((one) => one.text.startsWith("KR1:"));
  if (!code) {
    found.replaceChildren(shown("unchecked", words.noCode));
    found.focus();
    return;
  }
  receipt.value = code.text;
  form.requestSubmit();
});

// A link from a receipt carries it behind the #, which no browser sends

if (location.hash.startsWith("#KR1")) {
  receipt.value = decodeURIComponent(location.hash.slice(1));
  form.requestSubmit();
}
