"""Couriers: who comes, a new one, a card to print."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kaimen.gate import local_time
from kaimen.gate.actions import NotPossible
from kaimen.gate.views import code_of
from kaimen.passes import qr_svg
from kaimen.register.access import PostRequest, post_required
from kaimen.visits import couriers as keeping
from kaimen.visits.courier_forms import CourierForm


@post_required("visits.keep_couriers")
@never_cache
@require_safe
def couriers(request: PostRequest) -> HttpResponse:
    """Who brings goods to one's places."""
    context = {"couriers": keeping.known(request.post_held), "terms": keeping.terms_of_couriers()}
    return render(request, "visits/couriers.html", context)


@post_required("visits.keep_couriers")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PostRequest) -> HttpResponse:
    """Register somebody."""
    by, terms = request.post_held, keeping.terms_of_couriers()
    places = keeping.places(by)
    if terms is None or not places.exists():
        return redirect("visits:couriers")
    last = local_time.today() + terms.longest
    form = CourierForm(request.POST if request.method == "POST" else None, places=places, last=last)
    if form.is_valid():
        try:
            courier = keeping.register(by, list(form.cleaned_data["places"]), form.rounds())
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            return redirect("visits:courier", courier.pk)
    return render(
        request, "visits/courier_new.html", {"form": form, "terms": terms}, status=422 if form.errors else 200
    )


@post_required("visits.keep_couriers")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: PostRequest, courier_id: UUID) -> HttpResponse:
    """One courier: the card to print. POST ends their rounds."""
    by = request.post_held
    courier = keeping.known(by).filter(pk=courier_id).first()
    if courier is None:
        raise Http404
    if request.method == "POST":
        keeping.end(by, courier)
        messages.success(request, _("Their card opens nothing any more. Every gate that is online knows in a minute."))
        return redirect("visits:couriers")
    good = not courier.ended
    context = {
        "courier": courier, "good": good, "terms": keeping.terms_of_couriers(),
        "may_end": keeping.may_end(by, courier), "qr": qr_svg(code_of(courier.carried)) if good else "",
    }  # fmt: skip
    return render(request, "visits/courier.html", context)
