"""Exact arithmetic, whatever the decimal context of the caller: nothing is rounded, and dates stay in the calendar."""

from datetime import date, timedelta
from decimal import Context, Inexact, InvalidOperation, Overflow

from kaimen.rules.sizes import MOST_DIGITS

# The checker has bounded every result to MOST_DIGITS; were it wrong, this raises instead of rounding.
EXACT = Context(prec=2 * MOST_DIGITS, traps=[Inexact, InvalidOperation, Overflow])
LAST = date.max.toordinal()


def add_days(start: date, days: int) -> date | None:
    """The date `days` later; None outside the calendar."""
    if not -LAST <= days <= LAST:
        return None
    try:
        return start + timedelta(days)
    except OverflowError:
        return None
