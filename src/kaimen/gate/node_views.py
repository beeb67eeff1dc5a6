"""Pages of the node keeper: invite a gate node, take one out of service."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kaimen.gate import enrolment
from kaimen.gate.forms import InviteForm, RevokeNodeForm
from kaimen.gate.models import Node
from kaimen.register import access
from kaimen.register.access import PostRequest, post_required
from kaimen.register.models import Place


@post_required("gate.enrol_node")
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: PostRequest) -> HttpResponse:
    """Make a one-time code. It is shown once, on the answer to this very POST, and kept nowhere."""
    places = access.visible(request.post_held, Place).exclude(profile="").select_related("parent").order_by("path")
    form = InviteForm(request.POST if request.method == "POST" else None, places=places)
    code = None
    if form.is_valid():
        said = form.cleaned_data
        code = enrolment.invite_node(request.post_held, said["name"], list(said["places"]))
    context = {"form": form, "code": code, "centre": request.build_absolute_uri("/").rstrip("/")}
    response = render(request, "gate/invite.html", context, status=422 if form.errors else 200)
    response["Cache-Control"] = "no-store"
    return response


@post_required("gate.enrol_node")
@require_http_methods(["GET", "HEAD", "POST"])
def revoke_node(request: PostRequest, node_id: UUID) -> HttpResponse:
    """Listen to a node no more, with a reason."""
    node = get_object_or_404(access.visible(request.post_held, Node), pk=node_id)
    form = RevokeNodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        enrolment.revoke_node(request.post_held, node, form.cleaned_data["reason"])
        messages.success(request, _("%(name)s is out of service.") % {"name": node.name})
        return redirect("gate:gates")
    context = {"node": node, "form": form, "revoked": hasattr(node, "revocation")}
    return render(request, "gate/revoke_node.html", context, status=422 if form.errors else 200)
