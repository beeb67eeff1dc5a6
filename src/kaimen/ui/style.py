"""The page of components: everything pages are made of, once, in both themes, with the form controls at work."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from kaimen.ui.fields import ask
from kaimen.ui.forms import KaimenForm

SWATCHES = (
    "brand", "brand-deep", "leaf", "ink", "ink-2", "ground",
    "go-fill", "go-tint", "care-fill", "care-tint", "stop-fill", "stop-tint",
)  # fmt: skip


class Example(KaimenForm):
    """One field of each sort, filled in badly."""

    phone = ask(
        forms.RegexField(
            r"^1\d{10}$",
            label=gettext_lazy("Contact phone"),
            error_messages={"invalid": gettext_lazy("The phone number is one digit short; it should have 11.")},
        ),
        why=gettext_lazy("The district's employment service, only to tell you the result."),
        autocomplete="tel",
        inputmode="tel",
        width=20,
    )
    since = ask(
        forms.DateField(label=gettext_lazy("At work since"), required=False),
        why=gettext_lazy("The guard, to know from which day you are expected."),
        width=10,
    )
    floor = ask(
        forms.ChoiceField(label=gettext_lazy("Floor"), choices=[("", "—"), ("15", "15F"), ("16", "16F")]),
        why=gettext_lazy("The front desk, to send you to the right lift."),
    )
    how = ask(
        forms.ChoiceField(
            label=gettext_lazy("How you come"),
            choices=[
                ("rail", gettext_lazy("Metro or bus")),
                ("car", gettext_lazy("Car")),
                ("foot", gettext_lazy("On foot")),
            ],
            widget=forms.RadioSelect,
        ),
        why=gettext_lazy("The building, to spread arrivals over the morning."),
    )
    remark = ask(
        forms.CharField(label=gettext_lazy("Remark"), widget=forms.Textarea(attrs={"rows": 2}), required=False),
        why=gettext_lazy("Whoever handles this; nobody else reads it."),
    )
    true = ask(
        forms.BooleanField(label=gettext_lazy("What I entered is true")),
        why=gettext_lazy("The law asks for your word; a false one is put on record."),
    )


def _steps() -> list[dict[str, object]]:
    return [
        {"state": "go", "title": _("Taken in"), "when": "3-12 09:10", "words": _("at once, on line")},
        {"state": "now", "title": _("Review"), "when": "", "words": _("two working days of three left")},
        {"state": "now", "parallel": True, "title": _("Paper owed"), "when": "", "words": _("runs beside the review")},
        {"state": "none", "title": _("Permit"), "when": "", "words": ""},
    ]


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Show every component once."""
    at = datetime(2020, 3, 16, 8, 12, 7, tzinfo=ZoneInfo(settings.TIME_ZONE))
    statuses = [
        ("go", _("enter")), ("care", _("desk")), ("stop", _("refuse")),
        ("info", _("blue")), ("now", _("in progress")), ("none", _("not reported")),
    ]  # fmt: skip
    entry = [(_("Event"), _("in at Gate B")), (_("Reason"), _("on today's roster"))]
    mistaken = Example({"phone": "1380000000", "how": "rail", "floor": "15", "true": "on"})
    about = {
        "swatches": SWATCHES, "statuses": statuses, "steps": _steps(), "entry": entry, "at": at,
        "mistaken": mistaken, "doors": (0.05, 0.3, 0.55, 0.8),
    }  # fmt: skip
    return render(request, "ui/style.html", about)


components.access = "public"  # type: ignore[attr-defined]
