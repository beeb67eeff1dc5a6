/* The rules of a place whose list brings none: the same as kaimen_gate.standard_rules, as trees. */

const node = (kind, more) => ({ node: kind, at: [0, 0], ...more });
const isField = (name, type, absent) => node("field", { name, type, absent });
const no = (operand) => node("not", { operand });
const is = (name, value) =>
  node("compare", { operator: "=", left: isField(name, "string", name === "how" ? "unknown" : "false"), right: node("literal", { type: "string", value }) });
const rule = (reason, verdict, tree) => ({ reason, verdict, when: tree && { version: 1, tree } });

const TROUBLES = [
  "not-a-pass", "too-long", "trailing-bytes", "altered", "rewritten", "unknown-key", "key-not-in-force", "expired",
  "not-holder", "stale", "ahead",
];

export const STANDARD_RULES = [
  ...TROUBLES.map((trouble) => rule(trouble, "refuse", is("pass_trouble", trouble))),
  rule("unknown-card", "desk", is("pass_trouble", "unknown-card")),
  rule("two-people", "desk", isField("two_people", "boolean", "false")),
  rule("revoked", "refuse", isField("revoked", "boolean", "false")),
  rule("by-hand", "desk", is("how", "manual")),
  rule("other-building", "desk", isField("other_building", "boolean", "false")),
  rule("not-on-list", "desk", no(isField("listed", "boolean", "unknown"))),
  rule("outside-window", "desk", no(isField("within_window", "boolean", "unknown"))),
  rule("outside-hours", "desk", no(isField("open", "boolean", "false"))),
  rule("lift-full", "desk", isField("lift_full", "boolean", "false")),
  rule("on-list", "enter", isField("listed", "boolean", "unknown")),
  rule("not-on-list", "desk", null),
];
