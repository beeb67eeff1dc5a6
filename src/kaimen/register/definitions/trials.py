"""What a pack's tests may ask of calendar and roles."""

from collections.abc import Iterator

from kaimen.kit.workdays import Calendar
from kaimen.packs import Pack
from kaimen.packs.dates import DATE, day
from kaimen.packs.trials import Prover, Trial, prover
from kaimen.register.definitions.areas import AreaDefinition
from kaimen.register.definitions.calendar import CalendarDefinition
from kaimen.register.definitions.roles import Role

_NAMES = {"type": "array", "items": {"type": "string"}}
_AREA = {"type": ["string", "integer"]}


def _calendar(pack: Pack, trial: Trial) -> Calendar:
    """The calendar as known on the trial's date, in its area."""
    calendar = pack.one(CalendarDefinition).calendar
    parents = {area.code: area.parent for area in pack.all(AreaDefinition)}
    code, areas = trial.given.get("area"), set()
    while code is not None:
        areas.add(str(code))
        code = parents.get(str(code))
    calendar = calendar.within(areas)
    return calendar.as_known_on(trial.date) if trial.date else calendar


def _count(pack: Pack, trial: Trial) -> Iterator[str]:
    start = day(trial.given["from"], (trial.at, "given", "from"))
    found = _calendar(pack, trial).add(start, trial.given["working_days"])
    said = trial.then
    if "date" in said and said["date"] != found.date.isoformat():
        yield f"it is {found.date}, not {said['date']}"
    if "provisional" in said and said["provisional"] != found.provisional:
        yield f"the answer is {'provisional' if found.provisional else 'certain'}"


def _worked(pack: Pack, trial: Trial) -> Iterator[str]:
    at = day(trial.given["day"], (trial.at, "given", "day"))
    worked = _calendar(pack, trial).is_workday(at)
    if worked != trial.then.get("worked", worked):
        yield f"{at} is {'worked' if worked else 'off'}"


def _may(pack: Pack, trial: Trial) -> Iterator[str]:
    role = next((role for role in pack.all(Role) if role.slug == trial.given["role"]), None)
    if role is None:
        yield f"there is no role {trial.given['role']}"
        return
    yield from (f"{role.slug} may not {name}" for name in trial.then.get("may", ()) if name not in role.may)
    yield from (f"{role.slug} may {name}" for name in trial.then.get("may_not", ()) if name in role.may)
    if trial.then.get("over", role.scope) != role.scope:
        yield f"{role.slug} is held over: {role.scope}"


PROVERS = (
    prover(
        Prover(
            "working_days",
            {"working_days": {"type": "integer", "minimum": 0, "maximum": 10_000}, "from": DATE, "area": _AREA},
            {"date": DATE, "provisional": {"type": "boolean"}},
            _count,
            needs=("from",),
        )
    ),
    prover(Prover("day", {"day": DATE, "area": _AREA}, {"worked": {"type": "boolean"}}, _worked)),
    prover(
        Prover(
            "role",
            {"role": {"type": "string"}},
            {"may": _NAMES, "may_not": _NAMES, "over": {"type": "string"}},
            _may,
        )
    ),
)
