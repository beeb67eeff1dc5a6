/* The page's own words, in its language: they stand in the page, so that translators find them where all others are. */

const rows = (list) => [...document.querySelectorAll(`#${list} li`)];
const WORDS = new Map(rows("words").map((row) => [row.dataset.word, row.textContent]));
const REASONS = new Map(rows("reasons").map((row) => [row.dataset.word, { guard: row.textContent, person: row.dataset.person }]));
const ENGLISH = document.documentElement.lang === "en";
const UNITS = [["days", 86_400], ["hours", 3600], ["minutes", 60], ["seconds", 1]];

export const word = (name, values = {}) => WORDS.get(name).replace(/\{(\w+)\}/g, (_, value) => values[value]);

/** What guard and person are told for a reason of which no list brings words. */
export const builtIn = (reason) => REASONS.get(reason) ?? REASONS.get("");

/** Of a pair of texts, zh-Hans and en, the one that is read here. */
export const ofPair = ([zh, en]) => (ENGLISH && en) || zh;

/** How long ago, in the largest unit that fits. */
export function age(seconds) {
  const [unit, size] = UNITS.find(([, one]) => seconds >= one) ?? UNITS.at(-1);
  return word(unit, { n: Math.floor(seconds / size) });
}

/** "08:12", as the clock on the wall of the place shows it. */
export const hour = (at, zone, seconds = undefined) =>
  new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit", second: seconds }).format(at);
