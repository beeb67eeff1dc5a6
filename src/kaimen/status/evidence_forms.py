"""What an officer of a source is asked: whom it is about, what the kind of evidence says, when it was seen."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kaimen.colours.statements import Said
from kaimen.colours.terms import EvidenceKind, FieldOf
from kaimen.kit import clock
from kaimen.register import identifiers
from kaimen.rules.tree import Type
from kaimen.ui.fields import ask
from kaimen.ui.forms import KaimenForm

MOMENT = "%Y-%m-%dT%H:%M"
_WHY = _("Part of the evidence: the rules in force read it, the person reads it.")
PREFIX = "says_"


class KindForm(KaimenForm):
    """What one kind of evidence says. Fields come from the rules in force; no other can be said."""

    seen = ask(
        forms.DateTimeField(
            label=_("When it was seen"),
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
            input_formats=[MOMENT],
        ),
        why=_("The evidence counts from then, and ends by itself."),
    )

    def __init__(self, *args: Any, kind: EvidenceKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        language = get_language() or ""
        for name, one in kind.fields.items():
            made = _field(one, language)
            made.required = len(kind.fields) == 1
            self.fields[PREFIX + name] = ask(made, why=_WHY)
        self.fields["seen"] = self.fields.pop("seen")
        self.fields["seen"].initial = clock.now

    def clean(self) -> dict[str, Any]:
        """Something is said, and seen neither in the future nor too long ago."""
        cleaned = super().clean() or {}
        if not self.errors and not self.says():
            raise ValidationError(_("Nothing is filled in. Fill in at least one field."))
        seen = cleaned.get("seen")
        if seen and seen > clock.now() + timedelta(minutes=1):
            self.add_error("seen", _("This moment is still to come. Enter when it was seen."))
        if seen and seen <= clock.now() - timedelta(milliseconds=self.kind.lasts):
            self.add_error("seen", _("Evidence seen then has ended already and would change nothing."))
        return cleaned

    def says(self) -> Mapping[str, Said]:
        """What was filled in, as statements say it."""
        given = {name: self.cleaned_data.get(PREFIX + name) for name in self.kind.fields}
        return {name: _said(value) for name, value in given.items() if value not in (None, "")}


class PersonForm(KindForm):
    """The same about a person whose document is before the officer."""

    name = ask(
        forms.CharField(label=_("Name"), max_length=60),
        why=_("Name and number must both fit: evidence must not hit somebody of the same name."),
        autocomplete="off",
    )
    number = ask(
        forms.CharField(label=_("ID number"), max_length=30),
        why=_("The whole number from the document. Your finding is shown to the person."),
        autocomplete="off",
        width=20,
    )
    phone = ask(
        forms.CharField(label=_("Phone"), max_length=30, required=False),
        why=_("Only where no counter has seen the document yet: the phone on file, as the person tells you."),
        autocomplete="off",
        inputmode="tel",
        width=20,
    )
    field_order = ["name", "number", "phone"]

    def named(self) -> tuple[str, str, str]:
        """Whom the officer means: name, number, phone."""
        said = self.cleaned_data
        return said["name"], said["number"], said["phone"]

    def clean_name(self) -> str:
        """As names are kept."""
        return _read(identifiers.person_name, self.cleaned_data["name"])

    def clean_number(self) -> str:
        """The digits, whatever stood between them."""
        return _read(lambda text: identifiers.national_id(text).number, self.cleaned_data["number"])

    def clean_phone(self) -> str:
        """The digits, or nothing."""
        said = self.cleaned_data["phone"]
        return _read(identifiers.phone, said) if said else ""


class ReasonForm(KaimenForm):
    """Why evidence is taken back."""

    reason = ask(
        forms.CharField(label=_("Reason"), max_length=200),
        why=_("The person reads it, and whoever looks into the log with openings."),
    )


def _read(read: Callable[[str], str], text: str) -> str:
    try:
        return read(text)
    except identifiers.NotAnIdentifier as error:
        raise ValidationError(str(error)) from error


def _field(one: FieldOf, language: str) -> forms.Field:
    label = one.title.to(language)
    match one.type:
        case Type.BOOLEAN:
            return _choice(label, {"yes": _("Yes"), "no": _("No")})
        case Type.STRING:
            return _choice(label, {code: title.to(language) for code, title in one.codes.items()})
        case Type.DATE:
            return forms.DateField(label=label)
        case Type.INTEGER:
            return forms.IntegerField(label=label, min_value=-(10**15) + 1, max_value=10**15 - 1)
    return forms.CharField(label=label, max_length=20, validators=[_decimal])


def _choice(label: str, words: Mapping[str, Any]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=list(words.items()), widget=forms.RadioSelect)


def _decimal(text: str) -> None:
    try:
        number = Decimal(text)
        sound = number.is_finite() and abs(number) < 10**12 and -int(number.as_tuple().exponent) <= 6
    except InvalidOperation:
        sound = False
    if not sound:
        raise ValidationError(_("This is no number. Write it like 37.6."))


def _said(value: Any) -> Said:
    if value in ("yes", "no"):
        return bool(value == "yes")
    if isinstance(value, int | str):
        return value
    return str(value.isoformat())
