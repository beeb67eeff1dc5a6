"""The rules, for everybody: what is in force, every version with its signatures, and what differs between two."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from kaimen.colours.definitions import StatusDefinition
from kaimen.register.access import public
from kaimen.status import rules_difference, rules_pages
from kaimen.status.rules_pages import Status, Version


@public
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every status with the version in force and the one to come."""
    return render(request, "status/public_rules.html", {"statuses": rules_pages.statuses()})


@public
@require_safe
def status(request: HttpRequest, slug: str) -> HttpResponse:
    """The rules of a status in force, in words, and the history of their versions."""
    found = _status(slug)
    context = {"status": found, "version": found.current, **_said(found.definition)}
    return render(request, "status/public_rules_of.html", context)


@public
@require_safe
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One version: rules in words, full text, digest, signatures, when it held."""
    found = _status(slug)
    one = _version(found, str(number))
    if one is None:
        raise Http404(f"there is no version {number} of the rules of {slug}")
    context = {"status": found, "version": one, "before": _before(found, one), **_said(one.definition)}
    return render(request, "status/public_rules_version.html", context)


@public
@require_safe
def difference(request: HttpRequest, slug: str) -> HttpResponse:
    """What differs between two versions (`?from=1&to=2`; without them, the last two)."""
    found = _status(slug)
    last = found.versions[0] if found.versions else None
    after = _version(found, request.GET.get("to", "")) or last
    before = _version(found, request.GET.get("from", "")) or (after and _before(found, after)) or after
    context: dict[str, Any] = {"status": found, "before": before, "after": after}
    if before and after:
        context["lines"] = rules_difference.lines(before.text, after.text)
        if before.definition and after.definition:
            language = get_language() or "zh-hans"
            context["meaning"] = rules_difference.differences(before.definition, after.definition, language)
            context["readable"] = True
    return render(request, "status/public_rules_difference.html", context)


def _status(slug: str) -> Status:
    try:
        return rules_pages.status(slug)
    except LookupError as error:
        raise Http404(str(error)) from error


def _version(of: Status, number: str) -> Version | None:
    return next((one for one in of.versions if str(one.row.number) == number), None)


def _before(of: Status, version: Version) -> Version | None:
    """The version published before this one."""
    earlier = [one for one in of.versions if one.row.number < version.row.number]
    return max(earlier, key=lambda one: one.row.number, default=None)


def _said(definition: StatusDefinition | None) -> dict[str, Any]:
    """What the templates say of a definition, with durations in words."""
    if definition is None:
        return {"definition": None}
    lasting, signers = rules_pages.lasting, rules_pages.who_may_sign()
    return {
        "definition": definition,
        "rules": [
            {
                "rule": one,
                "colour": definition.colours[one.colour].title,
                "kind": rules_pages.shape_of(one.colour),
                "lasts": lasting(one.lasts) if one.lasts is not None else "",
            }
            for one in definition.rules
        ],
        "evidence": [
            {"kind": one, "fields": list(one.fields.values()), "lasts": lasting(one.lasts),
             "signers": signers.get(one.slug, [])}
            for one in definition.evidence.values()
        ],
        "facts": list(definition.facts.values()),
        "values": list(definition.values.values()),
        "approvers": signers.get("approval", []),
        "reviewers": signers.get("finding", []),
        "late": lasting(definition.late),
        "appeal_within": lasting(definition.appeal_within),
    }  # fmt: skip
