"""What programs of sources and browsers ask: rules, subjects, evidence in, lists out. Mistakes are answered in words.

No session opens any of it: evidence is proved by the signature within, a question by the signature around it. See
docs/guides for the form; `kaimen-source` speaks it.

- `GET  /api/status/`            the activation's hash, and the rules in force (public)
- `POST /api/status/evidence`    `{"envelopes": [base64, …]}` → `{"results": [{"id", "state", …}, …]}`
- `POST /api/status/subjects`  `{"name", "number", "phone"}`, signed by a source’s enrolled key → `{"subject", "salt"}`
- `GET  /api/status/lists/<name>`  the newest published list (person, passes); its leaf proves it, from `/log/`
"""

import base64
import binascii
import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from kaimen.register.access import public
from kaimen.register.identifiers import NotAnIdentifier
from kaimen.status import evidence, judged, lists, source_keys, subjects
from kaimen.status.activations import activation
from kaimen.status.refusals import Refused
from kaimen.status.signed_questions import NotProved, asker

View = Callable[..., HttpResponse]
LARGEST = 1024 * 1024
_NOTHING_YET = ("no-activation", "no-rules", "no-such-person", "no-list")


def refusal(status: int, error: Refused) -> JsonResponse:
    """An answer that says what is wrong and what would be right."""
    return JsonResponse(_about(error), status=status)


def _about(error: Refused) -> dict[str, str]:
    field = {"field": error.field} if error.field else {}
    return {"code": error.code, "error": error.message, "remedy": error.remedy, **field}


def for_programs(method: str) -> Callable[[View], View]:
    """A view for programs, which prove themselves by what they sign: no session, no cookie."""

    def wrap(view: View) -> View:
        @csrf_exempt
        @public
        @wraps(view)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method != method and not (method == "GET" and request.method == "HEAD"):
                wrong = Refused("method", _("This address answers %s only.") % method, _("Use that method."))
                answer: HttpResponse = refusal(405, wrong)
                answer["Allow"] = method
                return answer
            try:
                if method == "POST":
                    _bound(request)
                return view(request, *args, **kwargs)
            except NotProved as error:
                return refusal(401, error)
            except _TooMuch as error:
                return refusal(error.status, error)
            except (Refused, NotAnIdentifier) as error:
                missing = isinstance(error, Refused) and error.code in _NOTHING_YET
                return refusal(404 if missing else 400, error if isinstance(error, Refused) else _identifier(error))

        return answered

    return wrap


@for_programs("GET")
def about(request: HttpRequest) -> HttpResponse:
    """The activation and the rules in force, with their text: what a program needs to sign evidence."""
    genesis = activation()
    rules = judged.rules_now(genesis)
    return JsonResponse({
        "genesis": base64.b64encode(bytes(genesis.leaf_hash)).decode(),
        "emergency": genesis.emergency,
        "status": rules.slug,
        "digest": base64.b64encode(rules.digest).decode(),
        "rules": rules.text.decode(),
    })  # fmt: skip


@for_programs("POST")
def take(request: HttpRequest) -> HttpResponse:
    """Take envelopes. Each is answered by itself; 200 says that all were looked at, not that all were taken."""
    envelopes = _envelopes(_said(request))
    outcomes = evidence.receive(envelopes)
    return JsonResponse({"results": [_result(one) for one in outcomes]})


@for_programs("POST")
def subject(request: HttpRequest) -> HttpResponse:
    """The subject of somebody whose document is before the asker; the finding is a row the person reads."""
    key = asker(request)
    source_keys.require_accredited(key)
    said = _said(request)
    who = [said.get("name"), said.get("number"), said.get("phone", "")]
    if not all(isinstance(one, str) and one.isprintable() for one in who):
        raise _not_json(_('Send {"name": "…", "number": "…"}, and "phone" where no counter has seen the document.'))
    found = subjects.find(key.post, *(str(one)[:200] for one in who))
    return JsonResponse({"subject": str(found.subject), "salt": base64.b64encode(found.salt).decode()})


@for_programs("GET")
def one_list(request: HttpRequest, name: str) -> HttpResponse:
    """The newest published list, as gates fetch it."""
    published = lists.newest(name)
    if published is None:
        raise Refused("no-list", _("No such list is published."), _("There are: person, passes."))
    answer = HttpResponse(bytes(published.content), content_type="application/statuslist+cwt")
    answer["ETag"] = f'"{published.pk}"'
    return answer


class _TooMuch(Refused):
    """Too large, or too often."""

    def __init__(self, status: int, code: str, message: str, remedy: str) -> None:
        super().__init__(code, message, remedy)
        self.status = status


def _bound(request: HttpRequest) -> None:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length[:20]) > LARGEST:  # what says no length may have any
        raise _TooMuch(413, "too-large", _("More than %d bytes.") % LARGEST, _("Send fewer at a time."))
    if not ratelimit.consume(request, action="evidence"):
        raise _TooMuch(429, "too-often", _("Too many requests from one address."), _("Wait a minute."))


def _said(request: HttpRequest) -> dict[str, Any]:
    try:
        said = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise _not_json(_("Send a JSON object.")) from error
    if not isinstance(said, dict):
        raise _not_json(_("Send a JSON object."))
    return said


def _envelopes(said: dict[str, Any]) -> list[bytes]:
    remedy = _('Send {"envelopes": [base64, …]}, at most %d of them.') % evidence.MOST
    texts = said.get("envelopes")
    if not isinstance(texts, list) or not texts or not all(isinstance(one, str) for one in texts):
        raise _not_json(remedy)
    try:
        return [base64.b64decode(one, validate=True) for one in texts]
    except (binascii.Error, ValueError) as error:
        raise _not_json(remedy) from error


def _not_json(remedy: str) -> Refused:
    return Refused("form", _("This cannot be read."), remedy)


def _identifier(error: NotAnIdentifier) -> Refused:
    return Refused(error.reason, str(error.message), str(error.remedy))


def _result(one: evidence.Outcome) -> dict[str, str]:
    named = {"id": str(one.id)} if one.id else {}
    return {"state": one.state, **named, **(_about(one.refused) if one.refused else {})}
