"""The drawing of a door that stands more or less open: on the home page only."""

from dataclasses import dataclass

HINGE, LATCH = 23.0, 109.0  # the doorway, in the drawing's units
TOP, SILL = 16.0, 170.0
UPPER, LOWER = (0.13, 0.43), (0.545, 0.875)  # where the two panels lie, from top to sill
PANEL = (0.2, 0.8)  # and from hinge to edge


@dataclass(frozen=True)
class Door:
    """What the template draws: outlines of the leaf and of its panels, the knob, the light on the step."""

    leaf: str
    panels: str
    knob: tuple[str, str]
    light: str


def door(ajar: float) -> Door:
    """A door open by `ajar`, from 0 (shut) to 1 (folded away), seen from the street."""
    ajar = min(max(ajar, 0.0), 1.0)
    width = (LATCH - HINGE) * (1 - ajar)

    def at(across: float, down: float) -> str:
        x, y = _seen(ajar, width, across, down)
        return f"{x:.1f} {y:.1f}"

    def pane(top: float, bottom: float) -> str:
        left, right = PANEL
        return f"M{at(left, top)}L{at(right, top)}L{at(right, bottom)}L{at(left, bottom)}Z"

    x, y = _seen(ajar, width, 0.9, 0.51)
    edge = HINGE + width
    return Door(
        leaf=f"M{at(0, 0)}L{at(1, 0)}L{at(1, 1)}L{at(0, 1)}Z",
        panels=pane(*UPPER) + pane(*LOWER),
        knob=(f"{x:.1f}", f"{y:.1f}"),
        light=f"M{edge:.1f} 170L109 170L{LATCH + 9.4 * ajar:.1f} 177H{edge - 19.4 * ajar:.1f}Z",
    )


def _seen(ajar: float, width: float, across: float, down: float) -> tuple[float, float]:
    """Where a point of the leaf is seen: the farther from the hinge, the lower its edges hang."""
    top = TOP + 13.0 * ajar * across
    sill = SILL + 8.3 * ajar * across
    return HINGE + width * across, top + (sill - top) * down
