/**
 * The published rules of a place, ready to be asked; as kaimen_gate.rule_book. The first rule that holds and has an
 * answer decides; every other reason that held is kept behind it, but for those that would have let somebody in. A rule
 * whose answer is unknown does not hold.
 */
import { NotARule, readRule } from "../../rules/evaluate.js";
import { FACTS } from "./facts.js";
import { NotWire } from "./wire_fields.js";

export class RuleBook {
  /** Raises NotWire for rules that cannot be read, speak of anything but facts, or leave somebody without an answer. */
  constructor(rules, parameters) {
    const last = rules.at(-1);
    if (!last || last.when !== null || last.verdict === null) throw new NotWire("the last rule answers whatever is the case");
    this.rules = rules.map(({ reason, verdict, when }) => ({ reason, verdict, when, holds: when && read(when, parameters) }));
    this.noted = new Set(rules.filter(({ verdict }) => verdict === null).map(({ reason }) => reason));
  }

  /** The answer about `facts` on a local day: {reason, verdict, reasons}, the reason that decided first. */
  ask(facts, day) {
    const held = this.rules.filter(({ when, holds }) => when === null || holds(facts, day) === true);
    const { reason, verdict } = held.find((rule) => rule.verdict !== null);
    const also = held.filter((rule) => rule.verdict !== "enter" && rule.when !== null).map((rule) => rule.reason);
    return { reason, verdict, reasons: [...new Set([reason, ...also])] };
  }
}

function read(when, parameters) {
  try {
    const holds = readRule({ ...when, parameters });
    check(when.tree);
    return holds;
  } catch (error) {
    if (error instanceof NotARule || error instanceof NotWire) throw new NotWire(`rules that cannot be read: ${error.message}`);
    throw error;
  }
}

function check(tree) {
  if (tree.type !== undefined && tree.type !== "boolean") throw new NotWire("a rule holds or does not hold");
  for (const node of walk(tree)) {
    const fact = node.node === "field" ? FACTS[node.name] : null;
    if (fact === undefined || (fact && (fact.type !== node.type || fact.absent !== node.absent))) {
      throw new NotWire(`${node.name} is no fact of a gate, or of another type`);
    }
  }
  if (!namesColours(tree)) throw new NotWire("the usual colour never shuts a door: ask for colours by = and in only");
}

const below = (node) =>
  Object.values(node).flatMap((one) => (Array.isArray(one) ? one : [one])).filter((one) => typeof one === "object" && one !== null);

const walk = (node) => [node, ...below(node).flatMap(walk)];

const isField = (node) => node?.node === "field";

/** Whether a rule asks for the colour only by naming some: “not red” would shut the door to everybody. */
function namesColours(tree) {
  if (!walk(tree).some((node) => isField(node) && node.name === "colour")) return true;
  if (tree.node === "and" || tree.node === "or") return tree.operands.every(namesColours);
  if (tree.node === "in") return isField(tree.operand);
  const kinds = [tree.left?.node, tree.right?.node].sort();
  return tree.node === "compare" && tree.operator === "=" && kinds[0] === "field" && kinds[1] === "literal";
}
