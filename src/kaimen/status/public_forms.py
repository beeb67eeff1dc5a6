"""What a reader of the public counts chooses: which days."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from kaimen.kit import clock
from kaimen.ui.fields import ask
from kaimen.ui.forms import KaimenForm

USUAL, MOST = 14, 92  # days shown at once
EARLIEST, LATEST = date(2000, 1, 31), 2099


class DaysForm(KaimenForm):
    """From which day to which. Empty: the last fourteen days."""

    first = ask(
        forms.DateField(label=_("Days from"), required=False),
        why=_("Chooses which days are shown; nothing is kept."),
    )
    last = ask(
        forms.DateField(label=_("Days to"), required=False),
        why=_("Chooses which days are shown; nothing is kept."),
    )

    def clean(self) -> dict[str, Any]:
        """The days in order, and not too many of them."""
        said = super().clean() or {}
        if not self.errors:
            first, last = self.days()
            if first < EARLIEST or last.year > LATEST:
                self.add_error("first", _now("There are no counts for these days; choose days of this century."))
            elif first > last:
                self.add_error("first", _now("The first day is after the last; exchange them."))
            elif last - first >= timedelta(days=MOST):
                self.add_error("first", _now("At most %d days at once; choose a later first day.") % MOST)
        return said

    def days(self) -> tuple[date, date]:
        """First and last day as they were asked for, or the usual ones."""
        said: dict[str, date | None] = self.cleaned_data
        last = said.get("last") or clock.today(ZoneInfo(settings.TIME_ZONE))
        return said.get("first") or max(EARLIEST, last) - timedelta(days=USUAL - 1), last
