/**
 * Letting somebody in all the same, as kaimen_gate.override: a coded reason that answers everything that spoke against
 * them, and on whose word. A refusal needs a supervisor's own phone code, checked against the list without a network. The
 * host's name and the document are asked for and not kept: an entry holds no names.
 */
import { BadPass, readPass } from "./passes.js";

const WITHIN = 15 * 60_000; // ms after a scan within which somebody may still be let in by it

/** An override that says something that cannot be: `why` is a code, `about` what it is about. */
export class NotOverridden extends Error {
  constructor(why, about = "") {
    super(`${why} ${about}`.trim());
    this.why = why;
    this.about = about;
  }
}

/** The reasons of the place that answer everything against `first`: code → {title, asks}. */
export function answersTo(first, here) {
  const unanswered = first.reasons.filter((reason) => !here.book.noted.has(reason));
  return new Map([...here.overrides].filter(([, { lifts }]) => unanswered.every((reason) => lifts.includes(reason))));
}

/**
 * The answer to {override, host, document, second} about the entry `first`, for `scan` of {id, place, direction}. A second
 * code that is no supervisor's is recorded: the answer stays, and says so. Raises NotOverridden.
 */
export async function decideOverride(scan, first, here, at) {
  const said = scan.shown;
  check(scan, said, first, here, at);
  const second = said.second ? await supervisor(said.second, first, here, at) : null;
  const alone = second === null && (Boolean(said.second) || first.verdict === "refuse");
  const [reason, verdict] = alone ? ["not-supervisor", first.verdict] : ["let-in", "enter"];
  return {
    at, place: scan.place, direction: scan.direction, reason, verdict, reasons: [reason, ...first.reasons],
    index: first.index, how: first.how, temperature: first.temperature, override: said.override, second,
    dataAge: Math.floor(Math.max(0, at - here.madeAt) / 1000),
  };
}

function check(scan, said, first, here, at) {
  if (!first || first.place !== scan.place || first.direction !== scan.direction) throw new NotOverridden("no-scan");
  if (first.verdict === "enter") throw new NotOverridden("let-in-already");
  if (at < first.at || at - first.at > WITHIN) throw new NotOverridden("too-long-ago");
  if (here === null) throw new NotOverridden("no-list");
  const rule = here.overrides.get(said.override);
  if (!rule) throw new NotOverridden("no-reason", said.override);
  if (rule.asks && !said[rule.asks]?.trim()) throw new NotOverridden("needs", rule.asks);
  if (!answersTo(first, here).has(said.override)) throw new NotOverridden("does-not-answer", said.override);
}

/** The pass of a supervisor whose phone signed just now; never one's own. */
async function supervisor(code, first, here, at) {
  try {
    const { index, shown } = await readPass(code, here.keys, at);
    const counts = shown !== null && here.supervisors.has(index) && !here.hasRevoked(index) && index !== first.index;
    return counts ? index : null;
  } catch (error) {
    if (error instanceof BadPass) return null;
    throw error;
  }
}
