"""The drill: Monday 16 March 2020, played through the real path.

Each person's code is signed with the centre's key, the code their own phone would show, and posted to the gate node
over HTTP. What happens then is the product's: the node decides, keeps, sends; the centre counts; the board follows.
Beside them offices sign evidence, people declare and appeal, a reviewer answers, each through its door (`incidents`).
The drill decides nothing and counts nothing. When the machine is slower than the clock, people wait in a queue.
"""

import queue
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from kaimen.demo import day_plan, history, incidents
from kaimen.demo.definitions import Sample
from kaimen.demo.models import DrillProgress
from kaimen.demo.node_client import Nodes, Scan
from kaimen.demo.sample import FIRST, plan_of
from kaimen.demo.synthetic import require_synthetic
from kaimen.gate import queries
from kaimen.gate.local_time import zone
from kaimen.gate.models import Pass, RosterLine
from kaimen.gate.snapshots import centre_key
from kaimen.kit import clock
from kaimen.passes import issue
from kaimen.register import packs_in_force
from kaimen.register.models import Employment

_LANES = 3  # people scanned at the same moment
_QUEUE = 60
_KEEP = 2.0  # real seconds between two notes of how far the day has come
Tell = Callable[[str], None]


def play(tell: Tell) -> None:
    """Play the rest of the day, until the drill's last minute (`day_plan.LAST`). Raises NotSynthetic."""
    require_synthetic()
    sample = packs_in_force.pack().one(Sample)
    progress, _new = DrillProgress.objects.get_or_create(defaults={"day": sample.day})
    gates, day, expires = _prepared(sample)
    with Nodes() as nodes:
        nodes.wait_for_lists(gates, tell)
    incidents.happen(history.of_the_day(sample, plan_of(sample).buildings[:FIRST]), tell)
    left = [packed for packed in day if day_plan.due_at(packed) > progress.second]
    tell(f"The drill: {len(day):,} codes to show today, {len(left):,} from now on.")
    _Stage(sample, gates, expires, progress).play(left)
    tell(f"{timedelta(seconds=day_plan.LAST)!s:.5}: the drill is over.")


def _prepared(sample: Sample) -> tuple[list[str], list[int], datetime]:
    """The gates' codes, the day's appearances, and until when the passes are good."""
    expected: dict[str, list[int]] = {}
    lines = RosterLine.objects.filter(roster__in=queries.rosters_in_effect(sample.day), employment__left_on=None)
    listed = lines.values_list("roster__place__code", "employment__person__passes__index")
    for code, index in listed.order_by("roster__place__code", "employment__person__passes__index").iterator():
        expected.setdefault(code, []).append(index)
    gates = sorted(expected)
    known = [set(expected[code]) for code in gates]
    number = {code: at for at, code in enumerate(gates)}
    strangers: dict[int, list[int]] = {}
    staff = Employment.objects.filter(left_on=None, back_on__isnull=False).values_list(
        "place__code", "person__passes__index"
    )
    for code, index in staff.order_by("place__code", "person__passes__index").iterator():
        if code in number and index not in known[number[code]]:
            strangers.setdefault(number[code], []).append(index)
    expires = Pass.objects.order_by("expires").values_list("expires", flat=True).first()
    assert expires is not None
    return gates, day_plan.appearances(sample.seed, [expected[code] for code in gates], strangers), expires


class _Stage:
    """Plays appearances when they are due, a few lanes wide."""

    def __init__(self, sample: Sample, gates: list[str], expires: datetime, progress: DrillProgress) -> None:
        self._key, self._seed, self._gates, self._expires = centre_key(), sample.seed, gates, expires
        self._progress = progress
        self._midnight = datetime(sample.day.year, sample.day.month, sample.day.day, tzinfo=zone())
        self._queue: queue.Queue[int | None] = queue.Queue(_QUEUE)
        self._shown = progress.second  # the second of the day up to which codes have been shown
        self._kept_at = time.monotonic()

    def play(self, day: list[int]) -> None:
        """Show every code of `day`, each when its time has come."""
        lanes = [threading.Thread(target=self._lane, daemon=True) for _ in range(_LANES)]
        for lane in lanes:
            lane.start()
        for packed in day:
            self._wait_until(day_plan.due_at(packed))
            self._queue.put(packed)
            self._progress.shown += 1
            self._note()
        for _ in lanes:
            self._queue.put(None)
        for lane in lanes:
            lane.join()
        self._wait_until(day_plan.LAST)
        self._progress.second = day_plan.LAST
        self._progress.save(update_fields=["second", "shown"])

    def _lane(self) -> None:
        with Nodes() as nodes:
            while (packed := self._queue.get()) is not None:
                nodes.show(self._scan(packed))
                self._shown = max(self._shown, day_plan.due_at(packed))

    def _scan(self, packed: int) -> Scan:
        one = day_plan.unpacked(packed)
        code = issue(self._key, one.index, self._expires)
        # The same appearance has the same id in every run: shown twice, the node gives its first answer again.
        return Scan(UUID(int=self._seed << 96 | 8 << 76 | 2 << 62 | packed), self._gates[one.gate], one.direction, code)

    def _wait_until(self, second: int) -> None:
        due = self._midnight + timedelta(seconds=second)
        while (early := (due - clock.now()).total_seconds() / clock.speed()) > 0:
            self._note()
            time.sleep(min(early, _KEEP))

    def _note(self) -> None:
        """Note from time to time how far the day has come, less what another lane may still hold in its hand."""
        if time.monotonic() - self._kept_at < _KEEP:
            return
        margin = round(_KEEP * clock.speed())
        self._progress.second = max(self._progress.second, self._shown - margin)
        self._progress.save(update_fields=["second", "shown"])
        self._kept_at = time.monotonic()
