"""The counter binds a building's IC card to somebody's pass, and ends it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kaimen.gate import door_card_actions, door_cards, queries
from kaimen.gate.actions import NotPossible
from kaimen.gate.door_card_forms import DoorCardForm
from kaimen.kit import clock
from kaimen.register import access
from kaimen.register.access import PostRequest, post_required
from kaimen.register.models import Employment, Person, Place


@post_required("gate.print_card")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cards(request: PostRequest, person_id: UUID) -> HttpResponse:
    """A person's IC cards. POST binds one."""
    person = get_object_or_404(access.visible(request.post_held, Person), pk=person_id)
    held = queries.valid_passes(clock.now()).filter(person=person).exists()
    places = access.visible(request.post_held, Place).filter(parent=None).exclude(profile="").order_by("path")
    works = Employment.objects.filter(person=person, left_on=None).values_list("place", flat=True).first()
    form = DoorCardForm(request.POST if request.method == "POST" else None, places=places, works=works)
    if held and form.is_valid() and _bound(request, person, form):
        return redirect("gate:door-cards", person.pk)
    context = {"person": person, "holds": held, "form": form, "cards": door_cards.of(person)}
    return render(request, "gate/door_cards.html", context, status=422 if form.errors else 200)


def _bound(request: PostRequest, person: Person, form: DoorCardForm) -> bool:
    try:
        door_card_actions.bind(
            request.post_held, form.cleaned_data["place"], person, form.cleaned_data["number"].strip()
        )
    except NotPossible as error:
        form.add_error("number", str(error))
        return False
    messages.success(request, _("The card opens what the pass opens, as soon as the gate has its next list."))
    return True


@post_required("gate.print_card")
@require_POST
def end(request: PostRequest, person_id: UUID, card_id: UUID) -> HttpResponse:
    """A card was lost or handed back."""
    person = get_object_or_404(access.visible(request.post_held, Person), pk=person_id)
    door_card_actions.end(request.post_held, get_object_or_404(door_cards.of(person), pk=card_id))
    messages.success(request, _("The card opens nothing any more. Every gate that is online knows within a minute."))
    return redirect("gate:door-cards", person.pk)
