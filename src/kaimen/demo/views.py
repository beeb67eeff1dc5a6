"""Pages of the demonstration: the row of doors, one-click entry, the outbox, the progress of the sample."""

from typing import Any

from django.contrib.auth import login
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kaimen.demo import network as networks
from kaimen.demo import personas, queries
from kaimen.demo.synthetic import require_synthetic
from kaimen.notify.models import OutboxSms
from kaimen.register.access import public

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """A street, eight doors, one day; behind it the offices that colours rest on."""
    return render(request, "demo/home.html", {"doors": personas.DOORS, "offices": personas.OFFICES} | _living())


def _living() -> dict[str, Any]:
    return {"facts": queries.facts(), "progress": queries.progress()}


@public
@require_POST
def enter(request: HttpRequest, slug: str) -> HttpResponse:
    """Sign in as a persona, and go where they would go first."""
    require_synthetic()
    try:
        account = personas.account_of(slug)
    except personas.UnknownPersona as error:
        raise Http404(str(error)) from error
    except personas.NotThereYet:
        return render(request, "demo/not_yet.html", _living(), status=503)
    login(request, account, backend=_BACKEND)
    return redirect(reverse(personas.door(slug).opens))


@public
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """Text messages the stand-in has sent."""
    require_synthetic()
    rows = OutboxSms.objects.select_related("delivery__person")
    return render(request, "demo/outbox.html", {"page": Paginator(rows, 50).get_page(request.GET.get("page"))})


@public
@require_safe
@never_cache
def progress(request: HttpRequest) -> HttpResponse:
    """How far the sample has come: a fragment the home page asks for until everybody has arrived."""
    return render(request, "demo/progress.html", _living())


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def network(request: HttpRequest) -> HttpResponse:
    """The line between the personas' building and the centre. POST pulls the plug, or puts it in again."""
    require_synthetic()
    if request.method == "POST":
        (networks.cut if request.POST.get("plug") == "out" else networks.mend)()
        return redirect("demo:network")
    return render(request, "demo/network.html", {"place": networks.stage(), "network": networks.network()})


@public
@never_cache
@require_safe
def network_live(request: HttpRequest) -> HttpResponse:
    """The figures alone: the page fetches them every second."""
    require_synthetic()
    return render(request, "demo/network_live.html", {"network": networks.network()})
