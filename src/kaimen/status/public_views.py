"""Counts of colours: for everybody, and with every figure for those who look after the log's decisions."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kaimen.register import access
from kaimen.register.access import PostRequest, post_required, public
from kaimen.register.models import Post
from kaimen.status import public_colours
from kaimen.status.public_forms import DaysForm

EXACT = "status.see_changes"


@public
@require_safe
def colours(request: HttpRequest) -> HttpResponse:
    """How many colours changed, by day, rule and source (`?first=2020-03-01&last=2020-03-14`)."""
    return _page(request, exact=False)


@post_required(EXACT)
@never_cache
@require_safe
def exact(request: PostRequest) -> HttpResponse:
    """The same with every figure, of today too."""
    return _page(request, exact=True)


def _page(request: HttpRequest, *, exact: bool) -> HttpResponse:
    asked = {name: request.GET.get(name, "") for name in ("first", "last")}
    form = DaysForm(asked)
    valid = form.is_valid()
    if not valid:
        usual = DaysForm({})
        usual.is_valid()
    page = public_colours.page(*(form if valid else usual).days(), exact=exact)
    language = get_language() or "zh-hans"
    post = getattr(request, "post_held", None)
    context = {
        "form": form,
        "page": page,
        "jumps": [(one.day, public_colours.said(one, language)) for one in page.jumps],
        "rule": {"people": public_colours.JUMP_FROM, "times": public_colours.JUMP_TIMES},
        "may_see_exact": isinstance(post, Post) and access.grants(post, EXACT),
    }
    return render(request, "status/public_colours.html", context, status=200 if valid else 422)
