"""The scanner on a guard's phone decides as the node does: the answer and every fact, on every vector."""

import json
from pathlib import Path
from typing import Any

import pytest

from kaimen_gate.place_list import as_asked
from kaimen_gate.reasons import WORDS
from kaimen_gate.rule_book import RuleBook
from kaimen_gate.standard_rules import standard_rules
from kaimen_gate.wire import NotWire, Rule
from tests.vectors.in_javascript import in_javascript

VECTORS = Path(__file__).parent / "gate"
FILES = ("again", "by-people", "passes", "people", "readings")
# A gate that is asked one scan after another: what scanner.js does, without a store and a network.
_ASK = """
const { decide, factsFor, remember } = await load("decide");
const { fromBase64 } = await load("bytes");
const { PublicKey } = await load("keys");
const { Memory } = await load("memory");
const { NotOverridden, decideOverride } = await load("override");
const { PlaceList } = await load("place_list");
const { readSnapshot } = await load("wire");
const centre = await PublicKey.read(fromBase64(asked.lists.centre));
const madeLists = new Map();
for (const [name, signed] of Object.entries(asked.lists.lists)) {
  madeLists.set(name, await PlaceList.made(await readSnapshot(fromBase64(signed), centre)));
}
const degrees = (text) => (text === undefined ? null : Math.round(Number(text) * 10));
const colouring = (said) => said && {
  value: (index) => said.values[index] ?? 0,
  age: (at) => Math.max(0, at - Date.parse(said.as_of)),
};
async function answers({ lists, colours, steps }) {
  const held = new Map(lists.map((name) => madeLists.get(name)).map((one) => [one.place, one]));
  const [memory, entries, said] = [new Memory(), new Map(), []];
  for (const { at: moment, scan: { id, place, direction, temperature, floor, vehicle, ...shown } } of steps) {
    const [at, here] = [Date.parse(moment), held.get(place) ?? null];
    const scan = { id, place, direction, shown, temperature: degrees(temperature), floor, vehicle };
    let made, facts = null;
    try {
      if (shown.override === undefined) {
        const all = { here, colours: colouring(colours), elsewhere: [...held.values()].filter((one) => one !== here) };
        made = await decide(scan, all, at, memory);
        if (here !== null && direction === "in") facts = await factsFor(scan, all, at, memory);
      } else made = await decideOverride(scan, entries.get(shown.after), here, at);
    } catch (error) {
      if (!(error instanceof NotOverridden)) throw error;
      said.push({ verdict: "error", reason: "" });
      continue;
    }
    if (!entries.has(id)) {
      entries.set(id, made);
      remember(memory, made, id, here);
    }
    const { verdict, reason, reasons, index, second } = made;
    said.push({ verdict, reason, reasons, index, second, facts });
  }
  return said;
}
const all = {};
for (const [file, { cases }] of Object.entries(asked.files)) {
  all[file] = [];
  for (const one of cases) all[file].push(await answers(one));
}
answer(all);
"""
_RULES = """
const { RuleBook } = await load("rule_book");
const { NotWire } = await load("wire_fields");
const { STANDARD_RULES } = await load("standard_rules");
const taken = asked.map((rules) => {
  try {
    return Boolean(new RuleBook(rules, {}));
  } catch (error) {
    if (error instanceof NotWire) return false;
    throw error;
  }
});
answer({ taken, standard: STANDARD_RULES });
"""
_NAMES = """
const { asAsked } = await load("place_list");
answer(asked.map(([name, tail]) => asAsked(name, tail)));
"""


@pytest.fixture(scope="module")
def answers() -> dict[str, list[list[dict[str, Any]]]]:
    """What the scanner says to every step of every case, by file."""
    asked = {"lists": _read("lists"), "files": {name: _read(name) for name in FILES}}
    said: dict[str, list[list[dict[str, Any]]]] = in_javascript(_ASK, asked)
    return said


def _read(name: str) -> Any:
    return json.loads((VECTORS / f"{name}.json").read_bytes())


@pytest.mark.parametrize("file", FILES)
def test_each_scan_gets_the_answer_that_is_written_beside_it(
    file: str, answers: dict[str, list[list[dict[str, Any]]]]
) -> None:
    for case, said in zip(_read(file)["cases"], answers[file], strict=True):
        for step, answer in zip(case["steps"], said, strict=True):
            expected = step["expect"]
            told = ("verdict",) if expected["verdict"] == "error" else tuple(expected)
            assert {name: answer[name] for name in told} == {name: expected[name] for name in told}, case["name"]


def test_every_file_of_vectors_is_asked() -> None:
    assert {path.stem for path in VECTORS.glob("*.json")} == {"lists", *FILES}


def test_rules_that_a_node_refuses_the_scanner_refuses_too() -> None:
    last = Rule("on-list", "enter", None)
    red = _field("colour", "string", "false")
    asks = {"node": "compare", "at": [0, 0], "operator": "=", "left": red, "right": _text("red")}
    rules = [
        [last], [], [Rule("noted", None, None)], [_rule(asks), last], [_rule(_not(asks)), last],
        [_rule(_field("open", "boolean", "false")), last], [_rule(_field("open", "boolean", "unknown")), last],
        [_rule(_field("name", "string", "unknown")), last], [_rule(_text("red")), last],
        [_rule({"node": "and", "at": [0, 0], "operands": [asks, _field("open", "boolean", "false")]}), last],
        [_rule(asks | {"operator": "<>"}), last], [_rule({**asks, "left": _text("red"), "right": red}), last],
        [_rule({"node": "in", "at": [0, 0], "operand": red, "options": [_text("red")]}), last],
        [_rule({"node": "is-absent", "at": [0, 0], "operand": red}), last],
    ]  # fmt: skip
    said = in_javascript(_RULES, [[rule._asdict() for rule in one] for one in rules])
    assert said["taken"] == [_takes(one) for one in rules]
    assert said["taken"].count(True) == 6


def _takes(rules: list[Rule]) -> bool:
    try:
        RuleBook(rules, {})
    except NotWire:
        return False
    return True


def _rule(tree: dict[str, Any]) -> Rule:
    return Rule("asked", "desk", {"version": 1, "tree": tree})


def _field(name: str, kind: str, absent: str) -> dict[str, Any]:
    return {"node": "field", "at": [0, 0], "name": name, "type": kind, "absent": absent}


def _text(value: str) -> dict[str, Any]:
    return {"node": "literal", "at": [0, 0], "type": "string", "value": value}


def _not(tree: dict[str, Any]) -> dict[str, Any]:
    return {"node": "not", "at": [0, 0], "operand": tree}


def test_a_place_without_rules_of_its_own_has_the_same_ones() -> None:
    def bare(tree: Any) -> Any:
        """Without the places in the source, which the scanner's rules never had."""
        if isinstance(tree, dict):
            return {name: bare(one) for name, one in tree.items() if name != "at"}
        return [bare(one) for one in tree] if isinstance(tree, list) else tree

    said = in_javascript(_RULES, [])["standard"]
    trees = [[rule.reason, rule.verdict, rule.when and bare(rule.when["tree"])] for rule in standard_rules()]
    assert [[one["reason"], one["verdict"], one["when"] and bare(one["when"]["tree"])] for one in said] == trees
    assert {rule.reason for rule in standard_rules()} <= WORDS.keys()


def test_a_name_is_found_however_it_is_typed() -> None:
    names = [
        ("王样", "000X"), (" 王 样 ", "000x"), ("Zhang Yang", "0014"), ("ZHANG-YANG", "0014"), ("", ""),
        ("阿依·古丽", "１２３４"), ("阿依•古丽", "1234"), ("Weiß", "0001"), ("WEISS", "0001"), ("Ａｎｎ", "000Ｘ"),
        ("ﬁna", "0001"), ("Ολυμπιάς", "1"), ("𠮷野", "0001"), ("Ⅳ", "4"), ("İpek", "1"),
    ]  # fmt: skip
    assert in_javascript(_NAMES, names) == [as_asked(*one) for one in names]
