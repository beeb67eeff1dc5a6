"""How a person comes to their own file from outside: they say who they are, a code goes to the phone the file knows.

Whether the file was known before cannot be told from any answer: every way through here sends the asker to the same
page, and where nothing could be sent a row stands that no code opens. What was typed changes no file that exists; only
a code read from the phone does.
"""

import hmac
from datetime import timedelta
from secrets import randbelow, token_bytes
from uuid import UUID
from zoneinfo import ZoneInfo

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from kaimen.kit import clock, effects
from kaimen.register import actions, identifiers, packs_in_force, secrets
from kaimen.register.actions import Claim
from kaimen.register.models import Account, Area, Person, PhoneProof, Post

MINUTES = 10
TRIES = 5
CODES_AN_HOUR = 5  # to one phone
_KEPT = timedelta(days=1)
_CODE = "register_phoneproof.code"
_CLAIM = "register_phoneproof.claimed_id"


class CodeRefused(ValueError):
    """The code does not open the file: why, and what to do now."""

    def __init__(self, reason: str, message: str | Promise) -> None:
        super().__init__(reason)
        self.reason, self.message = reason, message


def _real(duration: timedelta) -> timedelta:
    """So long for a person with a phone in their hand, also while a drill's clock runs faster than theirs."""
    return duration * clock.speed()


@transaction.atomic
def register(claim: Claim, area: Area) -> UUID:
    """File the person who says this of themself, or find their file; a code goes to the phone on it.

    Gives the proof that the code completes. Raises NotAnIdentifier.
    """
    claim = claim.read()
    assert claim.phone is not None
    person = actions.file_person(None, claim.name, claim.national_id, claim.phone, area, Person.Assurance.SELF_DECLARED)
    return _send_code(person, secrets.blind_phone(claim.phone), claim.national_id)


@transaction.atomic
def ask_for_code(name: str, phone: str) -> UUID:
    """Send a code to somebody who is on file with this name and phone. Gives the proof it completes."""
    index = secrets.blind_phone(identifiers.phone(phone, mobile_only=True))
    person = Person.objects.filter(phone_index=index, name=identifiers.person_name(name)).first()
    return _send_code(person, index, None)


def _send_code(person: Person | None, typed: bytes, national_id: str | None) -> UUID:
    now = clock.now()
    known = bytes(person.phone_index) if person is not None and person.phone_index else None
    within = PhoneProof.objects.filter(phone_index=known or typed, made_at__gt=now - _real(timedelta(hours=1)))
    # Only what was sent counts: five strangers' guesses at a name must not keep its owner out for an hour.
    sent = within.exclude(person=None).count()
    to = person if known and sent < CODES_AN_HOUR else None
    proof = PhoneProof(person=to, phone_index=known or typed, closes=now + _real(timedelta(minutes=MINUTES)))
    proof.code_digest = token_bytes(32)  # no code opens it until one is on its way
    if national_id is not None:
        proof.claimed_id = secrets.sealer().seal(national_id, column=_CLAIM, row=proof.pk.hex)
    proof.save()
    PhoneProof.objects.filter(closes__lt=now - _real(_KEPT)).delete()
    send_code.enqueue(proof.pk.hex)
    return proof.pk


@task()
def send_code(proof_id: str) -> None:
    """The worker's turn: a code to whoever the proof is of, if anybody. Asking takes as long for everybody so."""
    with transaction.atomic():
        proof = PhoneProof.objects.select_related("person").filter(pk=UUID(proof_id), used_at=None).first()
        if proof is None or proof.person is None:
            return
        code = f"{randbelow(10**6):06}"
        proof.code_digest = _digest(proof, code)
        proof.save(update_fields=["code_digest"])
        effects.fire("send-text", text="join-code", to=proof.person, code=code, minutes=MINUTES)


def _digest(proof: PhoneProof, code: str) -> bytes:
    return secrets.sealer().blind(f"{proof.pk.hex} {code}", column=_CODE)  # keyed: a million codes are soon tried


def prove(proof_id: UUID, code: str) -> Account:
    """The account of the person who read `code` from their phone. Raises CodeRefused; five tries, ten minutes, once."""
    proof = PhoneProof.objects.select_related("person").filter(pk=proof_id).first()
    if proof is None or proof.used_at is not None or proof.closes <= clock.now():
        raise CodeRefused("late", _("This code has run out. Ask for a new one."))
    if not PhoneProof.objects.filter(pk=proof.pk, tries__lt=TRIES).update(tries=F("tries") + 1):
        raise CodeRefused("tries", _("Five wrong codes: this one opens nothing any more. Ask for a new one."))
    typed = identifiers.normalise(code)
    fits = hmac.compare_digest(bytes(proof.code_digest), _digest(proof, typed))
    person = proof.person
    if not fits or person is None or person.phone_index != proof.phone_index:
        left = TRIES - proof.tries - 1
        words = _("This is not the code we sent. Compare the six digits with the newest message; {left} more tries.")
        raise CodeRefused("wrong", format_lazy(words, left=left))
    return _open(proof, person)


@transaction.atomic
def _open(proof: PhoneProof, person: Person) -> Account:
    if not PhoneProof.objects.filter(pk=proof.pk, used_at=None).update(used_at=clock.now()):
        raise CodeRefused("late", _("This code was used already. Ask for a new one."))
    account = _account(person)
    if not account.is_active:
        raise CodeRefused("shut", _("This account was shut. Come to a counter with your document."))
    if is_mfa_enabled(account):
        raise CodeRefused("password", _("You protect your account with an app: sign in with password and app code."))
    _raise_assurance(person, proof)
    return account


def _raise_assurance(person: Person, proof: PhoneProof) -> None:
    person.assurance = max(person.assurance, Person.Assurance.PHONE_PROVED)
    changed = ["assurance"]
    if proof.claimed_id is not None and person.national_id_index is None:
        number = secrets.sealer().open(bytes(proof.claimed_id), column=_CLAIM, row=proof.pk.hex)
        columns = secrets.national_id_columns(person.pk, number)
        if not Person.objects.filter(national_id_index=columns["national_id_index"]).exists():
            for column, value in columns.items():
                setattr(person, column, value)
            changed += columns
    person.save(update_fields=changed)


def _account(person: Person) -> Account:
    """The account of a person, with a post over themself."""
    account = Account.objects.filter(person=person).first()
    if account is None:
        account = Account(username=f"p{person.pk.hex}", person=person)
        account.set_unusable_password()
        account.save(force_insert=True)
    role = _own_role()
    own = Post.objects.filter(person=person, role=role, area=None, organisation=None, place=None, until=None)
    if not own.exists():
        Post.objects.create(person=person, role=role, since=clock.today(ZoneInfo(settings.TIME_ZONE)))
    return account


def _own_role() -> str:
    """The pack's role of everybody over themself. Raises LookupError when the pack has none."""
    for role in packs_in_force.roles().values():
        if role.scope == "self" and "register.see_own_file" in role.may:
            return role.slug
    raise LookupError("the pack in force has no role of scope self that may register.see_own_file")
