/* What a node and the centre say to each other, version 2: the same bytes as kaimen_gate.wire and wire_lists. */
import { utf8 } from "./bytes.js";
import { encode } from "./cbor.js";
import { fromUuid, uuid } from "./ids.js";
import {
  CODE, NotWire, decoded, fields, listOf, mapOf, moment, octets, oneOf, opened, orNone, plain, signed, text, whole, yesNo,
} from "./wire_fields.js";

export { NotWire };
export const BATCH = 1000; // entries a node sends at once
export const FIRST_LINK = new Uint8Array(32); // what the first entry of a chain follows
export const DIRECTIONS = ["in", "out"];
export const VERDICTS = ["enter", "desk", "refuse"];
const POSTS = ["outdoor", "desk", "lobby", "lift", "entrance"];
const COMES_AS = ["staff", "firm-pass", "resident", "visitor", "courier", "volunteer"];
const VERSION = 2;
const ASKS = ["", "host", "document"];
const ASSURANCES = 3;
const CARD_DIGEST = 16; // bytes
const [MOST_RULES, MOST_RIDERS, MOST_REASONS, MOST_COLOURS] = [200, 1000, 60, 4];
const LONGEST_TRIP = 3600; // s
const HOTTEST = 1000; // tenths of a degree

// Entries

/** The canonical bytes of an entry: what is hashed, stored and sent. `id` is bytes, `node` the text of a UUID. */
export function entryBytes(entry) {
  return encode([
    VERSION, entry.id, fromUuid(entry.node), entry.epoch, entry.seq, entry.previous, entry.place, entry.at,
    DIRECTIONS.indexOf(entry.direction), VERDICTS.indexOf(entry.verdict), entry.reason, entry.index, entry.how,
    entry.dataAge, [...entry.reasons], entry.temperature, entry.override, entry.second,
  ]);
}

/** Raises NotWire. */
export function readEntry(bytes) {
  const given = fields(decoded(bytes), 18);
  if (given[0] !== VERSION) throw new NotWire("not an entry of version 2");
  const [, id, node, epoch, seq, previous, place, at, direction, verdict, reason, index, how, dataAge, ...more] = given;
  const [reasons, temperature, override, second] = more;
  if (listOf(reasons).length > MOST_REASONS || (reasons.length && reasons[0] !== reason)) {
    throw new NotWire("of the reasons that held, the one that decided comes first");
  }
  return {
    id: octets(id, 16), node: uuid(octets(node, 16)), epoch: whole(epoch), seq: whole(seq), previous: octets(previous, 32),
    place: text(place, CODE), at: moment(at), direction: oneOf(DIRECTIONS)(direction), verdict: oneOf(VERDICTS)(verdict),
    reason: text(reason, CODE), index: orNone(index, whole), how: text(how, CODE), dataAge: whole(dataAge),
    reasons: reasons.map((one) => text(one, CODE)), temperature: orNone(temperature, (one) => whole(one, HOTTEST)),
    override: text(override, CODE), second: orNone(second, whole),
  };
}

/** The signed bytes of a batch of entries, oldest first. */
export const batchBytes = (entries, node, key) => signed(key, "batch", { v: 1, node: fromUuid(node), entries });

/** When the centre said that `node` is revoked (ms). Raises NotWire for another node's, and for what it did not sign. */
export async function readNotice(bytes, node, centre) {
  const body = await opened(bytes, "node-revoked", centre, 1);
  if (uuid(octets(body.get("node"), 16)) !== node) throw new NotWire("a notice to another node");
  return moment(body.get("at"));
}

// Name lists

/** Verify and read the name list of a place. Raises NotWire. */
export async function readSnapshot(bytes, centre) {
  const body = await opened(bytes, "snapshot", centre, VERSION);
  const given = (name) => {
    if (!body.has(name)) throw new NotWire(`not a snapshot of version ${VERSION}: it has no ${name}`);
    return body.get(name);
  };
  const organisations = listOf(given("organisations")).map(organisation);
  return {
    place: text(given("place"), CODE), title: fields(given("title"), 2).map((one) => text(one)),
    version: whole(given("version")), madeAt: moment(given("made_at")), opens: text(given("opens")),
    closes: text(given("closes")), zone: text(given("zone")), keys: listOf(given("keys")).map(passKey), organisations,
    people: listOf(given("people")).map((one) => expected(one, organisations.length)), revoked: increasing(given("revoked")),
    words: new Map([...mapOf(given("words"))].map(([reason, said]) => [reason, fields(said, 4).map((one) => text(one))])),
    colours: colours(given("colours")), post: oneOf(POSTS)(given("post")), rules: rules(given("rules")),
    parameters: plain(mapOf(given("parameters"))), cards: cards(given("cards")), supervisors: increasing(given("supervisors")),
    lift: orNone(given("lift"), lift), manual: new Map(listOf(given("manual")).map(manual)),
    overrides: new Map(listOf(given("overrides")).map(override)), building: text(given("building"), CODE),
  };
}

function organisation(value) {
  const [zh, en, renewed] = fields(value, 3);
  return { title: [text(zh), text(en)], renewed: yesNo(renewed) };
}

function passKey(value) {
  const [raw, begins, ends] = fields(value, 3);
  return [octets(raw, 33), orNone(begins, moment), orNone(ends, moment)];
}

/** Somebody expected; staff without more, as most are, are five fields. */
function expected(value, organisations) {
  const [index, name, firm, floor, idTail, ...more] = fields(value, value?.length === 10 ? 10 : 5);
  const [comesAs, begins, ends, host, assurance] = more.length ? more : [0, null, null, "", 0];
  return {
    index: whole(index), name: text(name), organisation: whole(firm, organisations), floor: text(floor), idTail: text(idTail),
    comesAs: oneOf(COMES_AS)(comesAs), begins: orNone(begins, whole), ends: orNone(ends, whole), host: text(host),
    assurance: whole(assurance, ASSURANCES),
  };
}

function increasing(value) {
  const numbers = listOf(value).map((one) => whole(one));
  if (numbers.some((one, at) => at && numbers[at - 1] >= one)) throw new NotWire("pass indexes stand in order, each once");
  return new Set(numbers);
}

/** The name of each published value, the usual first; none where no colour is asked for. */
function colours(value) {
  const names = listOf(value).map((one) => text(one, CODE));
  if (names.length > MOST_COLOURS || new Set(names).size !== names.length) {
    throw new NotWire(`at most ${MOST_COLOURS} colours, each of its own name`);
  }
  return names;
}

function rules(value) {
  if (listOf(value).length > MOST_RULES) throw new NotWire(`more than ${MOST_RULES} rules`);
  return value.map((one) => {
    const [reason, verdict, when] = fields(one, 3);
    return { reason: text(reason, CODE), verdict: orNone(verdict, oneOf(VERDICTS)), when: orNone(when, (tree) => plain(mapOf(tree))) };
  });
}

/** digest (bytes as text) → pass. */
function cards(value) {
  return new Map(listOf(value).map((one) => {
    const [digest, index] = fields(one, 2);
    return [String(octets(digest, CARD_DIGEST)), whole(index)];
  }));
}

function lift(value) {
  const [capacity, floors, trip] = fields(value, 3);
  if (whole(capacity, MOST_RIDERS) === 0) throw new NotWire("a lift carries somebody");
  return { capacity, floors: listOf(floors).map((one) => text(one)), trip: whole(trip, LONGEST_TRIP) };
}

/** code → its name, for which a guard may enter somebody by hand. */
function manual(value) {
  const [code, zh, en] = fields(value, 3);
  return [text(code, CODE), [text(zh), text(en)]];
}

/** code → its name, what the guard has to give ("host", "document" or nothing), and the reasons it answers. */
function override(value) {
  const [code, zh, en, asks, lifts] = fields(value, 5);
  const reasons = listOf(lifts).map((one) => text(one, CODE));
  return [text(code, CODE), { title: [text(zh), text(en)], asks: oneOf(ASKS)(asks), lifts: reasons }];
}

/** What stands for the number of an IC or lift card in the lists of a building, before it is hashed. */
export const cardText = (building, number) => utf8(`kaimen card 1\0${building}\0${number}`);
