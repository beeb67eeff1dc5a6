"""The auditor's bundle: the whole log with its openings, so that every colour can be worked out again offline.

It names people to whoever holds the register, so two people release it and the log says that it left: one asks and
says why, another of them releases it, and for a day the one who asked may take it out.

- `ask(by, reason) -> BundleAsked` · `release(by, asked) -> BundleReleased` · `write(by, asked, file) -> leaves`
"""

import hashlib
from datetime import timedelta
from typing import IO

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kaimen.kit import clock
from kaimen.ledger.actions import record
from kaimen.ledger.bundling import write_bundle
from kaimen.register import access
from kaimen.register.models import Post
from kaimen.status.models import BundleAsked, BundleReleased, BundleTaken
from kaimen.status.refusals import Refused

MAY = "ledger.release_bundle"
OPEN_FOR = timedelta(days=1)
_LONGEST = 200


def ask(by: Post, reason: str) -> BundleAsked:
    """Ask for the bundle. Raises NotAllowed, Refused."""
    access.require(by, MAY)
    reason = " ".join(reason.split())
    if not 0 < len(reason) <= _LONGEST:
        raise Refused("words", _("There is no reason here, or a long one."), _("Say in one line what it is for."))
    return BundleAsked.objects.create(by=by, reason=reason)


def asked_for(by: Post) -> QuerySet[BundleAsked]:
    """What was asked for within the scope of this post, newest first. Raises NotAllowed."""
    access.require(by, MAY)
    return (
        access.visible(by, BundleAsked)
        .select_related("by__person", "released__by__person")
        .prefetch_related("released__taken")
    )


@transaction.atomic
def release(by: Post, asked: BundleAsked) -> BundleReleased:
    """Let it go: somebody else than who asked. Raises NotAllowed, Refused."""
    access.require(by, MAY, asked)
    if asked.by.person_id == by.person_id:
        raise Refused("two-people", _("You asked for it yourself."), _("Another auditor releases it."))
    if BundleReleased.objects.filter(asked=asked).exists():
        raise Refused("released", _("It has been released."), _("Load the page again."))
    leaf = record("bundle-released", {"asked": asked.pk.bytes, "posts": [asked.by_id.bytes, by.pk.bytes]})
    return BundleReleased.objects.create(asked=asked, by=by, leaf=leaf)


def write(by: Post, asked: BundleAsked, file: IO[bytes]) -> int:
    """Write the bundle into a file that can be read and sought in; gives how many leaves it has. Each time is a row.

    Raises NotAllowed, Refused, NothingSigned, OpeningsGone.
    """
    access.require(by, MAY, asked)
    released = BundleReleased.objects.filter(asked=asked).first()
    open_now = released is not None and clock.now() < released.made_at + OPEN_FOR
    if released is None or by.pk != asked.by_id or not open_now:
        raise Refused(
            "not-released",
            _("This bundle is not released to you now."),
            _("Who asked for it takes it out, within a day of its release."),
        )
    leaves = write_bundle(file, openings=True)
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").digest()  # type: ignore[arg-type]
    file.seek(0)
    BundleTaken.objects.create(released=released, leaves=leaves, digest=digest)
    return leaves
