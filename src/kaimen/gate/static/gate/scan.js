/* The guard's scanner: camera → code → the gate node's answer, full screen. Without this file the forms do the same. */
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";

const idle = document.getElementById("idle");
const verdict = document.getElementById("verdict");
const finder = document.getElementById("finder");
const video = finder.querySelector("video");
const said = finder.querySelector("[data-said]");
const torch = document.getElementById("torch");
const codeForm = idle.querySelector("form[data-code]");
const canvas = document.createElement("canvas");
const picture = canvas.getContext("2d", { willReadFrequently: true });

const READING = { formats: ["QRCode"], maxNumberOfSymbols: 1, tryHarder: true };
const WIDTH = 640; // pixels that are enough for version 11 at arm's length
const AGAIN = 4000; // a code counts again only when it was out of the camera's sight this long
const SOUNDS = { enter: [[880, 0.12]], desk: [[520, 0.14], [520, 0.14]], refuse: [[220, 0.5]], none: [[330, 0.2]] };
const SHAKES = { enter: 60, desk: [80, 60, 80], refuse: [300, 100, 300], none: [80] };

prepareZXingModule({
  overrides: { locateFile: (name, folder) => (name.endsWith(".wasm") ? idle.dataset.wasm : folder + name) },
  fireImmediately: true,
});

let busy = false; // a verdict stands, or the node is being asked
let last = { code: "", at: 0 };
let timer = 0;
let audio = null;

/* ---- the answer ---- */

async function ask(form) {
  busy = true;
  clearTimeout(timer);
  let html = "";
  try {
    const answer = await fetch(form.action, {
      method: "POST", body: new FormData(form), headers: { "Kaimen-Part": "verdict" },
    });
    if (answer.status === 422 || answer.redirected) { form.submit(); return; } // mistakes and sign-in: the whole page
    html = await answer.text();
  } catch {
    form.submit(); // the browser's own page says that the network is gone, and keeps what was sent
    return;
  }
  if (form.elements.scan) form.elements.scan.value = newId(); // a report on a scan has no id of its own
  show(html);
}

function show(html) {
  verdict.innerHTML = html;
  const face = verdict.querySelector("[data-verdict]");
  idle.hidden = true;
  verdict.hidden = false;
  verdict.querySelector("[data-next]")?.focus();
  tell(face?.dataset.verdict ?? "none");
  if (face?.dataset.verdict === "enter") timer = setTimeout(next, 2000); // the others wait for a hand
}

function next() {
  clearTimeout(timer);
  verdict.hidden = true;
  verdict.replaceChildren();
  idle.hidden = false;
  busy = false;
  last.at = performance.now();
  refresh();
}

function tell(which) {
  navigator.vibrate?.(SHAKES[which]);
  try {
    audio ??= new AudioContext();
    let at = audio.currentTime;
    for (const [pitch, length] of SOUNDS[which]) {
      const tone = new OscillatorNode(audio, { frequency: pitch, type: which === "refuse" ? "square" : "sine" });
      tone.connect(audio.destination);
      tone.start(at);
      tone.stop(at + length);
      at += length + 0.08;
    }
  } catch { /* a phone without sound still shows shape and word */ }
}

/* A UUIDv7, as every id here: the time, then chance. The same id twice is one scan. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  new DataView(bytes.buffer).setBigUint64(0, (BigInt(Date.now()) << 16n) | BigInt(bytes[6] << 8 | bytes[7]));
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-ask]")) return;
  event.preventDefault();
  ask(event.target);
});
verdict.addEventListener("click", (event) => {
  if (event.target.closest("form") || !event.target.closest("[data-next], [data-verdict=enter]")) return; // a tap anywhere on ENTER goes on at once
  event.preventDefault();
  next();
});

/* ---- the camera ---- */

async function watch() {
  if (!navigator.mediaDevices) { said.textContent = said.dataset.none; return; }
  said.textContent = said.dataset.asking;
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({
      video: { facingMode: "environment", width: { ideal: 1280 } },
    });
  } catch (error) {
    said.textContent = error.name === "NotAllowedError" ? said.dataset.refused : said.dataset.none;
    return;
  }
  await video.play();
  video.hidden = false;
  said.hidden = true;
  offerLight();
  stayAwake();
  look();
}

async function look() {
  if (!busy && !document.hidden && video.videoWidth) {
    const scale = Math.min(1, WIDTH / video.videoWidth);
    canvas.width = video.videoWidth * scale;
    canvas.height = video.videoHeight * scale;
    picture.drawImage(video, 0, 0, canvas.width, canvas.height);
    try {
      const [read] = await readBarcodes(picture.getImageData(0, 0, canvas.width, canvas.height), READING);
      if (read?.isValid && !busy) found(read.text);
    } catch { /* one picture that cannot be read, or the reader still on its way: the next one may */ }
  }
  setTimeout(look, 60);
}

function found(code) {
  const now = performance.now();
  const stillThere = code === last.code && now - last.at < AGAIN;
  last = { code, at: now };
  if (stillThere) return;
  codeForm.elements.code.value = code;
  ask(codeForm).finally(() => { codeForm.elements.code.value = ""; });
}

function offerLight() {
  const track = video.srcObject.getVideoTracks()[0];
  if (!track.getCapabilities?.().torch) return;
  torch.hidden = false;
  torch.addEventListener("click", async () => {
    const on = torch.getAttribute("aria-pressed") !== "true";
    await track.applyConstraints({ advanced: [{ torch: on }] });
    torch.setAttribute("aria-pressed", String(on));
  });
}

async function stayAwake() {
  try { await navigator.wakeLock?.request("screen"); } catch { /* low battery: the phone knows best */ }
}

/* ---- the node's state and the counters ---- */

async function refresh() {
  try {
    const answer = await fetch(idle.dataset.state);
    if (answer.ok && !answer.redirected) document.getElementById("state").innerHTML = await answer.text();
  } catch { /* the last values stay; the next scan says if the network is gone */ }
}

setInterval(() => { if (!busy && !document.hidden) refresh(); }, 5000);
watch();
