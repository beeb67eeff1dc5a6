"""What the pages of this part ask."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kaimen.residence.terms import ResidenceTerms
from kaimen.ui.fields import ask
from kaimen.ui.forms import KaimenForm


class HouseholdForm(KaimenForm):
    """A household that is not there yet."""

    address = ask(
        forms.CharField(label=_("Address within the community"), max_length=60),
        why=_("Building, staircase, door, for example 3-2-501. The guard reads it beside the name."),
        autocomplete="off",
    )
    name = ask(
        forms.CharField(label=_("Who answers for the household"), max_length=60),
        why=_("The card carries this name."),
        autocomplete="off",
    )


class GradeForm(KaimenForm):
    """The grade of a household, and why it changes."""

    grade = ask(
        forms.ChoiceField(label=_("Grade"), widget=forms.RadioSelect),
        why=_("It decides in which hours the card lets in. Leaving is never asked."),
    )
    reason = ask(
        forms.ChoiceField(label=_("Why it changes"), widget=forms.RadioSelect),
        why=_("It stands on record beside your name."),
    )

    def __init__(self, *args: Any, terms: ResidenceTerms, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or ""
        grade, reason = self.fields["grade"], self.fields["reason"]
        assert isinstance(grade, forms.ChoiceField)
        assert isinstance(reason, forms.ChoiceField)
        grade.choices = [(slug, one.title.to(language)) for slug, one in terms.grades.items()]
        reason.choices = [(code, title.to(language)) for code, title in terms.reasons.items()]
