/* What a gate's rules may speak of: the closed list of kaimen_gate.facts, each with its type and what absence means. */

const fact = (type, absent = "unknown") => ({ type, absent });
const [CLOSED_TEXT, YES_NO, MAYBE, WHOLE] = [
  fact("string", "false"), fact("boolean", "false"), fact("boolean"), fact("integer"),
];

export const FACTS = {
  post: fact("string"), how: fact("string"), manual: CLOSED_TEXT, pass_trouble: CLOSED_TEXT, live: YES_NO,
  used_again: YES_NO, revoked: YES_NO, two_people: YES_NO, listed: MAYBE, other_building: YES_NO, comes_as: CLOSED_TEXT,
  assurance: WHOLE, renewed: MAYBE, within_window: MAYBE, open: YES_NO, floor_allowed: MAYBE, vehicle: YES_NO,
  colour: CLOSED_TEXT, colours_age: WHOLE, list_age: WHOLE, temperature: fact("decimal"), already_inside: CLOSED_TEXT,
  minutes_inside: WHOLE, lift_full: YES_NO, lift_goes: MAYBE,
};
