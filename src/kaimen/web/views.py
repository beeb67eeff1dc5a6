"""Pages of the front. They translate HTTP and decide nothing."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kaimen.register import access
from kaimen.register.access import PostRequest, public, signed_in
from kaimen.web import health as healths
from kaimen.web import searching
from kaimen.web.tour import tour as tour_of


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The landing page; whoever is signed in goes to work."""
    if request.user.is_authenticated:
        return redirect("web:start")
    return render(request, "web/home.html")


@signed_in
@require_safe
def start(request: PostRequest) -> HttpResponse:
    """Send somebody who has signed in to the first page of their post."""
    return redirect(first_page(request))


def first_page(request: PostRequest) -> str:
    """Where work begins: a resident's own pass, else the first place in the bar."""
    if request.post_held is None:
        return reverse("web:search")
    if access.grants(request.post_held, "gate.see_own_pass"):
        return reverse("gate:own_pass")
    places = [item for item in request.navigation if not item.url_name.startswith("notify:")]
    return reverse((places or request.navigation)[0].url_name) if request.navigation else reverse("web:search")


@public
@require_safe
def tour(request: HttpRequest) -> HttpResponse:
    """Every system of the source page: what it promises, and where it lives here, or "not yet"."""
    return render(request, "web/tour.html", {"tour": tour_of()})


@signed_in
@require_safe
def search(request: PostRequest) -> HttpResponse:
    """People, organisations and places by name, as far as the post in use may see."""
    text = request.GET.get("q", "").strip()[: searching.LONGEST]
    found = searching.found(request.post_held, text)
    return render(request, "web/search.html", {"q": text, "found": found})


@public
@require_safe
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """How the installation is, for machines: 200 when it can serve people, 503 otherwise."""
    states = healths.state()
    return JsonResponse(states, status=200 if healths.well(states) else 503)
