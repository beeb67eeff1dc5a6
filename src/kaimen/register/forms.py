"""What people and counters are asked, each with who needs it and why."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kaimen.kit import clock
from kaimen.register import consents, identifiers
from kaimen.register.actions import Claim
from kaimen.register.models import Account, Area, Person, Place
from kaimen.ui.fields import ask
from kaimen.ui.forms import KaimenForm


class IdentifierField(forms.CharField):
    """A field that `read` understands, or says why not."""

    def __init__(self, read: Callable[[str], str], **kwargs: Any) -> None:
        self.read = read
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        """The normalised text."""
        text = super().to_python(value) or ""
        if not text:
            return ""
        try:
            return self.read(text)
        except identifiers.NotAnIdentifier as refusal:
            raise ValidationError(str(refusal), code=refusal.reason) from refusal


class TitledChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice among areas or places, in the reader's language."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, empty_label=_("Choose"), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        """The title."""
        return str(obj.title(get_language() or settings.LANGUAGE_CODE))


def _national_id(text: str) -> str:
    return identifiers.national_id(text).number


def _mobile(text: str) -> str:
    return identifiers.phone(text, mobile_only=True)


def _choose_only(field: Any) -> None:
    """Where there is one choice it is chosen already."""
    rows: QuerySet[Any] = field.queryset
    first = list(rows[:2])
    if len(first) == 1:
        field.empty_label = None
        field.initial = first[0].pk


class RegisterForm(KaimenForm):
    """Somebody says who they are."""

    name = ask(
        IdentifierField(identifiers.person_name, label=_("Name")),
        why=_("For your pass: the guard compares it with your document."), autocomplete="name", width=20,
    )  # fmt: skip
    national_id = ask(
        IdentifierField(_national_id, label=_("ID number"), required=False),
        why=_("So that there is one file of you, not two. Kept sealed; staff see its last four characters only."),
        width=20,
    )
    no_national_id = ask(
        forms.BooleanField(label=_("I have no mainland ID card"), required=False),
        why=_("Passport or travel permit: bring it to a counter once, nothing to type here."),
    )
    phone = ask(
        IdentifierField(_mobile, label=_("Mobile number")),
        why=_("A code goes to it now, notices about your applications later. Nobody else is given it."),
        autocomplete="tel", inputmode="tel", width=14,
    )  # fmt: skip
    area = ask(
        TitledChoice(Area.objects.none(), label=_("The street you live or work in")),
        why=_("Its counter keeps your file and answers for it."),
    )

    def __init__(self, *args: Any, areas: QuerySet[Area], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["area"]
        assert isinstance(field, TitledChoice)
        field.queryset = areas
        _choose_only(field)

    def clean(self) -> dict[str, Any]:
        """An ID number, or the word that there is none."""
        cleaned = super().clean() or {}
        if "national_id" in cleaned and not cleaned["national_id"] and not cleaned.get("no_national_id"):
            self.add_error("national_id", _("Enter your ID number, or tick that you have no mainland ID card."))
        return cleaned


class AskForCodeForm(KaimenForm):
    """Somebody on file asks for a code."""

    name = ask(
        IdentifierField(identifiers.person_name, label=_("Name")),
        why=_("Several people may share one phone: the name says whose file it is."), autocomplete="name", width=20,
    )  # fmt: skip
    phone = ask(
        IdentifierField(_mobile, label=_("Mobile number")),
        why=_("If your file has this number, the code goes there."), autocomplete="tel", inputmode="tel", width=14,
    )  # fmt: skip


class CodeForm(KaimenForm):
    """The code from the phone."""

    code = ask(
        IdentifierField(identifiers.normalise, label=_("Code of six digits")),
        why=_("It proves that the phone is in your hand."), autocomplete="one-time-code", inputmode="numeric", width=8,
    )  # fmt: skip


class SearchForm(KaimenForm):
    """One box for a name, a number, or a name and the last four of an ID."""

    q = ask(
        forms.CharField(label=_("Name, ID number or phone"), strip=True),
        why=_("The beginning of a name; a whole ID number or phone; or a name and the last four of the ID: 王芳 1236."),
        width=30,
    )


class DocumentForm(KaimenForm):
    """A counter: first the document."""

    national_id = ask(
        IdentifierField(_national_id, label=_("ID number"), required=False),
        why=_("To find the file there is, or to make the only one."), width=20,
    )  # fmt: skip


class CounterForm(KaimenForm):
    """A counter: what the document shows, and where the person is reached."""

    national_id = IdentifierField(_national_id, required=False, widget=forms.HiddenInput)
    name = ask(
        IdentifierField(identifiers.person_name, label=_("Name on the document")),
        why=_("Printed on the card; the guard compares it with the document."), width=20,
    )  # fmt: skip
    phone = ask(
        IdentifierField(identifiers.phone, label=_("Phone"), required=False),
        why=_("The counter rings it if something about the card changes. Mobile or landline; none is needed."),
        inputmode="tel", width=14,
    )  # fmt: skip
    area = ask(
        TitledChoice(Area.objects.none(), label=_("Street")), why=_("Its counter keeps the file and answers for it.")
    )
    place = ask(
        TitledChoice(Place.objects.none(), label=_("Building or compound"), required=False),
        why=_("The grid officer helps there: deliveries, a visit instead of a message."),
    )
    address = ask(
        forms.CharField(label=_("Unit and room"), required=False, max_length=120),
        why=_("Only with a building: the household that lives there."), width=20,
    )  # fmt: skip
    seen = ask(
        forms.BooleanField(label=_("I saw the document; it is this person’s and it is valid")),
        why=_("Raises the file to “document seen”: what you typed replaces what was less sure."),
    )

    def __init__(self, *args: Any, areas: QuerySet[Area], homes: QuerySet[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("area", areas), ("place", homes)):
            field = self.fields[name]
            assert isinstance(field, TitledChoice)
            field.queryset = rows
        _choose_only(self.fields["area"])
        self.fields["seen"].error_messages["required"] = _("Look at the document first, then tick that you saw it.")
        self.asked_about: list[Person] = []

    def named(self) -> Claim:
        """Name and numbers as they were entered; what cannot be read is left out, and refused with the form."""
        read = {}
        for name in ("national_id", "name", "phone"):
            try:
                read[name] = self.fields[name].clean(self.data.get(name))
            except ValidationError:
                read[name] = ""
        return Claim(read["name"], read["national_id"] or None, read["phone"] or None)

    def ask_about(self, files: list[Person]) -> None:
        """Have the counter ask of each of these files whether it is this person's."""
        self.asked_about = files
        for file in files:
            firms = _firms(file)
            about = _("{name}, phone ending in {tail}, {firms}") if firms else _("{name}, phone ending in {tail}")
            words = format_lazy(about, name=file.name, tail=file.phone_tail or "—", firms=firms)
            field = forms.ChoiceField(
                label=format_lazy(_("Is this file theirs, too: {file}?"), file=words),
                choices=[("yes", _("Yes, the same person")), ("no", _("No, somebody else’s"))],
                widget=forms.RadioSelect,
            )
            field.error_messages["required"] = _("Ask about this file, then choose: theirs, or somebody else’s.")
            why = _(
                "Nobody saw a document for it. Theirs is joined to this one; somebody else’s only loses the number."
            )
            self.fields[f"same-{file.pk.hex}"] = ask(field, why=why)
        self.fields["seen"] = self.fields.pop("seen")  # the officer's word comes last

    def same(self) -> dict[UUID, bool]:
        """Of each file asked about, whether it is this person's."""
        return {file.pk: self.cleaned_data[f"same-{file.pk.hex}"] == "yes" for file in self.asked_about}

    def clean(self) -> dict[str, Any]:
        """A household is a building and a room, both or neither."""
        cleaned = super().clean() or {}
        if cleaned.get("address") and not cleaned.get("place") and "place" not in self.errors:
            self.add_error("place", _("Choose the building this room is in, or leave both empty."))
        if cleaned.get("place") and not cleaned.get("address") and "address" not in self.errors:
            self.add_error("address", _("Enter unit and room, for example 2-301, or leave both empty."))
        return cleaned


def _firms(file: Person) -> str:
    """Where a file says somebody works."""
    return "、".join(str(one.organisation) for one in file.employments.select_related("organisation"))


class ConsentForm(KaimenForm):
    """A person agrees to something."""

    purpose = ask(
        forms.ChoiceField(label=_("What may be done")), why=_("Nothing is done with your file beyond the law and this.")
    )
    to = ask(
        IdentifierField(identifiers.person_name, label=_("Who may (name of a person)"), required=False),
        why=_("The counter asks this person for their document. Leave empty for text messages."), width=20,
    )  # fmt: skip
    until = ask(forms.DateField(label=_("Until which day")), why=_("It ends by itself; a year at most."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["purpose"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(purpose.slug, purpose.title) for purpose in consents.PURPOSES.values()]

    def clean_until(self) -> Any:
        """A day from today on, within a year."""
        until, today = self.cleaned_data["until"], clock.today(ZoneInfo(settings.TIME_ZONE))
        if not today <= until <= today + timedelta(days=consents.LONGEST_DAYS):
            last = today + timedelta(days=consents.LONGEST_DAYS)
            words = _("Choose a day from %(first)s to %(last)s.")
            raise ValidationError(words, params={"first": today.isoformat(), "last": last.isoformat()})
        return until

    def clean(self) -> dict[str, Any]:
        """Somebody is named where the purpose needs somebody."""
        cleaned = super().clean() or {}
        purpose = consents.PURPOSES.get(cleaned.get("purpose", ""))
        if purpose is not None and not purpose.to and not cleaned.get("to") and "to" not in self.errors:
            self.add_error("to", _("Enter the name of the person who may do this for you."))
        return cleaned


class PasswordForm(KaimenForm):
    """A user name and password, for somebody who came in with a code."""

    username = ask(
        forms.RegexField(
            r"^[A-Za-z0-9_.-]{3,30}$", label=_("User name"), strip=True,
            error_messages={"invalid": _("3 to 30 letters, digits, dots, dashes, for example fang.w")},
        ),
        why=_("To sign in without waiting for a code. Do not use your phone or ID number."),
        autocomplete="username", width=20,
    )  # fmt: skip
    password = ask(
        forms.CharField(label=_("Password"), strip=False, widget=forms.PasswordInput),
        why=_("Ten characters or more. Only you know it; we keep a fingerprint of it."),
        autocomplete="new-password", width=20,
    )  # fmt: skip

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def clean_username(self) -> str:
        """One that nobody has."""
        username = str(self.cleaned_data["username"])
        if Account.objects.filter(username__iexact=username).exclude(pk=self.account.pk).exists():
            raise ValidationError(_("Somebody has this user name. Choose another."))
        return username

    def clean_password(self) -> str:
        """One that is hard to guess."""
        password = str(self.cleaned_data["password"])
        password_validation.validate_password(password, self.account)
        return password


def counter_initial(person: Person | None) -> dict[str, Any]:
    """What a counter's form starts with for a file there is."""
    return {"name": person.name, "area": person.area_id} if person is not None else {}
