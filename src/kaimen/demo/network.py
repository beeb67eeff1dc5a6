"""Pulling the plug: the line between the personas' building and the centre, cut and mended by a button.

The line itself is a process's own (`project.demo.line`); a file says whether it is cut. The figures are the product's:
what the gate says it decided, and how far its chain has come here.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from kaimen.demo.definitions import Sample
from kaimen.demo.synthetic import require_synthetic
from kaimen.gate import asking_nodes, queries
from kaimen.gate.models import Node
from kaimen.kit import clock
from kaimen.register import packs_in_force
from kaimen.register.access import subtree
from kaimen.register.models import Place

STAGE_NODE = "演示大厦门岗"


@dataclass(frozen=True)
class Network:
    """How it stands between the gate and the centre."""

    at: datetime
    cut_since: datetime | None
    online: bool
    decided: int  # by the gate, all day
    arrived: int  # at the centre
    list_of: datetime | None  # when the list it decides by was made

    @property
    def waiting(self) -> int:
        """What the gate holds and the centre does not."""
        return max(0, self.decided - self.arrived)


def stage() -> Place:
    """The building the personas work in."""
    return Place.objects.get(code=packs_in_force.pack().one(Sample).stage.building)


def stage_gates() -> QuerySet[Place]:
    """That building and its entrances."""
    return Place.objects.filter(subtree(stage())).exclude(profile="").order_by("code")


def network() -> Network | None:
    """How it stands now; None while the gate does not answer."""
    try:
        gate = asking_nodes.state(stage().code)
    except asking_nodes.NodeSilent:
        return None
    node = Node.objects.filter(name=STAGE_NODE).order_by("-made_at").first()
    arrived = sum(queries.chains_of(node).values()) if node else 0
    return Network(clock.now(), _cut_since(), gate.online, max(gate.entries, arrived), arrived, gate.made_at)


def cut() -> None:
    """Nothing passes any more. Again changes nothing. Raises NotSynthetic."""
    require_synthetic()
    if not _file().exists():
        _file().write_text(clock.now().isoformat(), "ascii")


def mend() -> None:
    """Everything passes again. Raises NotSynthetic."""
    require_synthetic()
    _file().unlink(missing_ok=True)


def _file() -> Path:
    return Path(settings.DATA) / "demo" / "cut"


def _cut_since() -> datetime | None:
    try:
        return datetime.fromisoformat(_file().read_text("ascii"))
    except (OSError, ValueError):
        return None
