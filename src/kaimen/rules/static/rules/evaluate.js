/**
 * Answers rules where there is no server: the tree as JSON (kaimen.rules.as_json), read once, asked many times.
 *
 *     const holds = readRule(document);
 *     holds({ body_temperature: "37.4", symptoms: true }, "2020-03-16");  // true, false, or null: unknown
 *
 * Exact: numbers are whole units of the twelfth place in a BigInt, dates are day numbers, text is compared as it is. A row gives
 * decimals and large integers as text ("37.4"), dates as "2020-03-16"; what it lacks, or gives as null, is absent.
 * Whatever this module does not know is refused, never guessed: NotARule for the document, NotARow for the row.
 */

export class NotARule extends Error {}
export class NotARow extends Error {}

const VERSION = 1;
const MOST_DEPTH = 32;
const MOST_NODES = 1000;
const PLACES = 12;
const ONE = 10n ** BigInt(PLACES);
const LAST_DAY = 3652058n; // 9999-12-31, counted from 0001-01-01
const LIMITS = { integer: 10n ** 16n * ONE, decimal: 10n ** 12n * ONE }; // of a value in a row
const WRITTEN = { integer: /^-?\d{1,38}$/, decimal: /^-?\d{1,38}(\.\d{1,12})?$/ };
const IN_A_ROW = { integer: /^-?\d{1,16}$/, decimal: /^-?\d{1,12}(\.\d{1,6})?$/ };

/** The rule as a function of a row and a day. Raises NotARule. */
export function readRule(document) {
  const { version, tree, parameters = {} } = object(document, ["version", "tree"], ["parameters"]);
  if (version !== VERSION) throw new NotARule(`version ${version}: this program reads version ${VERSION}`);
  const reading = { parameters: readParameters(parameters), nodes: 0, depth: 0 };
  const root = readNode(tree, reading);
  return (row, day) => {
    const asked = { row, day: rowDay("as_of", day) };
    return shown(root.value(asked), root.type);
  };
}

/** How a value leaves: numbers and dates as text. */
function shown(value, type) {
  if (value === null || type === "boolean" || type === "string") return value;
  if (type === "date") return writeDay(value);
  const digits = String(value < 0n ? -value : value).padStart(PLACES + 1, "0");
  const places = digits.slice(-PLACES).replace(/0+$/, "");
  return (value < 0n ? "-" : "") + digits.slice(0, -PLACES) + (places && `.${places}`);
}

// The document

/** An object with exactly these keys. */
function object(data, keys, others = []) {
  if (typeof data !== "object" || data === null || Array.isArray(data)) throw new NotARule("not an object");
  for (const key of keys) if (!Object.hasOwn(data, key)) throw new NotARule(`${key} is missing`);
  for (const key of Object.keys(data)) {
    if (!keys.includes(key) && !others.includes(key)) throw new NotARule(`${key} is not known`);
  }
  return data;
}

function text(data) {
  if (typeof data !== "string") throw new NotARule(`${data} is no text`);
  return data;
}

function list(data, least) {
  if (!Array.isArray(data) || data.length < least) throw new NotARule(`a list of at least ${least} is needed`);
  return data;
}

function oneOf(data, words) {
  if (!words.includes(data)) throw new NotARule(`${data} is none of ${words.join(", ")}`);
  return data;
}

const TYPES = ["boolean", "integer", "decimal", "string", "date"];

/** A value as the document writes it. */
function written(data, type) {
  if (type === "boolean" && typeof data === "boolean") return data;
  if (type !== "boolean" && typeof data === "string") {
    if (type === "string") return data;
    const value = type === "date" ? readDay(data) : WRITTEN[type].test(data) ? readNumber(data) : null;
    if (value !== null) return value;
  }
  throw new NotARule(`${data} is no ${type}`);
}

function readParameters(data) {
  const parameters = new Map();
  for (const [name, parameter] of Object.entries(object(data, [], Object.keys(data ?? {})))) {
    const { type, dated } = object(parameter, ["type", "dated"]);
    oneOf(type, TYPES);
    const steps = list(dated, 0).map((step) => {
      if (list(step, 2).length !== 2) throw new NotARule(`${name}: a day and a value are needed`);
      return { from: written(step[0], "date"), value: written(step[1], type) };
    });
    steps.sort((one, other) => (one.from < other.from ? -1 : 1));
    parameters.set(name, { type, at: (day) => steps.findLast((step) => step.from <= day)?.value ?? null });
  }
  return parameters;
}

/**
 * A node: its type, `value` (what it is worth for a row and a day; null: unknown), and `closed`: the fields of a closed
 * world it reads as values, for the comparison around it.
 */
function readNode(data, reading) {
  const kind = text(object(data, ["node", "at"], Object.keys(data ?? {})).node);
  if (!Object.hasOwn(KINDS, kind)) throw new NotARule(`${kind} is no node this program knows`);
  const { keys, read } = KINDS[kind];
  object(data, ["node", "at", ...keys]);
  if (!Array.isArray(data.at) || data.at.length !== 2 || !data.at.every(Number.isSafeInteger)) throw new NotARule("no place");
  reading.nodes += 1;
  reading.depth += 1;
  if (reading.nodes > MOST_NODES || reading.depth > MOST_DEPTH) throw new NotARule("too large");
  const node = read(data, (below) => readNode(below, reading), reading);
  reading.depth -= 1;
  return { closed: [], ...node };
}

const NUMBERS = ["integer", "decimal"];
const ORDERED = [...NUMBERS, "date"];

/** Operands of one of these types; numbers meet whatever kind they are. */
function alike(operands, types = TYPES) {
  const numbers = operands.every((one) => NUMBERS.includes(one.type));
  const fits = operands.every((one) => types.includes(one.type) && (numbers || one.type === operands[0].type));
  if (!fits) throw new NotARule(`${operands.map((one) => one.type).join(", ")} do not meet here`);
  return operands;
}

const closedOf = (operands) => [...new Set(operands.flatMap((one) => (one.type === "boolean" ? [] : one.closed)))];

/** A comparison: no when a closed world lacks what it reads; else what `answer` makes of the values. */
function comparison(operands, answer) {
  const closed = closedOf(operands);
  return {
    type: "boolean",
    value(asked) {
      if (closed.some((field) => field(asked) === null)) return false;
      return answer(operands.map((one) => one.value(asked)));
    },
  };
}

/** A number or date worked out from others: unknown when one of them is. */
function workedOut(type, operands, work) {
  return {
    type,
    closed: closedOf(operands),
    value(asked) {
      const values = operands.map((one) => one.value(asked));
      return values.includes(null) ? null : work(values);
    },
  };
}

const not = (value) => (value === null ? null : !value);

/** Kleene's `and`: one no makes it no; else one unknown makes it unknown. */
const every = (values) => (values.includes(false) ? false : values.includes(null) ? null : true);

const COMPARED = {
  "=": (one, other) => one === other,
  "<>": (one, other) => one !== other,
  "<": (one, other) => one < other,
  "<=": (one, other) => one <= other,
  ">": (one, other) => one > other,
  ">=": (one, other) => one >= other,
};

const compared = (operator, one, other) => (one === null || other === null ? null : COMPARED[operator](one, other));

const SUMS = {
  "+": (one, other) => one + other,
  "-": (one, other) => one - other,
  "*": (one, other) => {
    if ((one * other) % ONE !== 0n) throw new NotARule(`a product of more than ${PLACES} places`);
    return (one * other) / ONE;
  },
};

const common = (operands) => (operands.some((one) => one.type === "decimal") ? "decimal" : operands[0].type);

function typed(data, type) {
  if (data.type !== type) throw new NotARule(`${data.type} should be ${type}`);
  return type;
}

// Each kind of node: the keys it has besides `node` and `at`, and how it is read.
const KINDS = {
  literal: {
    keys: ["type", "value"],
    read(data) {
      const value = written(data.value, oneOf(data.type, TYPES));
      return { type: data.type, value: () => value };
    },
  },
  field: {
    keys: ["name", "type", "absent"],
    read(data) {
      const [name, type] = [text(data.name), oneOf(data.type, TYPES)];
      const shut = oneOf(data.absent, ["unknown", "false"]) === "false";
      const given = (asked) => rowValue(asked, name, type);
      if (type === "boolean") return { type, given, value: (asked) => given(asked) ?? (shut ? false : null) };
      return { type, given, value: given, closed: shut ? [given] : [] };
    },
  },
  parameter: {
    keys: ["name", "type"],
    read(data, _, reading) {
      const parameter = reading.parameters.get(text(data.name));
      if (parameter === undefined) throw new NotARule(`the parameter ${data.name} is missing`);
      return { type: typed(data, parameter.type), value: (asked) => parameter.at(asked.day) };
    },
  },
  "as-of": { keys: [], read: () => ({ type: "date", value: (asked) => asked.day }) },
  not: {
    keys: ["operand"],
    read(data, node) {
      const [operand] = alike([node(data.operand)], ["boolean"]);
      return { type: "boolean", value: (asked) => not(operand.value(asked)) };
    },
  },
  and: {
    keys: ["operands"],
    read(data, node) {
      const operands = alike(list(data.operands, 2).map(node), ["boolean"]);
      return { type: "boolean", value: (asked) => every(operands.map((one) => one.value(asked))) };
    },
  },
  or: {
    keys: ["operands"],
    read(data, node) {
      const operands = alike(list(data.operands, 2).map(node), ["boolean"]);
      return { type: "boolean", value: (asked) => not(every(operands.map((one) => not(one.value(asked))))) };
    },
  },
  compare: {
    keys: ["operator", "left", "right"],
    read(data, node) {
      const operator = oneOf(data.operator, Object.keys(COMPARED));
      const equality = operator === "=" || operator === "<>";
      const operands = alike([node(data.left), node(data.right)], equality ? TYPES : ORDERED);
      return comparison(operands, ([left, right]) => compared(operator, left, right));
    },
  },
  in: {
    keys: ["operand", "options"],
    read(data, node) {
      const options = list(data.options, 1).map(node);
      if (data.options.some((option) => option.node !== "literal")) throw new NotARule("an option that is not written");
      const operands = alike([node(data.operand), ...options]);
      return comparison(operands, ([value, ...among]) => (value === null ? null : among.includes(value)));
    },
  },
  between: {
    keys: ["operand", "low", "high"],
    read(data, node) {
      const operands = alike([node(data.operand), node(data.low), node(data.high)], ORDERED);
      return comparison(operands, ([value, low, high]) => every([compared("<=", low, value), compared("<=", value, high)]));
    },
  },
  "is-absent": {
    keys: ["operand"],
    read(data, node) {
      const { given } = node(data.operand);
      if (given === undefined) throw new NotARule("only a field can be absent");
      return { type: "boolean", value: (asked) => given(asked) === null };
    },
  },
  negate: {
    keys: ["operand", "type"],
    read(data, node) {
      const operands = alike([node(data.operand)], NUMBERS);
      return workedOut(typed(data, operands[0].type), operands, ([value]) => -value);
    },
  },
  arithmetic: {
    keys: ["operator", "left", "right", "type"],
    read(data, node) {
      const work = SUMS[oneOf(data.operator, Object.keys(SUMS))];
      const operands = alike([node(data.left), node(data.right)], NUMBERS);
      return workedOut(typed(data, common(operands)), operands, ([left, right]) => work(left, right));
    },
  },
  "days-between": {
    keys: ["earlier", "later"],
    read(data, node) {
      const operands = alike([node(data.earlier), node(data.later)], ["date"]);
      return workedOut("integer", operands, ([earlier, later]) => (later - earlier) * ONE);
    },
  },
  "add-days": {
    keys: ["start", "days"],
    read(data, node) {
      const operands = [...alike([node(data.start)], ["date"]), ...alike([node(data.days)], ["integer"])];
      return workedOut("date", operands, ([start, days]) => onCalendar(start + days / ONE));
    },
  },
  least: {
    keys: ["operands", "greatest", "type"],
    read(data, node) {
      const operands = alike(list(data.operands, 2).map(node), ORDERED);
      const first = oneOf(data.greatest, [true, false]) ? (one, other) => one > other : (one, other) => one < other;
      const work = (values) => values.reduce((best, value) => (first(value, best) ? value : best));
      return workedOut(typed(data, common(operands)), operands, work);
    },
  },
};

// The row

/** What a row gives for a field; null when it lacks it. Raises NotARow, naming the field. */
function rowValue(asked, name, type) {
  const given = Object.hasOwn(asked.row, name) ? (asked.row[name] ?? null) : null;
  if (given === null) return null;
  if (type === "boolean" || type === "string") {
    if (typeof given === type) return given;
  } else if (type === "date") {
    return rowDay(name, given);
  } else if (typeof given === "string" ? IN_A_ROW[type].test(given) : Number.isSafeInteger(given)) {
    const value = readNumber(String(given));
    if (-LIMITS[type] < value && value < LIMITS[type]) return value;
  }
  throw new NotARow(`${name}: ${JSON.stringify(given)} is no ${type}`);
}

function rowDay(name, given) {
  const day = typeof given === "string" ? readDay(given) : null;
  if (day === null) throw new NotARow(`${name}: ${JSON.stringify(given)} is no date`);
  return day;
}

// Numbers and days

/** "-37.4" → -37400000000n. */
function readNumber(digits) {
  const [whole, places = ""] = digits.replace("-", "").split(".");
  const value = BigInt(whole) * ONE + BigInt(places.padEnd(PLACES, "0"));
  return digits.startsWith("-") ? -value : value;
}

const onCalendar = (day) => (day >= 0n && day <= LAST_DAY ? day : null);

const leap = (year) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

/** How many days lie before the first of January of `year`. */
const before = (year) => {
  const years = year - 1;
  return years * 365 + Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400);
};

const monthLengths = (year) => [31, leap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** "2020-02-29" → its day number; null for what is no date. */
function readDay(written) {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(written);
  if (parts === null) return null;
  const [year, month, day] = parts.slice(1).map(Number);
  const months = monthLengths(year);
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > months[month - 1]) return null;
  return BigInt(before(year) + months.slice(0, month - 1).reduce((sum, length) => sum + length, 0) + day - 1);
}

function writeDay(number) {
  let rest = Number(number);
  let year = Math.floor(rest / 365.2425) + 1;
  if (before(year) > rest) year -= 1;
  if (before(year + 1) <= rest) year += 1;
  rest -= before(year);
  const months = monthLengths(year);
  let month = 0;
  while (rest >= months[month]) rest -= months[month++];
  const pad = (value, length) => String(value).padStart(length, "0");
  return `${pad(year, 4)}-${pad(month + 1, 2)}-${pad(rest + 1, 2)}`;
}
