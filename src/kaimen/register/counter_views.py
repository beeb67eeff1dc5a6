"""A counter serves somebody without a phone: the document, a few fields, the printed card."""

from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from kaimen.register import actions, documents, identifiers, queries
from kaimen.register.access import PostRequest, post_required
from kaimen.register.actions import Claim
from kaimen.register.forms import CounterForm, DocumentForm, counter_initial
from kaimen.register.models import Person, Post, Viewing


@post_required("register.register_person")
@never_cache
def counter(request: PostRequest) -> HttpResponse:
    """First the document, then the file. The number never stands in an address."""
    if "seen_step" in request.POST:
        return _file(request)
    form = DocumentForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "register/counter.html", {"form": form})
    number = form.cleaned_data["national_id"]
    person = queries.person_by_national_id(request.post_held, number) if number else None
    filing = _form(request.post_held, initial={"national_id": number, **counter_initial(person)})
    filing.ask_about(documents.may_be_the_same(request.post_held, Claim("", number or None)))
    return _ask(request, filing, number, person)


def _form(post: Post, data: QueryDict | None = None, initial: object = None) -> CounterForm:
    return CounterForm(data, initial=initial, areas=queries.streets(post), homes=queries.homes(post))


def _ask(request: PostRequest, form: CounterForm, number: str, person: Person | None) -> HttpResponse:
    for shown in ([person] if person is not None else []) + form.asked_about:
        Viewing.objects.create(person=shown, by=request.post_held, what="counter")
    doubts = identifiers.national_id(number).warnings if number else ()
    return render(
        request, "register/counter_file.html", {"form": form, "number": number, "known": person, "doubts": doubts}
    )


def _file(request: PostRequest) -> HttpResponse:
    form = _form(request.post_held, request.POST)
    said = form.named()
    form.ask_about(documents.may_be_the_same(request.post_held, said))
    if not form.is_valid():
        number = form.cleaned_data.get("national_id", "")
        known = queries.person_by_national_id(request.post_held, number) if number else None
        return _ask(request, form, number, known)
    about = form.cleaned_data
    person = documents.see_document(request.post_held, said, about["area"], form.same())
    if about["place"]:
        actions.house(request.post_held, person, about["place"], about["address"])
    return redirect(f"{reverse('register:person', args=[UUID(str(person.pk))])}?filed")
