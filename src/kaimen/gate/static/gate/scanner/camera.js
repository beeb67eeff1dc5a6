/* The camera: pictures to codes, with zxing from this page's own files. Nothing of a picture is kept. */
import { prepareZXingModule, readBarcodes } from "../../npm/zxing-wasm/reader/index.js";

const READING = { formats: ["QRCode"], maxNumberOfSymbols: 1, tryHarder: true };
const WIDTH = 640; // pixels that are enough for version 11 at arm's length
const REST = 60; // ms between two pictures
const AGAIN = 4000; // ms out of sight after which a code counts again

export class Camera {
  #picture = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  #last = { code: "", at: 0 };

  /** `finder` shows the picture; `found` is given each code once; `wanted` says whether anybody waits for one. */
  constructor(finder, wasm, found, wanted) {
    Object.assign(this, { finder, found, wanted });
    this.video = finder.querySelector("video");
    this.said = finder.querySelector("[data-said]");
    const locateFile = (name, folder) => (name.endsWith(".wasm") ? wasm : folder + name);
    prepareZXingModule({ overrides: { locateFile }, fireImmediately: true });
  }

  /** Ask for the camera and look through it from now on. */
  async start() {
    this.said.textContent = this.said.dataset.asking;
    try {
      const video = { facingMode: "environment", width: { ideal: 1280 } };
      this.video.srcObject = await navigator.mediaDevices.getUserMedia({ video });
    } catch (error) {
      this.said.textContent = error.name === "NotAllowedError" ? this.said.dataset.refused : this.said.dataset.none;
      return;
    }
    this.video.hidden = false;
    this.said.hidden = true;
    await this.resume();
    this.#look();
  }

  /** Nobody looks any more. */
  stop() {
    this.wanted = () => false;
    for (const track of this.video.srcObject?.getTracks() ?? []) track.stop();
  }

  /** Go on after the finder was moved to another place of the page: that stops a film. */
  async resume() {
    if (this.video.srcObject) await this.video.play().catch(() => {});
  }

  /** The code that was read last lies before the camera still: it counts again when it was out of sight. */
  seenNow() {
    this.#last.at = performance.now();
  }

  get hasLight() {
    return Boolean(this.#track?.getCapabilities?.().torch);
  }

  /** Switch the light; whether it is on then. */
  async light(on) {
    await this.#track.applyConstraints({ advanced: [{ torch: on }] });
    return on;
  }

  get #track() {
    return this.video.srcObject?.getVideoTracks()[0];
  }

  async #look() {
    if (this.wanted() && !document.hidden && this.video.videoWidth) {
      const code = await this.#read();
      if (code && this.wanted()) this.#seen(code);
    }
    setTimeout(() => this.#look(), REST);
  }

  async #read() {
    const { videoWidth, videoHeight } = this.video;
    const scale = Math.min(1, WIDTH / videoWidth);
    const { canvas } = this.#picture;
    [canvas.width, canvas.height] = [videoWidth * scale, videoHeight * scale];
    this.#picture.drawImage(this.video, 0, 0, canvas.width, canvas.height);
    try {
      const [read] = await readBarcodes(this.#picture.getImageData(0, 0, canvas.width, canvas.height), READING);
      return read?.isValid ? read.text : "";
    } catch {
      return ""; // one picture that cannot be read, or the reader still on its way: the next one may
    }
  }

  #seen(code) {
    const now = performance.now();
    const stillThere = code === this.#last.code && now - this.#last.at < AGAIN;
    this.#last = { code, at: now };
    if (!stillThere) this.found(code);
  }
}
