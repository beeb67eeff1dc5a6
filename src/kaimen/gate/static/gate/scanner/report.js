/**
 * What a guard reports with one press, as kaimen_gate.reports: a fever that was seen, or a refusal that the person disputes.
 * An entry like any other: it lets nobody in, and `override` is the id of the entry it is about, empty where there is none.
 */
import { hex } from "./bytes.js";

const REASONS = { fever: "fever-seen", dispute: "disputed" };
const REPORTED = new Set(Object.values(REASONS));
const MOST_REASONS = 60;

/** Whether an entry is a report; nothing is reported on it again. */
export const isReport = ({ reason }) => REPORTED.has(reason);

/** The answer to {report} about the entry `first` (null: nobody was scanned), for `scan` of {place, shown}. */
export function decideReport({ place, shown: { report } }, first, here, at) {
  const reason = REASONS[report];
  const dataAge = here ? Math.floor(Math.max(0, at - here.madeAt) / 1000) : 0;
  const made = { at, place, direction: "in", verdict: "desk", reason, dataAge, second: null };
  if (first === null) return { ...made, reasons: [reason], index: null, how: "manual", temperature: null, override: "" };
  const { index, how, temperature } = first;
  const reasons = [reason, ...first.reasons.filter((one) => one !== reason)].slice(0, MOST_REASONS);
  return { ...made, reasons, index, how, temperature, override: isReport(first) && first.override ? first.override : hex(first.id) };
}
