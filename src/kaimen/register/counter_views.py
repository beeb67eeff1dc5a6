"""A counter serves somebody without a phone: the document, a few fields, the printed card."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from kaimen.register import actions, identifiers, queries
from kaimen.register.access import PostRequest, post_required
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
    return _ask(request, filing, number, person)


def _form(post: Post, data: object = None, initial: object = None) -> CounterForm:
    return CounterForm(data, initial=initial, areas=queries.streets(post), homes=queries.homes(post))


def _ask(request: PostRequest, form: CounterForm, number: str, person: Person | None) -> HttpResponse:
    if person is not None:
        Viewing.objects.create(person=person, by=request.post_held, what="counter")
    doubts = identifiers.national_id(number).warnings if number else ()
    return render(
        request, "register/counter_file.html", {"form": form, "number": number, "known": person, "doubts": doubts}
    )


def _file(request: PostRequest) -> HttpResponse:
    form = _form(request.post_held, request.POST)
    if not form.is_valid():
        number = form.cleaned_data.get("national_id", "")
        known = queries.person_by_national_id(request.post_held, number) if number else None
        return _ask(request, form, number, known)
    said = form.cleaned_data
    person = actions.file_person(
        request.post_held, said["name"], said["national_id"] or None, said["phone"] or None, said["area"],
        Person.Assurance.DOCUMENT_SEEN,
    )  # fmt: skip
    if said["place"]:
        actions.house(request.post_held, person, said["place"], said["address"])
    return redirect(f"{reverse('register:person', args=[UUID(str(person.pk))])}?filed")
