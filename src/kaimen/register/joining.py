"""How a person comes to their own file from outside: they say who they are, a code goes to a phone.

Whether a file was known before cannot be told from any answer. Who registers gets the code on the phone they name,
whoever's numbers they type, and what they said becomes a file, or finds theirs, when the code is read. Who asks for a
code to a file that is not there is sent to the same page, and a row stands that no code opens.
"""

import hmac
import json
from dataclasses import asdict
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
_CLAIM = "register_phoneproof.claim"


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
    """Somebody says this of themself; a code goes to the phone they name. No file is made or touched before it is read.

    Gives the proof that the code completes. Raises NotAnIdentifier.
    """
    claim = claim.read()
    assert claim.phone is not None
    proof = PhoneProof(phone_index=secrets.blind_phone(claim.phone), area=area)
    said = json.dumps(asdict(claim), ensure_ascii=False)
    proof.claim = secrets.sealer().seal(said, column=_CLAIM, row=proof.pk.hex)
    return _send_code(proof)


@transaction.atomic
def ask_for_code(name: str, phone: str) -> UUID:
    """Send a code to somebody who is on file with this name and phone. Gives the proof it completes."""
    index = secrets.blind_phone(identifiers.phone(phone, mobile_only=True))
    files = Person.objects.filter(phone_index=index, name=identifiers.person_name(name))
    person = files.order_by("-assurance", "made_at", "id").first()
    return _send_code(PhoneProof(person=person, phone_index=index))


def _send_code(proof: PhoneProof) -> UUID:
    now = clock.now()
    within = PhoneProof.objects.filter(phone_index=proof.phone_index, made_at__gt=now - _real(timedelta(hours=1)))
    # Only what was sent counts, each way apart: neither guesses at a name nor strangers who register with this phone
    # may keep its owner from their file for an hour.
    sent = within.filter(claim__isnull=proof.claim is None).exclude(person=None, claim=None).count()
    if sent >= CODES_AN_HOUR:
        proof.person = proof.claim = None
    proof.closes = now + _real(timedelta(minutes=MINUTES))
    proof.code_digest = token_bytes(32)  # no code opens it until one is on its way
    proof.save()
    PhoneProof.objects.filter(closes__lt=now - _real(_KEPT)).delete()
    send_code.enqueue(proof.pk.hex)
    return proof.pk


@task()
def send_code(proof_id: str) -> None:
    """The worker's turn: a code to the phone of the proof, if any is to go. Asking takes as long for everybody so."""
    with transaction.atomic():
        proof = PhoneProof.objects.select_related("person").filter(pk=UUID(proof_id), used_at=None).first()
        if proof is None or (proof.person is None and proof.claim is None):
            return
        code = f"{randbelow(10**6):06}"
        proof.code_digest = _digest(proof, code)
        proof.save(update_fields=["code_digest"])
        at = _claim(proof).phone if proof.claim is not None else None
        effects.fire("send-text", text="join-code", to=proof.person, at=at, code=code, minutes=MINUTES)


def _claim(proof: PhoneProof) -> Claim:
    assert proof.claim is not None
    return Claim(**json.loads(secrets.sealer().open(bytes(proof.claim), column=_CLAIM, row=proof.pk.hex)))


def _digest(proof: PhoneProof, code: str) -> bytes:
    return secrets.sealer().blind(f"{proof.pk.hex} {code}", column=_CODE)  # keyed: a million codes are soon tried


def prove(proof_id: UUID, code: str) -> Account:
    """The account of the person who read `code` from their phone. Raises CodeRefused; five tries, ten minutes, once."""
    proof = PhoneProof.objects.select_related("person", "area").filter(pk=proof_id).first()
    if proof is None or proof.used_at is not None or proof.closes <= clock.now():
        raise CodeRefused("late", _("This code has run out. Ask for a new one."))
    if not PhoneProof.objects.filter(pk=proof.pk, tries__lt=TRIES).update(tries=F("tries") + 1):
        raise CodeRefused("tries", _("Five wrong codes: this one opens nothing any more. Ask for a new one."))
    typed = identifiers.normalise(code)
    fits = hmac.compare_digest(bytes(proof.code_digest), _digest(proof, typed))
    still_theirs = proof.claim is not None or (proof.person and proof.person.phone_index == proof.phone_index)
    if not fits or not still_theirs:
        left = TRIES - proof.tries - 1
        words = _("This is not the code we sent. Compare the six digits with the newest message; {left} more tries.")
        raise CodeRefused("wrong", format_lazy(words, left=left))
    return _open(proof)


@transaction.atomic
def _open(proof: PhoneProof) -> Account:
    if not PhoneProof.objects.filter(pk=proof.pk, used_at=None).update(used_at=clock.now()):
        raise CodeRefused("late", _("This code was used already. Ask for a new one."))
    person = _person(proof)
    account = _account(person)
    if not account.is_active:
        raise CodeRefused("shut", _("This account was shut. Come to a counter with your document."))
    if is_mfa_enabled(account):
        raise CodeRefused("password", _("You protect your account with an app: sign in with password and app code."))
    return account


def _person(proof: PhoneProof) -> Person:
    """Whose file the code opens: what was said is filed now, or is the file that has this name and this phone."""
    if proof.claim is not None:
        said = _claim(proof)
        return actions.file_person(
            None, said.name, said.national_id, said.phone, proof.area, Person.Assurance.PHONE_PROVED
        )
    person = proof.person
    assert person is not None
    person.assurance = max(person.assurance, Person.Assurance.PHONE_PROVED)
    person.save(update_fields=["assurance"])
    return person


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
