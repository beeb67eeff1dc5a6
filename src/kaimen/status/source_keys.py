"""Keys of sources and reviewers on their way to be accredited: made by an officer, never seen by the server.

- `enrol(by, source, public_key, label)`: the page sends the public half of what the browser made; for a laboratory's
  program the officer pastes what it printed.
- `of_post(by)`: what this officer may sign with now; `waiting()`: what rule-keepers may accredit.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kaimen.kit import clock
from kaimen.register import access, identifiers
from kaimen.register.models import Area, Organisation, Post
from kaimen.status.activations import in_force
from kaimen.status.authorities import key_of
from kaimen.status.models import Accreditation, Source, SourceKey
from kaimen.status.refusals import Refused

_SLUG = re.compile(r"[a-z][a-z0-9-]{1,59}")
_MAY = ("status.give_evidence", "status.answer_appeal", "status.give_place_evidence")


@dataclass(frozen=True)
class NewSource:
    """An office or laboratory, as the command line names it; `code` is its organisation's credit code."""

    slug: str
    name: str
    name_en: str
    code: str
    area: str


@transaction.atomic
def file_source(wanted: NewSource) -> Source:
    """Put a source on file, and its organisation where there is none. Filed again, its name is renewed.

    For whoever may run commands on the server: it gives no key any force. Raises Refused, NotAnIdentifier.
    """
    if not _SLUG.fullmatch(wanted.slug):
        raise Refused("slug", _("%s is no short name.") % wanted.slug[:60], _("Use small letters, digits and hyphens."))
    area = Area.objects.filter(code=wanted.area).first()
    if area is None:
        raise Refused(
            "area", _("No area has the code %s.") % wanted.area[:60], _("Codes are in the pack, under areas/.")
        )
    organisation, _made = Organisation.objects.get_or_create(
        uscc=identifiers.uscc(wanted.code),
        defaults={"name": wanted.name[:120], "name_en": wanted.name_en[:160], "area": area,
                  "kind": Organisation.Kind.AGENCY},
    )  # fmt: skip
    source, made = Source.objects.get_or_create(slug=wanted.slug, defaults={
        "organisation": organisation, "name": wanted.name[:120], "name_en": wanted.name_en[:160],
    })  # fmt: skip
    if source.organisation_id != organisation.pk:
        raise Refused("slug", _("%s is a source of another organisation.") % wanted.slug, _("Choose another name."))
    if not made:
        source.name, source.name_en = wanted.name[:120], wanted.name_en[:160]
        source.save(update_fields=["name", "name_en"])
    return source


def enrol(by: Post, source: Source, public_key: bytes, label: str = "") -> SourceKey:
    """Put a key on file for authorities to accredit. Again, it changes nothing. Raises NotAllowed, Refused."""
    permission = next((one for one in _MAY if access.grants(by, one)), _MAY[0])
    access.require(by, permission, source)
    raw = key_of(public_key).raw
    known = SourceKey.objects.filter(public_key=raw).first()
    if known is not None and (known.post_id, known.source_id) == (by.pk, source.pk):
        return known
    try:
        with transaction.atomic():
            return SourceKey.objects.create(source=source, post=by, public_key=raw, label=label[:60])
    except IntegrityError as error:
        raise Refused("key-taken", _("This key is on file for somebody else."), _("Make a key of your own.")) from error


def sources_of(by: Post) -> QuerySet[Source]:
    """The sources this post may sign for, or put keys on file for."""
    return access.visible(by, Source).select_related("organisation").order_by("name")


def accreditations_of(key: SourceKey) -> list[Accreditation]:
    """What this key may sign now."""
    now = clock.now()
    held = Accreditation.objects.filter(
        source=key.source, public_key=bytes(key.public_key), since__lte=now, until__gt=now,
        proposal__genesis=in_force(),
    )  # fmt: skip
    return [one for one in held.select_related("ended") if not hasattr(one, "ended") or one.ended.since > now]


def of_post(by: Post) -> list[SourceKey]:
    """The keys this officer made, newest first."""
    return list(SourceKey.objects.filter(post=by).select_related("source__organisation").order_by("-made_at"))


def waiting() -> Sequence[SourceKey]:
    """Keys on file that no accreditation names yet, for rule-keepers."""
    accredited = Accreditation.objects.filter(proposal__genesis=in_force()).values_list("public_key", flat=True)
    held = {bytes(one) for one in accredited}
    keys = SourceKey.objects.select_related("source__organisation", "post").order_by("made_at")
    return [one for one in keys if bytes(one.public_key) not in held]


def require_held(source: str, public_key: bytes) -> None:
    """Raise Refused when whoever answers for a key holds their post no more; who stands on no list is for authorities.

    The key is on their device, and the accreditation runs on until two authorities end it.
    """
    key = SourceKey.objects.select_related("post").filter(source__slug=source, public_key=public_key).first()
    if key is not None and not access.in_force(key.post):
        raise Refused(
            "post-ended",
            _("Whoever answers for this key holds their post no more."),
            _("Another officer of the source signs, with a key of their own."),
        )


def require_own(by: Post, source: str, public_key: bytes) -> None:
    """Raise Refused when a key is on file for somebody else than the holder of this post."""
    key = SourceKey.objects.select_related("post").filter(source__slug=source, public_key=public_key).first()
    if key is not None and key.post.person_id != by.person_id:
        raise Refused(
            "key-of-another", _("This was signed with somebody else’s key."), _("Sign with the key you made yourself.")
        )


def require_accredited(key: SourceKey) -> None:
    """Raise Refused unless the key may sign something now."""
    if not accreditations_of(key):
        raise Refused(
            "key-ended", _("The accreditation of this key is over, or has not begun."), _("Have it accredited.")
        )
