"""Sending: every channel leaves a row; nothing goes out twice; the log says nothing of what was written."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.core import mail
from django.db import transaction
from django.utils.translation import gettext_lazy
from django_tasks_db.models import DBTaskResult
from pytest_django.fixtures import Settings

from kaimen.kit import effects
from kaimen.notify import actions, carriers, queries
from kaimen.notify.models import Delivery, Message, OutboxSms
from kaimen.packs import Words
from kaimen.register import secrets
from kaimen.register.models import Account, Area, Person

State, Channel = Delivery.State, Delivery.Channel


@pytest.fixture
def person(district: Area) -> Person:
    """Somebody with a phone and an e-mail address."""
    person = Person(name="宋小渡", given_name="小渡", area=district)
    for column, value in secrets.phone_columns(person.pk, "15400001234").items():
        setattr(person, column, value)
    person.save()
    Account.objects.create(username="song", person=person, email="song@example.org")
    return person


def deliveries(message: Message) -> dict[str, str]:
    """Channel → state."""
    return dict(Delivery.objects.filter(message=message).values_list("channel", "state"))


def carry_all() -> None:
    """What the worker does with every task that waits."""
    for task in DBTaskResult.objects.ready():
        carriers.carry(task.args_kwargs["args"][0])


def test_a_message_takes_every_channel_of_its_text(person: Person) -> None:
    message = actions.send("pass-issued", person, expires=date(2020, 4, 15))
    assert deliveries(message) == {Channel.IN_APP: State.SENT, Channel.SMS: State.WAITING, Channel.MAIL: State.WAITING}
    carry_all()
    assert set(deliveries(message).values()) == {State.SENT}
    assert OutboxSms.objects.get().phone_tail == "1234"
    assert mail.outbox[0].to == ["song@example.org"]


def test_each_language_gets_its_own_words(person: Person) -> None:
    message = actions.send("pass-revoked", person, reason=Words("卡已遗失", "the card was lost"))
    assert "原因：卡已遗失" in message.long
    assert "Reason: the card was lost" in message.long_en


def test_a_lazy_translation_and_a_date_are_written_in_the_language_of_the_form(person: Person) -> None:
    message = actions.send("pass-issued", person, expires=date(2020, 4, 15))
    assert "2020年4月15日" in message.long
    assert "15" in message.long_en
    assert "年" not in message.long_en
    revoked = actions.send("pass-revoked", person, reason=gettext_lazy("No phone number on file"))
    assert "No phone number on file" in revoked.long_en


def test_a_text_message_goes_to_the_number_it_is_for_and_the_log_forgets_the_number(person: Person) -> None:
    old = actions.send("phone-changed", person, at="15400009999")
    nobody = actions.send("join-code", None, at="15400008888", code="123456", minutes=10)
    assert b"15400009999" not in bytes(Delivery.objects.get(message=old).phone or b"")
    carry_all()
    tails = dict(OutboxSms.objects.values_list("delivery__message", "phone_tail"))
    assert tails == {old.pk: "9999", nobody.pk: "8888"}
    assert not Delivery.objects.exclude(phone=None).exists()
    assert set(deliveries(nobody).values()) == {State.SENT}


def test_carrying_twice_sends_once(person: Person) -> None:
    actions.send("join-code", person, code="123456", minutes=10)
    carry_all()
    carry_all()
    assert OutboxSms.objects.count() == 1


def test_a_code_is_forgotten_once_it_left(person: Person) -> None:
    code = actions.send("join-code", person, code="123456", minutes=10)
    both = actions.send("pass-issued", person, expires=date(2020, 4, 15))
    carry_all()
    code.refresh_from_db()
    both.refresh_from_db()
    assert code.short == code.short_en == ""
    assert both.short
    assert "123456" in OutboxSms.objects.earliest("id").body


def test_who_has_no_phone_is_logged_as_having_none(district: Area) -> None:
    person = Person.objects.create(name="无机人", given_name="机人", area=district)
    message = actions.send("join-code", person, code="123456", minutes=10)
    carry_all()
    assert deliveries(message) == {Channel.SMS: State.NO_ADDRESS}
    assert Delivery.objects.get().error == "no-phone"


def test_without_a_provider_a_text_message_fails_and_says_so(person: Person, settings: Settings) -> None:
    settings.KAIMEN_SMS_STAND_IN = False
    actions.send("join-code", person, code="123456", minutes=10)
    carry_all()
    assert Delivery.objects.get().error == "no-sms-provider"
    assert not OutboxSms.objects.exists()


def test_a_mail_server_that_refuses_is_logged_without_words(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_mail: object) -> int:
        raise ConnectionRefusedError("song@example.org is not welcome")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    message = actions.send("pass-issued", person, expires=date(2020, 4, 15))
    carry_all()
    failed = Delivery.objects.get(message=message, channel=Channel.MAIL)
    assert (failed.state, failed.error) == (State.FAILED, "mail-server")


@pytest.mark.django_db(transaction=True, databases=["default", "events"])
def test_a_slow_mail_server_holds_no_lock(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    locked = []
    monkeypatch.setattr(
        "django.core.mail.EmailMessage.send", lambda _mail: locked.append(transaction.get_connection().in_atomic_block)
    )
    actions.send("pass-issued", person, expires=date(2020, 4, 15))
    carry_all()
    assert locked == [False]


def test_tasks_name_the_delivery_and_nobody(person: Person) -> None:
    actions.send("join-code", person, code="123456", minutes=10)
    (task,) = DBTaskResult.objects.all()
    assert task.args_kwargs == {"args": [str(Delivery.objects.get().pk)], "kwargs": {}}


def test_an_unknown_text_is_named_with_those_there_are(person: Person) -> None:
    with pytest.raises(actions.UnknownText, match=r"no texts/hallo\.yaml; there are: .*join-code, "):
        actions.send("hallo", person)


def test_a_part_below_sends_by_the_effect(person: Person) -> None:
    effects.fire("send-text", text="join-code", to=person, code="123456", minutes=10)
    assert "123456" in Message.objects.get().short


def test_what_is_not_for_the_app_is_not_shown_there(person: Person) -> None:
    actions.send("join-code", person, code="123456", minutes=10)
    assert not queries.messages_of(person).exists()


def test_reading_counts_once_and_only_for_whom_it_is(person: Person, district: Area) -> None:
    message = actions.send("pass-issued", person, expires=date(2020, 4, 15))
    other = Person.objects.create(name="别的人", area=district)
    actions.mark_read(SimpleNamespace(person=other), message)  # type: ignore[arg-type]
    assert queries.unread(person) == 1
    actions.mark_read(SimpleNamespace(person=person), message)  # type: ignore[arg-type]
    first = Message.objects.get().read_at
    actions.mark_read(SimpleNamespace(person=person), message)  # type: ignore[arg-type]
    assert Message.objects.get().read_at == first is not None
