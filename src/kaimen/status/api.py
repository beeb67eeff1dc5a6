"""What programs of sources and browsers ask: rules, subjects, evidence in, lists out. Mistakes are answered in words.

No session opens any of it: evidence is proved by the signature within, a question by the signature around it. See
docs/guides for the form; `kaimen-source` speaks it.

- `GET  /api/status/`            the activation's hash, and the rules in force (public)
- `POST /api/status/evidence`    `{"envelopes": [base64, …]}` → `{"results": [{"id", "state", …}, …]}`
- `POST /api/status/subjects`    `{"name", "number"}`, signed by an enrolled key of a source → `{"subject", "salt"}`
- `GET  /api/status/lists/<name>`  the newest published list; `…/<name>/proof` its leaf with path and checkpoint
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from kaimen.register.access import public
from kaimen.status.refusals import Refused

View = Callable[..., HttpResponse]
LARGEST = 1024 * 1024
MOST = 500  # envelopes of one request


def refusal(status: int, error: Refused | None = None, **said: Any) -> JsonResponse:
    """An answer that says what is wrong and what would be right."""
    about = {"code": error.code, "error": error.message, "remedy": error.remedy} if error else {}
    return JsonResponse(about | said, status=status)


def for_programs(method: str) -> Callable[[View], View]:
    """A view for programs, which prove themselves by what they sign: no session, no cookie."""

    def wrap(view: View) -> View:
        @csrf_exempt
        @public
        @wraps(view)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method != method and not (method == "GET" and request.method == "HEAD"):
                answer: HttpResponse = refusal(
                    405, error=_("This address answers %s only.") % method, remedy=_("Use that method.")
                )
                answer["Allow"] = method
                return answer
            if method == "POST" and (answer_ := _bounded(request)):
                return answer_
            return view(request, *args, **kwargs)

        return answered

    return wrap
