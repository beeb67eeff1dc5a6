"""The end of a legal activation: colours stop, and what was held on its basis is destroyed, with counts.

The leaf comes first, so that a replay knows that no colour may follow. Then the rows, then the log's openings and
their key: the key sealed everything here, too, so copies in backups say nothing any more.
"""

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from kaimen.kit import clock
from kaimen.ledger.actions import record
from kaimen.ledger.destroying import destroy_openings
from kaimen.register import packs_in_force
from kaimen.register.definitions import Head
from kaimen.status.models import (
    ActivationEnded,
    Appeal,
    AppealLapsed,
    Approval,
    Batch,
    Correction,
    CorrectionAnswered,
    Decision,
    Declaration,
    DeclarationSeen,
    Evidence,
    Finding,
    Genesis,
    Placement,
    PublishedList,
    Standing,
    Subject,
    Withdrawal,
)
from kaimen.status.refusals import Refused

# What is held about people, in an order that breaks no reference; where each hangs from its activation.
_HELD: tuple[tuple[type[Model], str], ...] = (
    (CorrectionAnswered, "correction__subject__genesis"),
    (Correction, "subject__genesis"),
    (DeclarationSeen, "declaration__subject__genesis"),
    (Declaration, "subject__genesis"),
    (Finding, "appeal__subject__genesis"),
    (AppealLapsed, "appeal__subject__genesis"),
    (Appeal, "subject__genesis"),
    (Standing, "subject__genesis"),
    (Decision, "subject__genesis"),
    (Approval, "accreditation__proposal__genesis"),
    (Withdrawal, "evidence__subject__genesis"),
    (Evidence, "subject__genesis"),
    (Batch, "genesis"),
    (Placement, "genesis"),
    (Subject, "genesis"),
    (PublishedList, "genesis"),
)


def end(emergency: str) -> ActivationEnded:
    """End an activation whose emergency the pack says is over. Not in a transaction; again, it finishes what a crash
    left undone. Raises Refused, StillRead.
    """
    genesis = Genesis.objects.filter(emergency=emergency).first()
    if genesis is None:
        raise Refused("no-activation", _("No activation of %s ever began.") % emergency, _("Name one that did."))
    _over(emergency)
    ended = ActivationEnded.objects.filter(genesis=genesis).first() or _ended(genesis)
    destroy_openings(emergency)
    return ended


def _over(emergency: str) -> None:
    """An activation is a dated legal act, and so is its end."""
    head = packs_in_force.pack().one(Head)
    said = next((one for one in head.emergencies if one.slug == emergency), None)
    if said is not None and (said.ended is None or said.ended >= clock.today(head.zone)):
        raise Refused(
            "not-over",
            _("The pack does not say that %s is over.") % emergency,
            _("Write its last day as `to` in pack.yaml, with its source, and load the pack."),
        )


@transaction.atomic
def _ended(genesis: Genesis) -> ActivationEnded:
    leaf = record("emergency-ended", {"emergency": genesis.emergency})
    destroyed = {}
    for model, path in _HELD:
        rows = model._default_manager.filter(**{path: genesis})
        _all, by_model = rows.delete()
        destroyed[model._meta.model_name or ""] = by_model.get(model._meta.label, 0)
    return ActivationEnded.objects.create(genesis=genesis, destroyed=destroyed, leaf=leaf)
