"""The guard's one press: a fever was seen, or the person disputes the answer. The gate node writes it down."""

from typing import Any
from uuid import UUID, uuid5

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from kaimen.gate import asking_nodes, gates_page
from kaimen.register import access
from kaimen.register.access import PostRequest, post_required
from kaimen.register.models import Place

_WHAT = [("fever", "fever"), ("dispute", "dispute")]  # never shown: the buttons say it in words


class ReportForm(forms.Form):
    """What the buttons of the scan page send."""

    report = forms.ChoiceField(choices=_WHAT, widget=forms.HiddenInput)
    after = forms.UUIDField(required=False, widget=forms.HiddenInput)  # the scan that was answered
    scan = forms.UUIDField(required=False, widget=forms.HiddenInput)  # where nobody was scanned: one press, one id


@post_required("gate.scan")
@require_POST
def report(request: PostRequest, code: str) -> HttpResponse:
    """Report at a gate; a script gets the answer alone, a browser without one a page. Pressing twice is once."""
    place = access.visible(request.post_held, Place).select_related("parent").filter(code=code).first()
    form = ReportForm(request.POST)
    if place is None or not place.profile or not form.is_valid() or not (said := _said(form)):
        raise Http404
    context: dict[str, Any] = {"place": place, "direction": "in", "form": form, "again": request.path}
    status = 200
    try:
        answer = asking_nodes.decide(_id(form), place.code, "in", said)
        context["answer"] = gates_page.Shown(answer)
        context["waits"] = not asking_nodes.state(place.code).online
    except asking_nodes.NodeSilent:
        status = 503
    except asking_nodes.NodeRefused as error:
        context["refused"] = error
        status = 400
    part = request.headers.get("Kaimen-Part") == "verdict"
    return render(request, "gate/verdict.html" if part else "gate/verdict_page.html", context, status=status)


def _said(form: ReportForm) -> dict[str, str]:
    """What the node is asked; empty when the form names no press that can be told from another."""
    said = form.cleaned_data
    if said["after"]:
        return {"report": said["report"], "after": str(said["after"])}
    return {"report": said["report"]} if said["scan"] and said["report"] == "fever" else {}


def _id(form: ReportForm) -> UUID:
    said = form.cleaned_data
    return uuid5(said["after"], said["report"]) if said["after"] else said["scan"]
