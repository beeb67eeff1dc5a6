"""What a pack's tests may ask of its colours: given evidence or facts, this colour, by this rule, until that day."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from kaimen.colours import places
from kaimen.colours.judging import Item, Judge
from kaimen.colours.moments import local_day, moment
from kaimen.colours.terms import StatusDefinition, typed
from kaimen.packs import Pack
from kaimen.packs.dates import DATE, day
from kaimen.packs.trials import Prover, Trial, prover

_NOON = time(12)
_NOBODY_CAN_SAY = "unknown"  # the colour and the rule of a place about which a rule has no answer
_SAYS = {"type": "object", "minProperties": 1}
_EVIDENCE = {
    "type": "array",
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["from", "of", "says"],
        "properties": {
            "from": {"type": "string"},
            "of": {"type": "string"},
            "says": _SAYS,
            "seen": DATE,
            "withdrawn": {"type": "boolean"},
        },
    },
}
_TEXT = {"type": "string"}


def _prove(pack: Pack, trial: Trial) -> Iterator[str]:
    """Judge at noon of the trial's date, evidence seen at the same hour of its own."""
    slug = trial.given["status"]
    definition = next((one for one in pack.all(StatusDefinition) if one.slug == slug), None)
    if definition is None or trial.date is None:
        yield f"there is no status {slug}" if definition is None else "a colour is asked for on a `date`"
        return
    items = [
        _item(definition, given, (trial.at, "given", "evidence", order), trial.date)
        for order, given in enumerate(trial.given.get("evidence", ()))
    ]
    judged = _person if definition.subject == "person" else _place
    found = judged(definition, items, trial)
    for name, wanted in trial.then.items():
        if found[name] != wanted:
            yield f"{name} is {found[name]}, not {wanted}"


def _person(definition: StatusDefinition, items: list[Item], trial: Trial) -> dict[str, str]:
    assert trial.date is not None
    found = Judge(definition).judge(items, _at_noon(trial.date, definition))
    until = local_day(found.until, definition.zone).isoformat() if found.until is not None else "never"
    return {"colour": found.colour, "rule": found.rule, "until": until}


def _place(definition: StatusDefinition, items: list[Item], trial: Trial) -> dict[str, str]:
    """As the board judges a building: it asks anew every minute, so nothing is said of an end."""
    assert trial.date is not None
    row = {name: typed(said, definition.facts[name]) for name, said in trial.given.get("facts", {}).items()}
    latest = {item.of: item for item in sorted(items, key=lambda item: (item.seen, item.order))}
    for item in latest.values():
        if item.in_force and _at_noon(trial.date, definition) < item.until:
            row |= item.says
    judged = places.judge_of(definition)(row, trial.date)
    rule = definition.rules[judged.rule - 1].slug if judged.rule else _NOBODY_CAN_SAY
    return {"colour": judged.colour or _NOBODY_CAN_SAY, "rule": rule, "until": "asked every minute"}


def _item(definition: StatusDefinition, given: dict[str, Any], path: tuple[str | int, ...], today: date) -> Item:
    """Raises LookupError or ValueError for evidence the definition does not know."""
    if given["of"] not in definition.evidence:
        raise ValueError(f"there is no evidence {given['of']}; there are: {', '.join(definition.evidence)}")
    kind = definition.evidence[given["of"]]
    for name in given["says"]:
        if name not in kind.fields:
            raise ValueError(f"{kind.slug} has no field {name}; it has: {', '.join(kind.fields)}")
    seen = _at_noon(day(given["seen"], (*path, "seen")) if "seen" in given else today, definition)
    says = {name: typed(value, kind.fields[name]) for name, value in given["says"].items()}
    order = int(path[-1])
    return Item(
        order.to_bytes(16), given["from"], kind.slug, says, seen, seen + kind.lasts, order,
        in_force=not given.get("withdrawn", False),
    )  # fmt: skip


def _at_noon(on: date, definition: StatusDefinition) -> int:
    return moment(datetime.combine(on, _NOON, definition.zone))


PROVER = prover(
    Prover(
        "status",
        {"status": _TEXT, "evidence": _EVIDENCE, "facts": _SAYS},
        {"colour": _TEXT, "rule": _TEXT, "until": _TEXT},
        _prove,
    )
)
