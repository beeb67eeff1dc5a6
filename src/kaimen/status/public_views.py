"""Counts of colours for everybody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from kaimen.register.access import public
from kaimen.status import public_colours
from kaimen.status.public_forms import DaysForm


@public
@require_safe
def colours(request: HttpRequest) -> HttpResponse:
    """How many colours changed, by day, rule and source (`?first=2020-03-01&last=2020-03-14`)."""
    asked = {name: request.GET.get(name, "") for name in ("first", "last")}
    form = DaysForm(asked)
    valid = form.is_valid()
    if not valid:
        usual = DaysForm({})
        usual.is_valid()
    page = public_colours.page(*(form if valid else usual).days())
    language = get_language() or "zh-hans"
    context = {
        "form": form,
        "page": page,
        "jumps": [(one.day, public_colours.said(one, language)) for one in page.jumps],
        "rule": {"people": public_colours.JUMP_FROM, "times": public_colours.JUMP_TIMES},
    }
    return render(request, "status/public_colours.html", context, status=200 if valid else 422)
