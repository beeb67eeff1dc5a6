"""Nothing is asked without saying who needs it and why."""

from django import forms
from django.utils.translation import gettext_lazy as _

from kaimen.ui.fields import ask
from tests.architecture.fields import complaints, every_form
from tests.architecture.sources import nothing


def test_every_field_says_who_needs_it_and_why() -> None:
    forms_found = list(every_form())
    assert forms_found
    nothing(complaints(forms_found))


def test_a_field_asked_without_a_reason_is_found() -> None:
    class Silent(forms.Form):
        name = forms.CharField(label="Name")

    class Spoken(forms.Form):
        name = ask(forms.CharField(label=_("Name")), why=_("The guard reads it."))

    assert [line.split()[0] for line in complaints([Silent])] == ["Silent.name", "Silent.name"]
    assert list(complaints([Spoken])) == []
