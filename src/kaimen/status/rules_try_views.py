"""The page for whoever writes a pack: a rule, a row, and which part made the answer."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kaimen.kit import clock
from kaimen.register.access import public
from kaimen.status import rules_try
from kaimen.status.rules_try_forms import TryForm


@public
def try_rule(request: HttpRequest) -> HttpResponse:
    """Answer a rule for a row, part by part. Public, for rules are; nothing is kept."""
    form = TryForm(request.POST) if request.method == "POST" else TryForm(_example(request))
    answer = None
    if form.is_valid() and form.expression is not None:
        answer = rules_try.told(form.expression, form.row_read, form.cleaned_data["as_of"])
    page = {"form": form, "answer": answer, "statuses": rules_try.of_the_pack()}
    return render(request, "status/rules_try.html", page)


def _example(request: HttpRequest) -> dict[str, str]:
    """The rule of the pack that was asked for, or one to begin with."""
    today = clock.today(ZoneInfo(settings.TIME_ZONE))
    chosen = rules_try.example(request.GET.get("rule", ""), today)
    return {"rule": chosen.rule, "fields_text": chosen.fields, "row": chosen.row, "as_of": today.isoformat()}
