"""A rate is its numerator, its denominator and a cut-off: never a typed number.

The page that Kaimen grew from prints 8327/10083 as 86.89 %; it is 82.58 %.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True)
class Rate:
    """`numerator` of `denominator`, as they stood at `cut_off` (aware). A population of nobody has no rate."""

    numerator: int
    denominator: int
    cut_off: datetime

    def percent(self, places: int = 2) -> Decimal | None:
        """Per cent, rounded half up to `places`; None when the denominator is 0."""
        if self.denominator == 0:
            return None
        exact = Decimal(self.numerator) * 100 / Decimal(self.denominator)
        return exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
