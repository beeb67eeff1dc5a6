"""Effects other parts may set off here, by name."""

from typing import Any

from kaimen.gate import actions
from kaimen.kit.effects import effect


@effect("staff-changed")
def staff_changed(**about: Any) -> None:
    """A firm's staff were filed, changed or left.

    Takes `organisation`, `employments` (their ids, those who left included) and, where known, `by` (a post).
    """
    actions.take_in_staff(about["organisation"], list(about["employments"]), about.get("by"))
