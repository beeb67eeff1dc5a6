"""Verbs of messages: send, read."""

from typing import Any

from django.db import transaction
from django.utils import formats, translation

from kaimen.kit import clock
from kaimen.notify import carriers
from kaimen.notify.definitions import Text, fill
from kaimen.notify.models import Delivery, Message
from kaimen.notify.tasks import deliver
from kaimen.packs import Words
from kaimen.register import packs_in_force
from kaimen.register.models import Person, Post


class UnknownText(LookupError):
    """The pack in force has no text of this name."""


def text_named(name: str) -> Text:
    """The text `name` of the pack in force. Raises UnknownText listing those there are."""
    texts = {text.slug: text for text in packs_in_force.pack().all(Text)}
    if name not in texts:
        raise UnknownText(f"the pack has no texts/{name}.yaml; there are: {', '.join(sorted(texts)) or 'none'}")
    return texts[name]


@transaction.atomic
def send(name: str, to: Person | None, *, at: str | None = None, **about: Any) -> Message:
    """Send the text `name` to a person, on every channel it names; `about` fills its placeholders.

    `at` is a telephone number (normalised) that the text message goes to instead of the one on file: the number a
    person had until now, or one that is on nobody's file (`to` None).

    A value may be Words, a lazy translation or anything with a str(): each language gets its own. The worker carries
    the message away after the transaction that called this; in the app it is there at once.
    Raises UnknownText, MissingPlaceholder.
    """
    text = text_named(name)
    text.check(about)
    zh, en = _values(about, "zh-hans"), _values(about, "en")
    message = Message.objects.create(
        to=to,
        text=text.slug,
        title=fill(text.title.zh, zh),
        title_en=fill(text.title.en, en),
        short=fill(text.short.zh, zh) if text.short else "",
        short_en=fill(text.short.en, en) if text.short else "",
        long=fill(text.long.zh, zh) if text.long else "",
        long_en=fill(text.long.en, en) if text.long else "",
    )
    for channel in text.channels:
        _dispatch(message, Delivery.Channel(channel), at)
    return message


def _values(about: dict[str, Any], language: str) -> dict[str, str]:
    with translation.override(language):
        return {
            key: value.to(language) if isinstance(value, Words) else str(formats.localize(value))
            for key, value in about.items()
        }


def _dispatch(message: Message, channel: Delivery.Channel, at: str | None) -> None:
    delivery = Delivery(message=message, person=message.to, text=message.text, channel=channel)
    if at is not None and channel == Delivery.Channel.SMS:
        delivery.phone = carriers.seal_phone(delivery, at)
    if channel == Delivery.Channel.IN_APP:
        delivery.state, delivery.settled_at = Delivery.State.SENT, clock.now()
    delivery.save(force_insert=True)
    if channel in (Delivery.Channel.SMS, Delivery.Channel.MAIL):
        deliver.enqueue(str(delivery.pk))


def mark_read(post: Post, message: Message) -> None:
    """The person the message is for has opened it. The first time counts."""
    Message.objects.filter(pk=message.pk, to=post.person, read_at=None).update(read_at=clock.now())


def mark_printed(delivery: Delivery) -> None:
    """The letter was printed and handed over or posted. Doing it again changes nothing."""
    Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.WAITING).update(
        state=Delivery.State.SENT, settled_at=clock.now()
    )
