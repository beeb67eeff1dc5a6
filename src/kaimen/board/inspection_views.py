"""An officer in front of a building: choose it, say what is found, sign it on the phone."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kaimen.board import actions, inspection_page, rules_in_force
from kaimen.board.rules_in_force import NoRules
from kaimen.kit import clock
from kaimen.register import access
from kaimen.register.access import PostRequest, post_required
from kaimen.register.models import Place
from kaimen.status import desk_keys, desk_signing
from kaimen.status.refusals import Refused


@post_required("status.give_place_evidence")
@never_cache
@require_http_methods(["GET", "HEAD"])
def home(request: PostRequest) -> HttpResponse:
    """The buildings of one's scope, the most urgent first."""
    by, now = request.post_held, clock.now()
    context = {"rows": inspection_page.buildings(by, now), "key": desk_keys.of(by)}
    return render(request, "board/inspections.html", context)


@post_required("status.give_place_evidence")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: PostRequest, code: str, kind: str = "") -> HttpResponse:
    """One building: what is found there, signed here and now."""
    by, now = request.post_held, clock.now()
    visible = access.visible(by, Place).filter(kind=Place.Kind.BUILDING)
    place = get_object_or_404(visible.select_related("area"), code=code)
    try:
        rules = rules_in_force.definition(now)
        if request.method == "POST":
            return _sent(request, place)
        kinds = inspection_page.kinds_of(by, rules)
        chosen = next((one for one in kinds if one.slug == kind), kinds[0] if kinds and not kind else None)
        if chosen is None and kind:
            raise Http404(f"no key of this post may sign {kind}")
        signing = inspection_page.signing_of(by, rules, chosen, place, now).as_json() if chosen else None
    except NoRules as error:
        no_rules = Refused("no-rules", str(error), _("Two rule keepers publish them first."))
        return render(request, "status/desk_refused.html", {"refused": no_rules}, status=409)
    except Refused as refused:
        return render(request, "status/desk_refused.html", {"refused": refused}, status=409)
    asked = inspection_page.asked(chosen) if chosen else []
    context = {"place": place, "kinds": kinds, "chosen": chosen, "asked": asked, "signing": signing}
    return render(request, "board/inspect.html", context)


def _sent(request: PostRequest, place: Place) -> HttpResponse:
    """Take in what was signed. Raises Refused."""
    try:
        row = actions.take_in(desk_signing.signed_in(request.POST.get("signed", ""))[0])
    except actions.NotEvidence as error:
        raise Refused("not-evidence", str(error), _("Load the page again and sign anew.")) from error
    return render(request, "board/inspected.html", {"place": place, "row": row})


@post_required("status.give_place_evidence")
@never_cache
@require_POST
def enrol(request: PostRequest) -> HttpResponse:
    """The public half of the officer's key."""
    try:
        desk_keys.enrol(request.post_held, request.POST)
    except Refused as error:
        messages.error(request, f"{error.message} {error.remedy}")
    else:
        messages.success(request, _("Your key is on file. It counts once two authorities have accredited it."))
    return redirect("board:inspections")
