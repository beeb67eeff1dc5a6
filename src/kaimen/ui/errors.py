"""When something does not work: what is wrong and what to do next, in the reader's language."""

import logging
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: what arrived cannot be read."""
    if isinstance(exception, RequestDataTooBig):
        return _say(
            request,
            413,
            _("Too large"),
            str(exception) or _("More was sent than can be taken."),
            _("Go back, choose a smaller file and send it again. Nothing was changed."),
        )
    return _say(
        request,
        400,
        _("This could not be read"),
        _words(exception) or _("What your browser sent is not complete."),
        _("Go back, load the page again and repeat the step. Nothing was changed."),
    )


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: no post this reader holds opens the page."""
    return _say(
        request,
        403,
        _("This door is not yours"),
        _("The post you are here in does not open this page."),
        _(
            "If you hold another post, choose it at the top right. If you should be able to see this, ask whoever "
            "gives out posts in your office."
        ),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing here, or nothing the reader may see."""
    return _say(
        request,
        404,
        _("There is nothing here"),
        _("The address leads nowhere, or to something outside your scope."),
        _("Check the address, or start again from the first page."),
    )


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose token is missing or old."""
    logger.info("a form was refused: %s", reason)
    return _say(
        request,
        403,
        _("The form has become too old"),
        _("It was opened long ago, or in another window, or cookies are off."),
        _("Go back, load the page again, and send it once more. What you entered is still there."),
    )


def failed(request: HttpRequest) -> HttpResponse:
    """500: our mistake. Drawn without database, session or translation, for those may be what failed."""
    if _wants_json(request):
        return _json(500, "something failed on our side", "Try again in a minute; nothing was half saved")
    return HttpResponse(render_to_string("ui/failed.html", {"STATIC_URL": settings.STATIC_URL}), status=500)


def _say(request: HttpRequest, status: int, title: str, what: str, remedy: str) -> HttpResponse:
    if _wants_json(request):
        return _json(status, what, remedy)
    words: dict[str, Any] = {"status": status, "title": title, "what": what, "remedy": remedy}
    return render(request, "ui/error.html", words, status=status)


def _json(status: int, error: str, remedy: str) -> JsonResponse:
    return JsonResponse({"error": error, "remedy": remedy}, status=status, json_dumps_params={"ensure_ascii": False})


def _wants_json(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def _words(exception: Exception | None) -> str:
    """Words meant for the reader are raised as BadRequest; what Django suspects is not for the reader."""
    return str(exception) if isinstance(exception, BadRequest) else ""
