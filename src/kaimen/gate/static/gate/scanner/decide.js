/**
 * The decision at a gate: who it is, the facts about the scan, and what the published rules say of them. The same answer
 * as kaimen_gate.decide on every vector in tests/vectors/gate; docs/reference/decision.md says it in words.
 *
 * A scan is {id, place, direction, shown, temperature, floor, vehicle}: `shown` is {code}, {card}, {name, tail} or
 * {manual, name, tail}; temperatures in tenths of a degree, moments in ms.
 */
import { BadPass, readPass } from "./passes.js";

const EMERGENCY = "emergency"; // a manual reason that lets in whoever it is; no rule is asked
const [HOUR, MINUTE, SECOND] = [3600_000, 60_000, 1000];

/** The word in an entry for how somebody was told. */
export function howOf({ code, card, manual }) {
  if (code !== undefined) return "code";
  if (card !== undefined) return "card";
  return manual === undefined ? "name" : "manual";
}

/** Answer `scan` at `at` from what is held: {here, colours, elsewhere}. */
export async function decide(scan, held, at, memory) {
  const { here } = held;
  const how = howOf(scan.shown);
  const override = scan.shown.manual ?? "";
  const made = { at, how, place: scan.place, direction: scan.direction, temperature: scan.temperature ?? null, override, second: null };
  if (here === null) return { ...made, ...withoutAList(scan, override) };
  const who = await identified(scan.shown, here, at);
  const base = { ...made, index: who.index, dataAge: age(held, at) };
  if (scan.direction === "out") return { ...base, override: "", reason: "left", verdict: "enter", reasons: ["left"] };
  const said = here.book.ask(known(scan, who, held, at, memory), here.day(at));
  if (override === EMERGENCY) {
    return { ...base, reason: EMERGENCY, verdict: "enter", reasons: [...new Set([EMERGENCY, ...said.reasons])] };
  }
  return { ...base, ...said };
}

/** The facts that are known about somebody who comes in, as the rules are asked. */
export async function factsFor(scan, held, at, memory) {
  return known(scan, await identified(scan.shown, held.here, at), held, at, memory);
}

/** Keep in mind what was decided, once it is on the disk. `scan` is the text of the id. */
export function remember(memory, { place, direction, verdict, index, at }, scan, here) {
  const building = here?.building ?? place;
  const atALift = here?.post === "lift";
  if (direction === "out") {
    if (atALift) memory.stepsOut(place, index);
    else memory.leaves(building, index);
  } else if (verdict === "enter" && atALift) memory.boards(place, index, scan, at);
  else if (verdict === "enter") memory.enters(building, place, index, scan, at);
}

function withoutAList({ direction }, override) {
  let [reason, verdict] = ["no-list", "desk"];
  if (direction === "out") [reason, verdict] = ["left", "enter"];
  else if (override === EMERGENCY) [reason, verdict] = [EMERGENCY, "enter"];
  return { reason, verdict, reasons: [reason], index: null, dataAge: 0 };
}

const NOBODY = { index: null, trouble: null, twoPeople: false, askedFor: false, moment: null };

async function identified({ code, card, name, tail }, here, at) {
  if (code !== undefined) return byCode(code, here, at);
  if (card !== undefined) {
    const index = await here.carried(card);
    return { ...NOBODY, index, trouble: index === null ? "unknown-card" : null };
  }
  return name === undefined ? NOBODY : byName(name, tail, here);
}

async function byCode(code, here, at) {
  try {
    const { index, shown } = await readPass(code, here.keys, at);
    return { ...NOBODY, index, moment: shown };
  } catch (error) {
    if (!(error instanceof BadPass)) throw error;
    const { reading } = error;
    const trouble = error.tooLong ? "too-long" : error.reason;
    return { ...NOBODY, index: reading?.index ?? null, trouble, moment: reading?.shown ?? null };
  }
}

/** Rows that differ in nothing but the pass are one person with phone and card: a good pass of theirs counts. */
function byName(name, tail, here) {
  const rows = here.named(name, tail);
  if (!rows.length) return { ...NOBODY, askedFor: true };
  const people = new Map(rows.map((row) => [row.index, JSON.stringify([row.name, here.firmOf(row).title, row.floor])]));
  if (new Set(people.values()).size > 1) return { ...NOBODY, twoPeople: true };
  const { index } = rows.find((row) => !here.hasRevoked(row.index)) ?? rows[0];
  return { ...NOBODY, index };
}

/** Without what is not known: a row lacks it. */
function known(scan, who, held, at, memory) {
  const facts = { ...factsOf(scan, who, held, at, memory), open: held.here.isOpen(at) };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null && value !== undefined));
}

/** The facts but for `open`; null or undefined where one is not known. */
function factsOf(scan, who, held, at, memory) {
  const { here } = held;
  const { index } = who;
  const person = index === null ? null : here.expects(index, at);
  return {
    post: here.post, how: howOf(scan.shown), manual: scan.shown.manual ?? null, pass_trouble: who.trouble,
    live: who.moment !== null && who.trouble === null, used_again: false, two_people: who.twoPeople,
    revoked: index !== null && here.hasRevoked(index),
    listed: index !== null || who.askedFor ? person !== null : null, other_building: false, vehicle: scan.vehicle ?? false,
    lift_full: false,
    list_age: Math.floor(Math.max(0, at - here.madeAt) / HOUR),
    temperature: tenths(scan.temperature),
    ...(index === null ? {} : ofThePass(scan, who, person, held, at, memory)),
    ...(person === null ? {} : ofTheRow(scan, person, here, at)),
    ...(held.colours && here.colours.length ? ofTheColours(index, held.colours, here, at) : {}),
    ...(here.lift ? ofTheLift(scan, person, here, at, memory) : {}),
  };
}

function ofThePass(scan, { index, moment, trouble }, person, { here, elsewhere }, at, memory) {
  const live = moment !== null && trouble === null;
  const inside = memory.cameIn(here.building, index, scan.id, at);
  const by = inside.find(({ gate }) => gate === scan.place);
  const other = (list) => list.building !== here.building && list.expects(index) !== null;
  return {
    used_again: live && memory.wasShown(index, moment, scan.id),
    other_building: person === null && (elsewhere ?? []).some(other),
    already_inside: inside.length ? (by ? "here" : "elsewhere") : null,
    minutes_inside: inside.length ? Math.floor((at - (by ?? inside[0]).at) / MINUTE) : null,
  };
}

function ofTheRow(scan, person, here, at) {
  const allowed = () => here.rowsOf(person.index).some(({ floor }) => floor === scan.floor);
  return {
    comes_as: person.comesAs, assurance: person.assurance, renewed: here.firmOf(person).renewed,
    within_window: here.expectsNow(person, at), floor_allowed: scan.floor ? allowed() : null,
  };
}

/** The usual colour is no fact: nothing can follow from it. */
function ofTheColours(index, colours, here, at) {
  const value = index === null ? 0 : colours.value(index);
  return {
    colours_age: Math.floor(colours.age(at) / HOUR),
    colour: value > 0 && value < here.colours.length ? here.colours[value] : null,
  };
}

function ofTheLift(scan, person, here, at, memory) {
  const { capacity, floors, trip } = here.lift;
  const to = scan.floor || person?.floor;
  return {
    lift_full: memory.riders(scan.place, trip * SECOND, scan.id, at) >= capacity,
    lift_goes: to ? !floors.length || floors.includes(to) : null,
  };
}

/** 373 → "37.3": the evaluator of rules takes no fractions as numbers. */
const tenths = (given) => (given === null || given === undefined ? null : `${Math.floor(given / 10)}.${given % 10}`);

/** Seconds since the older of the lists this place decides by was made. */
function age({ here, colours }, at) {
  const ages = [at - here.madeAt, ...(colours && here.colours.length ? [colours.age(at)] : [])];
  return Math.floor(Math.max(0, ...ages) / SECOND);
}
