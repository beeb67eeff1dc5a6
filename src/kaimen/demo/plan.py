"""Who works where: drawn from the sample's definition alone. The same seed, the same district; nothing is written."""

import random  # noqa: TID251 — seeded: the sample is the same everywhere, and guards nothing
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate

from kaimen.demo import numbers
from kaimen.demo.definitions import Sample, Trade
from kaimen.demo.source_page import names_somebody

EMPLOYED = ("company-clerk", "resident")  # personas who are staff of the firm on the stage
INDEXES = 2**24  # of passes; kaimen.gate says so too, and a test holds them equal


@dataclass(frozen=True)
class Individual:
    """Somebody made up."""

    name: str
    national_id: str
    phone: str
    index: int  # of the pass


@dataclass(frozen=True)
class Worker:
    """Somebody at a firm: back since when, and whether the list of the day names them."""

    who: Individual
    department: str
    back_on: date | None
    listed: bool


@dataclass(frozen=True)
class Firm:
    """A firm in one building. `list_day` is the day its list in force was confirmed for; None while it is closed."""

    name: str
    name_en: str
    uscc: str
    floor: str
    resumed_on: date | None
    list_day: date | None
    staff: tuple[Worker, ...]


@dataclass(frozen=True)
class Signboard:
    """A firm before it has staff."""

    name: str
    name_en: str
    trade: Trade
    staff: int
    number: int  # among all firms; its staff are numbered from `first`
    first: int
    staged: bool = False  # the firm the personas work at


class Plan:
    """The whole sample. `buildings` are in the order in which they fill; the personas' comes first."""

    def __init__(self, sample: Sample, floors: Mapping[str, Sequence[str]]) -> None:
        self.sample = sample
        self._floors = floors
        draw = random.Random(sample.seed)  # noqa: S311
        others = sorted(set(floors) - {sample.stage.building})
        self.buildings = [sample.stage.building, *sorted(draw.sample(others, sample.buildings - 1))]
        extra = sample.people + len(sample.cast)
        self._ids = draw.sample(range(numbers.ID_ROOM), extra)
        self._phones = draw.sample(range(numbers.PHONE_ROOM), extra)
        self._indexes = draw.sample(range(INDEXES), extra)
        self._uscc = draw.sample(range(numbers.USCC_ROOM), sample.firms)
        self._families = list(sample.family_names)
        self._weights = list(accumulate(sample.family_names.values()))
        self._housed = self._house(draw)
        chosen = random.Random(f"{sample.seed}/behind")  # noqa: S311
        rest = self.buildings[1:]
        self.behind = frozenset(chosen.sample(rest, min(sample.trouble.lists_behind, len(rest))))
        self._behind_since = sample.day - timedelta(days=5)  # of a Monday: the Wednesday before

    def firms_in(self, building: str) -> Iterator[Firm]:
        """The firms of a building, ground floor first, each with its staff."""
        draw = random.Random(f"{self.sample.seed}/{building}")  # noqa: S311
        late = draw.random() < 0.15  # some buildings are well behind the others
        share = self._share() + (-0.2 if late else 0.045) + draw.uniform(-0.03, 0.03)
        signs = self._housed[building]
        floors = [floor for floor in self._floors[building] if not floor.startswith("B")] or ["1"]
        behind = building in self.behind
        for position, sign in enumerate(signs):
            floor = floors[position * len(floors) // len(signs)]
            firm = self._staged(draw, sign, floor) if sign.staged else self._firm(draw, sign, floor, share)
            if behind and not sign.staged and firm.resumed_on is not None and firm.resumed_on < self._behind_since:
                firm, behind = self._left_behind(firm), False  # one firm is enough
            yield firm

    def _left_behind(self, firm: Firm) -> Firm:
        """The firm with no list since the middle of the week before."""
        since = self._behind_since
        staff = [
            replace(one, listed=one.listed and one.back_on is not None and one.back_on <= since) for one in firm.staff
        ]
        return replace(firm, list_day=since, staff=tuple(staff))

    def cast(self) -> dict[str, Individual]:
        """The personas who work at no firm, by slug; they are numbered after everybody else."""
        draw = random.Random(f"{self.sample.seed}/cast")  # noqa: S311
        return {
            slug: self._individual(draw, self.sample.people + at, name)
            for at, (slug, name) in enumerate(self.sample.cast.items())
            if slug not in EMPLOYED
        }

    def _house(self, draw: random.Random) -> dict[str, list[Signboard]]:
        """Spread the firms over the buildings: each has one at least, tall ones more."""
        housed: dict[str, list[Signboard]] = {code: [] for code in self.buildings}
        weights = [len(self._floors[code]) * draw.uniform(0.6, 1.4) for code in self.buildings]
        homes = [*self.buildings, *draw.choices(self.buildings, weights, k=self.sample.firms - len(self.buildings))]
        for home, sign in zip(homes, self._signboards(draw), strict=True):
            housed[home].append(sign)
        return housed

    def _signboards(self, draw: random.Random) -> Iterator[Signboard]:
        sample = self.sample
        named = [(first, trade) for first in sample.first_names for trade in sample.trades]
        firms = draw.sample(named, sample.firms)
        stage, start = sample.stage, 0
        sizes = [stage.staff, *_sizes(draw, sample.firms - 1, sample.people - stage.staff)]
        for number, ((first, trade), size) in enumerate(zip(firms, sizes, strict=True)):
            name = f"{first}{trade.zh}{sample.form.zh}"
            name_en = f"{sample.first_names[first]} {trade.en} {sample.form.en}"
            if number == 0:
                name, name_en = stage.firm.zh, stage.firm.en
            yield Signboard(name, name_en, trade, size, number, start, staged=number == 0)
            start += size

    def _share(self) -> float:
        """How many of an open firm's staff are back, so that of all staff it is what the sample asks."""
        return min(0.99, self.sample.staff_back / self.sample.firms_open)

    def _firm(self, draw: random.Random, sign: Signboard, floor: str, share: float) -> Firm:
        sample = self.sample
        is_open = draw.random() < sample.firms_open
        if not is_open:
            absent = tuple(self._worker(draw, sign, n, None, listed=False) for n in range(sign.staff))
            return Firm(sign.name, sign.name_en, self._code(sign), floor, None, None, absent)
        resumed = _working_day(draw, sample.first_day, sample.day)
        list_day = sample.day - timedelta(days=3) if draw.random() < sample.list_not_renewed else sample.day
        own = min(1.0, share + draw.gauss(0, 0.06))
        staff = []
        for n in range(sign.staff):
            back = _working_day(draw, resumed, sample.day) if draw.random() < own else None
            listed = back is not None and back <= list_day and draw.random() >= sample.away_today
            staff.append(self._worker(draw, sign, n, back, listed=listed))
        list_day = max(list_day, resumed)
        return Firm(sign.name, sign.name_en, self._code(sign), floor, resumed, list_day, tuple(staff))

    def _staged(self, draw: random.Random, sign: Signboard, floor: str) -> Firm:
        """The firm of the page's example, in its proportion: of 48 staff, 43 are back, two personas among them."""
        sample, back = self.sample, round(sign.staff * 43 / 48)
        names = [sample.cast[slug] for slug in EMPLOYED]
        staff = [
            self._worker(
                draw, sign, n, sample.first_day if n < back else None,
                listed=n < back, name=names[n] if n < len(names) else "",
            )
            for n in range(sign.staff)
        ]  # fmt: skip
        return Firm(sign.name, sign.name_en, self._code(sign), floor, sample.first_day, sample.day, tuple(staff))

    def _code(self, sign: Signboard) -> str:
        return numbers.uscc(self.sample.division, self._uscc[sign.number])

    def _worker(
        self, draw: random.Random, sign: Signboard, n: int, back: date | None, *, listed: bool, name: str = ""
    ) -> Worker:
        department = draw.choice(self.sample.departments[sign.trade.sort])
        return Worker(self._individual(draw, sign.first + n, name), department, back, listed)

    def _individual(self, draw: random.Random, number: int, name: str = "") -> Individual:
        man = draw.random() < 0.52
        return Individual(
            name or self._name(draw, self.sample.men if man else self.sample.women),
            numbers.national_id(self.sample.division, self._ids[number], man=man),
            numbers.phone(self.sample.phones, self._phones[number]),
            self._indexes[number],
        )

    def _name(self, draw: random.Random, given: str) -> str:
        while True:
            (family,) = draw.choices(self._families, cum_weights=self._weights)
            first = draw.choice(given)
            second = draw.choice(given) if draw.random() < 0.75 else ""
            if not names_somebody(family + first + second):
                return family + first + second


def _sizes(draw: random.Random, firms: int, people: int) -> list[int]:
    """Staff numbers of `firms` firms, many small and few large, that add up to `people`."""
    weights = [draw.lognormvariate(0, 0.95) for _ in range(firms)]
    scale = people / sum(weights)
    sizes = [max(1, int(weight * scale)) for weight in weights]
    over = sum(sizes) - people
    order = sorted(range(firms), key=lambda firm: -sizes[firm])
    at = 0
    while over:
        firm = order[at % firms]
        step = -1 if over > 0 else 1
        if sizes[firm] + step >= 1:
            sizes[firm] += step
            over += step
        at += 1
    return sizes


def _working_day(draw: random.Random, first: date, last: date) -> date:
    """A day between the two, rather early; Saturday and Sunday wait for Monday."""
    found = first + timedelta(days=int((last - first).days * draw.random() ** 1.6))
    return min(last, found + timedelta(days=(0, 0, 0, 0, 0, 2, 1)[found.weekday()]))
