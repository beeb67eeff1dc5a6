"""The channels: how a delivery leaves the house."""

from collections.abc import Callable
from smtplib import SMTPException
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage

from kaimen.kit import clock
from kaimen.notify.models import Delivery, Message, OutboxSms
from kaimen.register import secrets
from kaimen.register.models import Account

Outcome = tuple[Delivery.State, str]  # and an error code
_PHONE = "notify_delivery.phone"


def carry(delivery_id: UUID) -> str:
    """Carry a waiting delivery; one that is settled stays as it is, so running twice sends once.

    Not one transaction: a mail server that hangs must never hold the lock that every desk waits for.
    """
    delivery = Delivery.objects.select_related("message", "person").filter(pk=delivery_id).first()
    if delivery is None:  # the person was taken out of the register meanwhile
        return "gone"
    if delivery.state == Delivery.State.WAITING:
        state, error = _CARRIERS[delivery.channel](delivery)
        delivery.state, delivery.error, delivery.settled_at, delivery.phone = state, error, clock.now(), None
        delivery.save(update_fields=["state", "error", "settled_at", "phone"])
        _forget(delivery.message)
    return delivery.state


def _forget(message: Message) -> None:
    """Words that went by text message alone are wanted no more: a code to come in with is not kept beside its lock."""
    kept = [Delivery.Channel.IN_APP, Delivery.Channel.MAIL, Delivery.Channel.PRINT]
    if not message.deliveries.filter(channel__in=kept).exists():
        Message.objects.filter(pk=message.pk).update(short="", short_en="")


def _by_sms(delivery: Delivery) -> Outcome:
    tail = _phone_tail(delivery)
    if not tail:
        return Delivery.State.NO_ADDRESS, "no-phone"
    if not settings.KAIMEN_SMS_STAND_IN:
        return Delivery.State.FAILED, "no-sms-provider"
    body = delivery.message.short_in(delivery.language)
    OutboxSms.objects.get_or_create(delivery=delivery, defaults={"phone_tail": tail, "body": body})
    return Delivery.State.SENT, ""


def seal_phone(delivery: Delivery, number: str) -> bytes:
    """`number` (normalised), for that delivery's row only."""
    return secrets.sealer().seal(number, column=_PHONE, row=delivery.pk.hex)


def _phone_tail(delivery: Delivery) -> str:
    if delivery.phone is not None:
        return secrets.sealer().open(bytes(delivery.phone), column=_PHONE, row=delivery.pk.hex)[-4:]
    return delivery.person.phone_tail if delivery.person is not None else ""


def _by_mail(delivery: Delivery) -> Outcome:
    person, message = delivery.person, delivery.message
    if person is None:
        return Delivery.State.NO_ADDRESS, "no-e-mail"
    address = Account.objects.filter(person=person).values_list("email", flat=True).first()
    if not address:
        return Delivery.State.NO_ADDRESS, "no-e-mail"
    if not settings.EMAIL_HOST:
        return Delivery.State.FAILED, "no-mail-server"
    mail = EmailMessage(
        message.title_in(delivery.language),
        message.long_in(delivery.language),
        to=[address],
        headers={"Message-ID": f"<{delivery.pk}@kaimen>"},  # sent twice after a crash, it is one mail to the reader
    )
    try:
        mail.send()
    except (SMTPException, OSError):
        return Delivery.State.FAILED, "mail-server"
    return Delivery.State.SENT, ""


def _settled_elsewhere(delivery: Delivery) -> Outcome:
    return Delivery.State(delivery.state), delivery.error  # paper is settled by whoever prints it


_CARRIERS: dict[str, Callable[[Delivery], Outcome]] = {
    Delivery.Channel.SMS: _by_sms,
    Delivery.Channel.MAIL: _by_mail,
    Delivery.Channel.PRINT: _settled_elsewhere,
    Delivery.Channel.IN_APP: _settled_elsewhere,
}
