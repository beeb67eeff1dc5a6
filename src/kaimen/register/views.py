"""Pages about people: one's own file, the search, a person's file, who looked, which post one is here in."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kaimen.kit import clock
from kaimen.register import access, actions, consents, identifiers, post_held, queries, secrets
from kaimen.register.access import PostRequest, post_required, signed_in
from kaimen.register.forms import ConsentForm, PasswordForm, SearchForm
from kaimen.register.models import Account, Consent, Person, Viewing


@signed_in
@never_cache
def me(request: HttpRequest) -> HttpResponse:
    """Everything on file about the reader: what, how sure, who looked, what they agreed to."""
    person = _reader(request)
    numbers = _numbers(person) if request.method == "POST" and "reveal" in request.POST else None
    return render(request, "register/me.html", _own_file(person) | {"numbers": numbers})


def _reader(request: HttpRequest) -> Person:
    assert isinstance(request.user, Account)
    if request.user.person is None:
        raise Http404("this account belongs to no person on file")
    return request.user.person


def _own_file(person: Person) -> dict[str, Any]:
    today = clock.today(ZoneInfo(settings.TIME_ZONE))
    return {
        "person": person,
        "employments": person.employments.select_related("organisation", "place").filter(left_on=None),
        "households": person.households.select_related("place"),
        "viewings": _in_words(queries.viewings_of(person)),
        "consents": [(given, consents.PURPOSES.get(given.purpose)) for given in queries.consents_of(person, today)],
        "posts": [queries.post_in_words(post) for post in person.posts.all() if access.in_force(post)],
    }


def _numbers(person: Person) -> dict[str, str | None]:
    return {"national_id": secrets.open_national_id(person), "phone": secrets.open_phone(person)}


def _in_words(viewings: list[Viewing]) -> list[tuple[Viewing, str]]:
    return [(viewing, queries.post_in_words(viewing.by)) for viewing in viewings]


@signed_in
@never_cache
def give_consent(request: HttpRequest) -> HttpResponse:
    """The reader agrees to something, until a day."""
    person = _reader(request)
    form = ConsentForm(request.POST or None)
    if form.is_valid():
        purpose = consents.PURPOSES[form.cleaned_data["purpose"]]
        consents.give(person, purpose, form.cleaned_data["to"] if not purpose.to else "", form.cleaned_data["until"])
        return redirect("register:me")
    return render(request, "register/consent.html", {"form": form})


@signed_in
@require_POST
def withdraw_consent(request: HttpRequest, consent_id: UUID) -> HttpResponse:
    """The reader takes a consent back."""
    consent = Consent.objects.filter(pk=consent_id, person=_reader(request)).first()
    if consent is None:
        raise Http404("no such consent of this person")
    consents.withdraw(consent.person, consent)
    return redirect("register:me")


@signed_in
@never_cache
def password(request: HttpRequest) -> HttpResponse:
    """The reader chooses a user name and a password, having come in with a code."""
    assert isinstance(request.user, Account)
    account = request.user
    if account.has_usable_password():
        return redirect("account_change_password")
    form = PasswordForm(request.POST or None, account=account)
    if form.is_valid() and request.session.get(post_held.BY_CODE) and post_held.holds_more_than_oneself(account):
        # Else whoever changes a phone number at a counter could sign in as any officer.
        form.add_error(None, _("You hold a post: your password comes from your office, not by a code. Ask there."))
    elif form.is_valid():
        account.username = form.cleaned_data["username"]
        account.set_password(form.cleaned_data["password"])
        account.save(update_fields=["username", "password"])
        update_session_auth_hash(request, account)
        return redirect("register:me")
    return render(request, "register/password.html", {"form": form})


@post_required("register.search_people")
@never_cache
def people(request: PostRequest) -> HttpResponse:
    """Search. By POST: a name or a number in an address would stand in logs and histories."""
    form = SearchForm(request.POST or None)
    found = None
    if form.is_valid():
        try:
            found = queries.search_people(request.post_held, form.cleaned_data["q"])
        except identifiers.NotAnIdentifier as refusal:
            form.add_error("q", str(refusal))
    return render(request, "register/people.html", {"form": form, "found": found, "most": queries.MOST})


@post_required("register.see_person")
@never_cache
def person(request: PostRequest, person_id: UUID) -> HttpResponse:
    """A person's file. Opening it is recorded."""
    shown = actions.open_file(request.post_held, person_id)
    about = _own_file(shown) | {
        "filed": "filed" in request.GET,
        "may_print": access.grants(request.post_held, "gate.print_card"),
        "may_see_colour": access.grants(request.post_held, "status.see_person"),
        "may_dispute": access.grants(request.post_held, "incidents.dispute_for_person"),
    }
    return render(request, "register/person.html", about)


@post_required("register.see_viewings")
@never_cache
def viewings(request: PostRequest) -> HttpResponse:
    """Who opened whose file: pseudonyms only."""
    seen = _in_words(queries.viewings_within(request.post_held))
    settled = [(one, queries.post_in_words(one.by)) for one in queries.numbers_settled(request.post_held)]
    return render(request, "register/viewings.html", {"viewings": seen, "settled": settled})


@signed_in
@require_POST
def hold_post(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """Be here in another of one's posts."""
    if post_id not in {post.pk for post in post_held.posts_open(request)}:
        raise Http404("the reader holds no such post today")
    request.session[post_held.KEY] = str(post_id)
    onward = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(onward, {request.get_host()}, require_https=request.is_secure()):
        onward = "/"
    return redirect(onward)
