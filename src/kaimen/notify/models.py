"""Messages to people, and what became of each on its way."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import UniqueConstraint
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kaimen.register.models import Person
from kaimen.register.records import Record


def html_lang(language: str) -> str:
    """What HTML calls a language of ours."""
    return "en" if language.startswith("en") else "zh-Hans"


class Message(Record):
    """One notice to one person, as it was worded on the day, in both languages.

    To nobody where it went to a telephone number that is on no file yet.
    """

    to = models.ForeignKey(Person, models.CASCADE, null=True, related_name="messages")
    text = models.SlugField(max_length=60)  # texts/<text>.yaml
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=160)
    short = models.TextField(blank=True)
    short_en = models.TextField(blank=True)
    long = models.TextField(blank=True)
    long_en = models.TextField(blank=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]

    @property
    def heading(self) -> str:
        """The title in the reader's language."""
        return self.title_in(get_language() or settings.LANGUAGE_CODE)

    @property
    def body(self) -> str:
        """The long form in the reader's language."""
        return self.long_in(get_language() or settings.LANGUAGE_CODE)

    def title_in(self, language: str) -> str:
        """The title for a reader of `language`."""
        return self.title_en if language.startswith("en") else self.title

    def short_in(self, language: str) -> str:
        """The short form for a reader of `language`."""
        return self.short_en if language.startswith("en") else self.short

    def long_in(self, language: str) -> str:
        """The long form for a reader of `language`."""
        return self.long_en if language.startswith("en") else self.long


class Delivery(Record):
    """One message on one channel: the delivery log. It names a person by id and never says what was written."""

    class Channel(models.TextChoices):
        """How it travels."""

        IN_APP = "in-app", _("In the app")
        SMS = "sms", _("Text message")
        MAIL = "e-mail", _("E-mail")
        PRINT = "print", _("On paper")

    class State(models.TextChoices):
        """How far it came."""

        WAITING = "waiting", pgettext_lazy("delivery", "Waiting")
        SENT = "sent", pgettext_lazy("delivery", "Sent")
        NO_ADDRESS = "no-address", pgettext_lazy("delivery", "No address")
        FAILED = "failed", pgettext_lazy("delivery", "Failed")

    message = models.ForeignKey(Message, models.CASCADE, related_name="deliveries")
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="deliveries")
    phone = models.BinaryField(null=True)  # sealed: a number other than the one on file; gone once it was carried
    text = models.SlugField(max_length=60)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    settled_at = models.DateTimeField(null=True)
    error = models.SlugField(max_length=60, blank=True)  # a code, never words that could name somebody

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]
        constraints: ClassVar = [UniqueConstraint(fields=["message", "channel"], name="delivered_once_a_channel")]
        indexes: ClassVar = [models.Index(fields=["-made_at", "-id"], name="delivery_newest_first")]

    @property
    def language(self) -> str:
        """What its reader reads; of a number on no file nobody knows."""
        return self.person.language if self.person is not None else settings.LANGUAGE_CODE

    @property
    def shape(self) -> str:
        """The shape of its state."""
        return {"sent": "go", "waiting": "now", "no-address": "care", "failed": "stop"}[self.state]

    @property
    def why_not(self) -> str | Promise:
        """The error in words."""
        return _WHY_NOT.get(self.error, self.error)


_WHY_NOT = {
    "no-phone": _("No phone number on file"),
    "no-e-mail": _("No e-mail address on file"),
    "no-sms-provider": _("This installation sends no text messages"),
    "no-mail-server": _("This installation sends no e-mail"),
    "mail-server": _("The mail server did not take it"),
}


class OutboxSms(Record):
    """A text message the stand-in "sent": it stays here to be looked at. Only a demonstration has any."""

    delivery = models.OneToOneField(Delivery, models.CASCADE, related_name="outbox_sms")
    phone_tail = models.CharField(max_length=4)
    body = models.TextField()

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]

    @property
    def lang(self) -> str:
        """The language it was sent in."""
        return html_lang(self.delivery.language)
