"""What a person is asked about their own colour."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kaimen.status.declarations import LONGEST_WORDS, SYMPTOMS, Kind, Said
from kaimen.ui.fields import ask
from kaimen.ui.forms import KaimenForm


class WordsForm(KaimenForm):
    """Why somebody says their colour is wrong."""

    words = ask(
        forms.CharField(label=_("What is wrong"), max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 5})),
        why=_("The person who answers your appeal reads it, nobody else. It is sealed, and destroyed in the end."),
    )


class CorrectionForm(KaimenForm):
    """What on file is wrong."""

    about = ask(
        forms.ChoiceField(label=_("What it is about"), widget=forms.RadioSelect),
        why=_("Decides who puts it right: a counter your file, its source a piece of evidence."),
    )
    words = ask(
        forms.CharField(
            label=_("What is wrong, and what would be right"),
            max_length=LONGEST_WORDS,
            widget=forms.Textarea(attrs={"rows": 5}),
        ),
        why=_("The officer who puts it right reads it, nobody else."),
    )

    def __init__(self, *args: Any, evidence: list[tuple[str, str]], **kwargs: Any) -> None:
        """`evidence`: what the person may point at, as id and words."""
        super().__init__(*args, **kwargs)
        about = self.fields["about"]
        assert isinstance(about, forms.ChoiceField)
        about.choices = [("file", _("My name, number or address")), *evidence]


class _DeclarationForm(KaimenForm):
    """One declaration."""

    def said(self) -> Said:
        """As the action wants it."""
        raise LookupError("each kind says its own")


class HealthForm(_DeclarationForm):
    """Symptoms."""

    symptoms = ask(
        forms.MultipleChoiceField(
            label=_("What you have now"), choices=list(SYMPTOMS.items()), widget=forms.CheckboxSelectMultiple
        ),
        why=_("A health office looks at it and calls you. By itself it changes no colour."),
    )

    def said(self) -> Said:
        """As the action wants it."""
        return Said(Kind.HEALTH, symptoms=tuple(self.cleaned_data["symptoms"]))


class TripForm(_DeclarationForm):
    """Where somebody was."""

    travelled_from = ask(
        forms.CharField(label=_("Where you were"), max_length=60),
        why=_("The community looks whether the place asks for anything of you. District or city is enough."),
    )
    back_on = ask(
        forms.DateField(label=_("Day you came back")),
        why=_("Days are counted from it."),
    )

    def said(self) -> Said:
        """As the action wants it."""
        return Said(Kind.TRIP, travelled_from=self.cleaned_data["travelled_from"], back_on=self.cleaned_data["back_on"])


class TemperatureForm(_DeclarationForm):
    """A reading."""

    temperature = ask(
        forms.CharField(label=_("Temperature in °C"), max_length=5),
        why=_("Only where it is unusual; a health office looks at it and calls you."),
        inputmode="decimal",
        width=4,
    )

    def said(self) -> Said:
        """As the action wants it."""
        return Said(Kind.TEMPERATURE, temperature=self.cleaned_data["temperature"])


DECLARATIONS: dict[str, type[_DeclarationForm]] = {
    Kind.HEALTH.value: HealthForm,
    Kind.TRIP.value: TripForm,
    Kind.TEMPERATURE.value: TemperatureForm,
}
