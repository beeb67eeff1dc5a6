"""What the pages of this part ask."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kaimen.incidents.kinds import IncidentKind
from kaimen.register.models import Place
from kaimen.ui.fields import ask
from kaimen.ui.forms import KaimenForm


class OutcomeForm(KaimenForm):
    """What became of an incident."""

    outcome = ask(
        forms.ChoiceField(label=_("What became of it"), widget=forms.RadioSelect),
        why=_("It closes this and stands on record beside your name. Of a disputed refusal the person reads it."),
    )

    def __init__(self, *args: Any, kind: IncidentKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["outcome"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, one.title.to(get_language() or "")) for code, one in kind.outcomes.items()]


class StaffSearchForm(KaimenForm):
    """Whom of the firm's staff it is about."""

    q = ask(
        forms.CharField(label=_("Name"), max_length=60),
        why=_("Found among the staff of your firm. The search is not recorded."),
        autocomplete="off",
    )


class WhereForm(KaimenForm):
    """At which building somebody was refused."""

    place = ask(
        forms.ModelChoiceField(Place.objects.none(), label=_("Where they were refused"), to_field_name="code"),
        why=_("The response team goes there, or calls. What the gate wrote down it finds by itself."),
    )

    def __init__(self, *args: Any, places: QuerySet[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["place"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = places
        if places.count() == 1:
            field.empty_label, field.initial = None, places.get().code
