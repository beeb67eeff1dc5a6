"""What the counter asks about a building's IC card."""

from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kaimen.register.models import Place
from kaimen.ui.fields import ask
from kaimen.ui.forms import KaimenForm


class DoorCardForm(KaimenForm):
    """Which card of which building."""

    place = ask(
        forms.ModelChoiceField(Place.objects.none(), label=_("Building"), empty_label=None),
        why=_("The card opens the gates and lifts of this building, as the person’s pass does."),
    )
    number = ask(
        forms.CharField(label=_("Number of the card"), max_length=60),
        why=_("Hold the card to a reader of the same make as the gate’s. The number is not kept, only its digest."),
        autocomplete="off",
    )

    def __init__(self, *args: Any, places: QuerySet[Place], works: UUID | None, **kwargs: Any) -> None:
        super().__init__(*args, initial={"place": works}, **kwargs)
        field = self.fields["place"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = places
