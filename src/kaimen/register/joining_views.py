"""Pages for somebody outside: register, ask for a code, enter it."""

from uuid import UUID

from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth import login
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from kaimen.register import joining, queries
from kaimen.register.access import public
from kaimen.register.actions import Claim
from kaimen.register.forms import AskForCodeForm, CodeForm, RegisterForm
from kaimen.register.post_held import BY_CODE

_PROOF = "phone_proof"


def _too_many(request: HttpRequest, form: Form) -> bool:
    """Whether one address asked for so many codes that it waits: who sends texts to strangers pays for none of them."""
    if ratelimit.consume(request, action="join"):
        return False
    form.add_error(None, _("Many codes were asked for from your network. Wait a minute, then press the button again."))
    return True


@public
@never_cache
def register(request: HttpRequest) -> HttpResponse:
    """Say who you are; check it; a code is on its way."""
    form = RegisterForm(request.POST or None, areas=queries.streets())
    if not form.is_valid() or "change" in request.POST:
        return render(request, "register/register.html", {"form": form})
    if "confirmed" not in request.POST:
        return render(request, "register/register_check.html", {"form": form, "said": form.cleaned_data})
    if _too_many(request, form):
        return render(request, "register/register.html", {"form": form}, status=429)
    said = form.cleaned_data
    claim = Claim(said["name"], said["national_id"] or None, said["phone"])
    request.session[_PROOF] = joining.register(claim, said["area"]).hex
    return redirect("register:code")


@public
@never_cache
def join(request: HttpRequest) -> HttpResponse:
    """Ask for a code, with a name and a phone."""
    form = AskForCodeForm(request.POST or None)
    if not form.is_valid():
        return render(request, "register/join.html", {"form": form})
    if _too_many(request, form):
        return render(request, "register/join.html", {"form": form}, status=429)
    request.session[_PROOF] = joining.ask_for_code(form.cleaned_data["name"], form.cleaned_data["phone"]).hex
    return redirect("register:code")


@public
@never_cache
def code(request: HttpRequest) -> HttpResponse:
    """Enter the code; the file opens."""
    proof = request.session.get(_PROOF)
    if proof is None:
        return redirect("register:join")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            account = joining.prove(UUID(proof), form.cleaned_data["code"])
        except joining.CodeRefused as refusal:
            form.add_error("code", str(refusal.message))
        else:
            request.session.flush()
            login(request, account, backend=settings.AUTHENTICATION_BACKENDS[0])
            request.session[BY_CODE] = True
            return redirect("register:me")
    return render(request, "register/code.html", {"form": form, "minutes": joining.MINUTES})
