"""Reads of messages and of the delivery log."""

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import get_language

from kaimen.notify.definitions import Text
from kaimen.notify.models import Delivery, Message
from kaimen.register import access, packs_in_force
from kaimen.register.models import Person, Post


def messages_of(person: Person | None) -> QuerySet[Message]:
    """What was sent to a person in the app, newest first."""
    in_app = Delivery.objects.filter(message=OuterRef("pk"), channel=Delivery.Channel.IN_APP)
    return Message.objects.filter(Exists(in_app), to=person)


def unread(person: Person | None) -> int:
    """How many of them are unread."""
    return messages_of(person).filter(read_at=None).count()


def deliveries(post: Post, *, trouble_only: bool = False) -> QuerySet[Delivery]:
    """The delivery log within the scope of `post`, newest first."""
    rows = access.visible(post, Delivery).select_related("person")
    trouble = Q(state__in=[Delivery.State.FAILED, Delivery.State.NO_ADDRESS])
    return rows.filter(trouble) if trouble_only else rows


def titles() -> dict[str, str]:
    """What each text of the pack is called, in the reader's language. Its placeholders stay open: nobody is named."""
    language = get_language() or settings.LANGUAGE_CODE
    return {text.slug: text.title.to(language) for text in packs_in_force.pack().all(Text)}


def letters(post: Post) -> QuerySet[Delivery]:
    """Letters that wait to be printed, oldest first."""
    waiting = Q(channel=Delivery.Channel.PRINT, state=Delivery.State.WAITING)
    return access.visible(post, Delivery).filter(waiting).select_related("message", "person").order_by("made_at", "id")
