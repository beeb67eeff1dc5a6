"""What the couriers' page asks."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kaimen.register.models import Place
from kaimen.ui.fields import ask
from kaimen.ui.forms import KaimenForm
from kaimen.visits.couriers import Rounds
from kaimen.visits.forms import tail_field


class CourierForm(KaimenForm):
    """Who brings goods, for whom, where, until when."""

    name = ask(
        forms.CharField(label=_("The courier’s name"), max_length=60),
        why=_("The guard compares it with a document. It is forgotten some days after the last day."),
        autocomplete="off",
    )
    tail = tail_field()
    company = ask(
        forms.CharField(label=_("Whom they deliver for"), max_length=60),
        why=_("The guard sees it beside the name; it stands on the card."),
        autocomplete="off",
    )
    places = ask(
        forms.ModelMultipleChoiceField(
            Place.objects.none(), label=_("Where they deliver"), widget=forms.CheckboxSelectMultiple
        ),
        why=_("One card for all of these. Goods stay at the desk, as the gate’s rules say."),
    )
    until = ask(forms.DateField(label=_("Last day")), why=_("After it, the card opens nothing."))

    def __init__(self, *args: Any, places: QuerySet[Place], last: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"until": last}, **kwargs)
        field = self.fields["places"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = places
        if places.count() == 1:
            field.initial = [places.get().pk]

    def clean_tail(self) -> str:
        """As it stands on lists."""
        return str(self.cleaned_data["tail"]).strip().upper()

    def rounds(self) -> Rounds:
        """What was asked for, once it is valid."""
        said = self.cleaned_data
        return Rounds(said["name"].strip(), said["tail"], said["company"].strip(), said["until"])
