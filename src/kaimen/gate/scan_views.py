"""The guard's pages: the gates of one's scope, and the scan page of one.

The page asks the gate node through the centre and shows its answer; nothing here decides. What a guard types goes in
the body of a POST, never into an address or a log.
"""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from kaimen.gate import asking_nodes, gates_page, local_time, queries, snapshots
from kaimen.gate.forms import LookUpForm, ScanForm
from kaimen.kit import ids
from kaimen.register import access
from kaimen.register.access import PostRequest, post_required
from kaimen.register.models import Place
from kaimen.ui.security import may_use

DIRECTIONS = ("in", "out")


@post_required("gate.see_gates")
@require_safe
def gates(request: PostRequest) -> HttpResponse:
    """The gates within the reader's scope: their nodes, their lists, the people behind them."""
    context = {
        "gates": gates_page.gates_of(request.post_held),
        "scans": access.grants(request.post_held, "gate.scan"),
        "enrols": access.grants(request.post_held, "gate.enrol_node"),
    }
    return render(request, "gate/gates.html", context)


@post_required("gate.scan")
@may_use("camera", "webassembly")
@require_http_methods(["GET", "HEAD", "POST"])
def scan(request: PostRequest, code: str) -> HttpResponse:
    """Scan passes at a gate. POST asks the node; a script gets the verdict alone, a browser without one a page."""
    place = gate_place(request, code)
    if request.method == "POST":
        return _asked(request, place)
    direction = request.GET.get("direction", "in")
    return _idle(request, place, direction if direction in DIRECTIONS else "in")


@post_required("gate.scan")
@require_safe
def state(request: PostRequest, code: str) -> HttpResponse:
    """The node's state and today's counters, alone: the scan page fetches them every few seconds."""
    return render(request, "gate/scan_state.html", _state(gate_place(request, code)))


def gate_place(request: PostRequest, code: str) -> Place:
    """The place with this code, if it has gates and lies within the reader's scope. Raises Http404."""
    place = access.visible(request.post_held, Place).select_related("parent").filter(code=code).first()
    if place is None or not place.profile:
        raise Http404
    return place


def _state(place: Place) -> dict[str, Any]:
    building, today = snapshots.building_code(place.path), local_time.today()
    try:
        node = asking_nodes.state(place.code)
    except asking_nodes.NodeSilent:
        node = None
    return {
        "place": place,
        "node": node,
        "given": queries.verdicts(today, building),
        "inside": queries.inside(today, [building]).get(building, 0),
        "expected": queries.expected_today(today, [building]).get(building, 0),
    }


def _idle(
    request: PostRequest, place: Place, direction: str, forms: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    fresh = {"scan": ids.new_id(), "direction": direction}
    context = {
        "direction": direction,
        "form": ScanForm(initial=fresh, auto_id="code_%s"),
        "look_up": LookUpForm(initial=fresh, auto_id="name_%s"),
    }
    return render(request, "gate/scan.html", context | _state(place) | (forms or {}), status=status)


def _asked(request: PostRequest, place: Place) -> HttpResponse:
    by_name = "name" in request.POST
    form = LookUpForm(request.POST, auto_id="name_%s") if by_name else ScanForm(request.POST, auto_id="code_%s")
    if not form.is_valid():
        direction = request.POST.get("direction", "in")
        return _idle(
            request,
            place,
            direction if direction in DIRECTIONS else "in",
            {"look_up" if by_name else "form": form, "by_name": by_name},
            status=422,
        )
    said = form.cleaned_data
    shown = {"name": said["name"], "tail": said["tail"]} if by_name else {"code": said["code"]}
    context: dict[str, Any] = {"place": place, "direction": said["direction"], "form": form, "by_name": by_name}
    try:
        context["answer"] = _decided(said["scan"], place, said["direction"], shown)
        status = 200
    except asking_nodes.NodeSilent:
        status = 503
    except asking_nodes.NodeRefused as error:
        context["refused"] = error
        status = 400
    if request.headers.get("Kaimen-Part") == "verdict":
        return render(request, "gate/verdict.html", context, status=status)
    page = render(request, "gate/verdict_page.html", context, status=status)
    if "answer" in context and context["answer"].kind == "go":
        page["Refresh"] = f"2; url={request.path}?direction={said['direction']}"  # ENTER goes on by itself
    return page


def _decided(scan_id: UUID, place: Place, direction: str, shown: dict[str, str]) -> gates_page.Shown:
    return gates_page.Shown(asking_nodes.decide(scan_id, place.code, direction, shown))
