"""What a rule-keeper is asked: what a key may sign, from when it counts no more, rules and their time."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kaimen.kit import clock
from kaimen.ui.fields import ask
from kaimen.ui.forms import KaimenForm

MOMENT = "%Y-%m-%dT%H:%M"
LARGEST = 256 * 1024  # bytes of a text of rules
_USUAL = timedelta(days=180)


def _moment_field(label: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
    return forms.DateTimeField(label=label, widget=widget, input_formats=[MOMENT])


def next_hour() -> datetime:
    """The next full hour: a time people can be told."""
    return clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


class AccreditForm(KaimenForm):
    """What a key may sign, and how long."""

    kinds = ask(
        forms.MultipleChoiceField(label=_("What it may sign"), widget=forms.CheckboxSelectMultiple),
        why=_("As little as the office needs. Anything else it signs has no effect."),
    )
    until = ask(
        forms.DateField(label=_("Until the end of")),
        why=_("A key that is forgotten ends by itself. A year at most; it can be renewed."),
    )

    def __init__(self, *args: Any, kinds: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["kinds"]
        assert isinstance(chosen, forms.MultipleChoiceField)
        chosen.choices = kinds
        self.fields["until"].initial = (clock.now() + _USUAL).date()

    def end(self) -> datetime:
        """The moment after the last day."""
        day = self.cleaned_data["until"] + timedelta(days=1)
        return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(settings.TIME_ZONE))


class EndForm(KaimenForm):
    """From when a key counts no more."""

    since = ask(
        _moment_field(_("Counts no more from")),
        why=_("Where a key was stolen, the moment of the theft: all it signed since falls, and colours change back."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["since"].initial = clock.now

    def clean_since(self) -> datetime:
        """Not later than now: an end to come is what `until` of the accreditation is for."""
        since: datetime = self.cleaned_data["since"]
        if since > clock.now() + timedelta(minutes=1):
            raise ValidationError(_("This moment is still to come. Enter now, or a moment that is over."))
        return since


class RulesForm(KaimenForm):
    """A text of rules and the moment from which it holds."""

    text = ask(
        forms.CharField(
            label=_("Text of the rules"),
            required=False,
            strip=False,
            widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false", "wrap": "off"}),
        ),
        why=_("Everybody can read it once it is published. Two of you sign exactly this text."),
    )
    file = ask(
        forms.FileField(label=_("Or a file"), required=False, allow_empty_file=True),
        why=_("It takes the place of the text above."),
    )
    since = ask(
        _moment_field(_("Holds from")),
        why=_("People can be told before. From then on everybody is judged by it."),
    )

    def clean(self) -> dict[str, Any]:
        """The text, from the box or the file, with line ends as they are published."""
        cleaned = super().clean() or {}
        upload = cleaned.get("file")
        try:
            text = upload.read(LARGEST + 1).decode() if upload else cleaned.get("text", "")
        except UnicodeDecodeError:
            self.add_error("file", _("The file is no text in UTF-8. Save it as UTF-8 and bring it again."))
            return cleaned
        if len(text.encode()) > LARGEST:
            raise ValidationError(_("The text is longer than rules can be."))
        if not text.strip():
            self.add_error("text", _("There is no text. Write it, or bring a file."))
        cleaned["text"] = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\n")
        return cleaned
