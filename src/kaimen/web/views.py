"""Pages of the front. They translate HTTP and decide nothing."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kaimen.register import access
from kaimen.register.access import public, signed_in
from kaimen.register.identifiers import NotAnIdentifier
from kaimen.register.models import Post
from kaimen.web import health as healths
from kaimen.web import searching
from kaimen.web.forms import SearchForm
from kaimen.web.tour import CHAPTERS, STATE_WORDS, STOPS, State, count


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The landing page; whoever is signed in goes to work."""
    if request.user.is_authenticated:
        return redirect("web:start")
    return render(request, "web/home.html")


@signed_in
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Send somebody who has signed in to the first page of their post."""
    return redirect(first_page(request))


def first_page(request: HttpRequest) -> str:
    """Where work begins: a resident's own pass, else the first place in the bar, else one's own file."""
    if _may(request, "gate.see_own_pass"):
        return reverse("gate:own_pass")
    names = [item.url_name for item in getattr(request, "navigation", [])]
    work = [name for name in names if not name.startswith("notify:")] or names
    return reverse(work[0] if work else "register:me")


@public
@require_safe
def tour(request: HttpRequest) -> HttpResponse:
    """Every system of the source page: what it promises, and where it lives here, or "not yet"."""
    counts = [(state.value, STATE_WORDS[state], count(state)) for state in State]
    return render(request, "web/tour.html", {"stops": STOPS, "chapters": CHAPTERS, "counts": counts})


@signed_in
@never_cache
def search(request: HttpRequest) -> HttpResponse:
    """People, organisations and places by name. By POST: what is searched for stands in no address and no log."""
    form = SearchForm(request.POST or None)
    post = _post(request)
    found = searching.found(post, "")
    if form.is_valid():
        try:
            found = searching.found(post, form.cleaned_data["q"])
        except NotAnIdentifier as refusal:
            form.add_error("q", str(refusal))
    about = {
        "form": form,
        "asked": form.is_bound and form.is_valid(),
        "found": found,
        "opens_people": _may(request, "register.see_person"),
        "opens_buildings": _may(request, "board.see"),
    }
    return render(request, "web/search.html", about)


def _post(request: HttpRequest) -> Post | None:
    """The post in use; somebody may have signed in who holds none."""
    post: Post | None = getattr(request, "post_held", None)
    return post


def _may(request: HttpRequest, permission: str) -> bool:
    post = _post(request)
    return post is not None and access.grants(post, permission)


@public
@require_safe
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """How the installation is, for machines: 200 when it can serve people, 503 otherwise."""
    states = healths.state()
    return JsonResponse(states, status=200 if healths.well(states) else 503)
