/* What a guard hears and feels with an answer: with eyes on the person, not on the phone. */

const SOUNDS = { enter: [[880, 0.12]], desk: [[520, 0.14], [520, 0.14]], refuse: [[220, 0.5]] }; // Hz, s
const SHAKES = { enter: 60, desk: [80, 60, 80], refuse: [300, 100, 300] }; // ms
const PAUSE = 0.08; // s

let audio = null;

/** Sound and shake for a verdict: one high, two middle, one long low. */
export function signal(verdict) {
  navigator.vibrate?.(SHAKES[verdict]);
  try {
    audio ??= new AudioContext();
    let at = audio.currentTime;
    for (const [pitch, length] of SOUNDS[verdict]) {
      const tone = new OscillatorNode(audio, { frequency: pitch, type: verdict === "refuse" ? "square" : "sine" });
      tone.connect(audio.destination);
      tone.start(at);
      tone.stop(at + length);
      at += length + PAUSE;
    }
  } catch { /* a phone without sound still shows shape and word */ }
}

/** The screen stays on during a queue. */
export async function stayAwake() {
  try {
    await navigator.wakeLock?.request("screen");
  } catch { /* low battery: the phone knows best */ }
}
