"""What the pages of this part ask."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kaimen.gate import local_time
from kaimen.register.models import Employment
from kaimen.ui.fields import ask
from kaimen.ui.forms import KaimenForm
from kaimen.visits.actions import Wish
from kaimen.visits.terms import VisitTerms

_TIME = forms.TimeInput(format="%H:%M", attrs={"type": "time"})


class _Hosts(forms.ModelChoiceField):  # type: ignore[type-arg]  # no [] at run time
    """Staff, each with what tells two of one name apart."""

    def label_from_instance(self, host: Employment) -> str:
        return " · ".join(filter(None, (host.name, host.id_tail, str(host.place), host.floor)))


def tail_field() -> forms.Field:
    """The last four of an ID number: a way to be found without a phone."""
    return ask(
        forms.RegexField(
            r"^\s*[0-9]{3}[0-9Xx]\s*$",
            label=_("Last four of their ID number"),
            required=False,
            error_messages={"invalid": _("The last four are digits; the very last may be an X, as in 123X.")},
        ),
        why=_("Lets the desk find them by name when their phone is empty."),
        autocomplete="off",
        width=4,
    )


class InviteForm(KaimenForm):
    """Who comes, to whom, for what, and when."""

    host = ask(
        _Hosts(Employment.objects.none(), label=_("Whom they come to see")),
        why=_("The gate tells the guard, who may call. The visitor is let go to this floor."),
    )
    name = ask(
        forms.CharField(label=_("The visitor’s name"), max_length=60),
        why=_("The guard compares it with a document. It is forgotten some days after the visit."),
        autocomplete="off",
    )
    tail = tail_field()
    purpose = ask(
        forms.ChoiceField(label=_("What they come for"), widget=forms.RadioSelect),
        why=_("For the building’s counts. The gate does not ask for it."),
    )
    day = ask(forms.DateField(label=_("Day")), why=_("The gate expects them on this day alone."))
    begins = ask(
        forms.TimeField(label=_("Not before"), widget=_TIME), why=_("Before it, the gate sends them to the desk.")
    )
    ends = ask(forms.TimeField(label=_("Not after"), widget=_TIME), why=_("After it, their code opens nothing."))

    def __init__(self, *args: Any, hosts: QuerySet[Employment], terms: VisitTerms, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        host, purpose = self.fields["host"], self.fields["purpose"]
        assert isinstance(host, forms.ModelChoiceField)
        assert isinstance(purpose, forms.ChoiceField)
        host.queryset = hosts
        if hosts.count() == 1:
            host.empty_label, host.initial = None, hosts.get()
        purpose.choices = [(code, title.to(get_language() or "")) for code, title in terms.purposes.items()]

    def clean_tail(self) -> str:
        """As it stands on lists."""
        return str(self.cleaned_data["tail"]).strip().upper()

    def wish(self) -> Wish:
        """What was asked for, once it is valid."""
        said = self.cleaned_data
        begins, ends = (_moment(said["day"], said[key]) for key in ("begins", "ends"))
        return Wish(said["name"].strip(), said["tail"], said["purpose"], begins, ends)


def _moment(day: date, wall: time) -> datetime:
    return local_time.at(day, wall)
