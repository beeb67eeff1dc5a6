"""What the pages of this part ask."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kaimen.register.models import Employment, Place
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


class _Staff(forms.ModelChoiceField):  # type: ignore[type-arg]  # no [] at run time
    """Staff, each with what tells two of one name apart."""

    def label_from_instance(self, one: Employment) -> str:
        return " · ".join(filter(None, (one.name, one.id_tail, one.department)))


class FirmPassForm(KaimenForm):
    """Whom a firm asks a pass for, where they live, until when."""

    employment = ask(
        _Staff(Employment.objects.none(), label=_("Who came from out of town")),
        why=_("The community reads the name, the last four of the ID number and your firm."),
    )
    place = ask(
        forms.ModelChoiceField(Place.objects.none(), label=_("Where they live"), to_field_name="code"),
        why=_("This community answers, and its gates let them in."),
    )
    until = ask(forms.DateField(label=_("Last day")), why=_("After it, the firm pass opens nothing."))

    def __init__(self, *args: Any, staff: QuerySet[Employment], places: QuerySet[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("employment", staff), ("place", places)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows
