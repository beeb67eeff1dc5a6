"""What the pages of this part ask."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kaimen.gate.actions import REVOKE_REASONS
from kaimen.gate.enrolment import NODE_REASONS
from kaimen.register.models import Place
from kaimen.ui.fields import ask
from kaimen.ui.forms import KaimenForm

LONGEST_CODE = 1024

DIRECTIONS = [("in", "in"), ("out", "out")]  # never shown: the page says it in words


class ScanForm(KaimenForm):
    """A scan: what the camera or a handheld reader read."""

    scan = forms.UUIDField(widget=forms.HiddenInput)  # made by the page: the same again counts once
    direction = forms.ChoiceField(choices=DIRECTIONS, widget=forms.HiddenInput)
    code = ask(
        forms.CharField(
            label=_("Pass code"),
            max_length=LONGEST_CODE,
            strip=True,
            widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "characters"}),
        ),
        why=_("The gate node checks it. For handheld readers, or when the camera does not work."),
        autocomplete="off",
    )


class LookUpForm(KaimenForm):
    """Somebody without phone and card: looked up on this place's list."""

    scan = forms.UUIDField(widget=forms.HiddenInput)
    direction = forms.ChoiceField(choices=DIRECTIONS, widget=forms.HiddenInput)
    name = ask(
        forms.CharField(label=_("Name"), max_length=60),
        why=_("The gate node looks for it on today’s list of this building only. It is not recorded."),
        autocomplete="off",
    )
    tail = ask(
        forms.RegexField(
            r"^\s*[0-9]{3}[0-9Xx]\s*$",
            label=_("Last four of the ID number"),
            error_messages={"invalid": _("The last four are digits; the very last may be an X, as in 123X.")},
        ),
        why=_("Tells two people of one name apart. It is not recorded."),
        autocomplete="off",
        width=4,
    )

    def clean_tail(self) -> str:
        """As it stands on the list."""
        return str(self.cleaned_data["tail"]).strip().upper()


class _Places(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # no [] at run time
    """Places, each with the building it belongs to."""

    def label_from_instance(self, place: Place) -> str:
        return f"{place.parent} › {place}" if place.parent else str(place)


class InviteForm(KaimenForm):
    """A node to be enrolled: what it is called, and where it stands."""

    name = ask(
        forms.CharField(label=_("Name of the gate node"), max_length=60),
        why=_("Guards and managers see it beside the gate, for example: Ferry House lobby."),
        autocomplete="off",
    )
    places = ask(
        _Places(Place.objects.none(), label=_("Where it stands"), widget=forms.CheckboxSelectMultiple),
        why=_("It gets the name lists of these places and may send entries of no other."),
    )

    def __init__(self, *args: Any, places: QuerySet[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["places"]
        assert isinstance(field, _Places)
        field.queryset = places


class RevokeNodeForm(KaimenForm):
    """Why a node is taken out of service."""

    reason = ask(
        forms.ChoiceField(label=_("Why"), choices=list(NODE_REASONS.items()), widget=forms.RadioSelect),
        why=_("It stays on record beside the node’s entries."),
    )


class RevokeForm(KaimenForm):
    """Why a pass is taken back."""

    reason = ask(
        forms.ChoiceField(label=_("Why"), choices=list(REVOKE_REASONS.items()), widget=forms.RadioSelect),
        why=_("The person is told, and may object. It stays on record."),
    )
