"""Published status lists: what every gate holds. Computed from evidence by judging, never from standings.

- `publish(genesis) -> PublishedList`: the colours at this moment, logged, signed with the centre's key, kept.
- `publish_revocations(genesis)`: one bit for each pass that was taken back.
- `newest(name)`: the bytes gates fetch; its leaf proves where in the log it stands.

A list is the colours of the log so far: all that waits is integrated first and nothing comes between, so that a
witness who has the same leaves computes the same bytes. Gates accept a list under a checkpoint such a witness signed.
"""

from collections import Counter
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from kaimen.colours import leaves, lists
from kaimen.colours.lists import StatusList
from kaimen.colours.moments import moment, when
from kaimen.kit import clock
from kaimen.kit.keys import SigningKey
from kaimen.ledger.actions import record
from kaimen.ledger.sequencer import integrate, locked_tree
from kaimen.status import judged, subjects
from kaimen.status.activations import PERSON, in_force
from kaimen.status.models import Genesis, Placement, PublishedList

PLACES = 2**24  # as many as a city's passes have indexes
UNCHANGED_FOR = timedelta(minutes=5)  # so long a list that would say the same is not published again
LASTS = timedelta(hours=24)  # a gate grows old on it by rule, long before
_CHUNK = 400


def centre_key() -> SigningKey:
    """The key whose public half every node holds: what it signs, the centre said."""
    return SigningKey.kept_at(settings.KEYS / "centre")


@transaction.atomic
def publish(genesis: Genesis) -> PublishedList:
    """Publish everybody's colour as it follows from the log so far. Raises Refused where no rules are in force."""
    size, now = _log_as_it_stands(), clock.now()
    rules = judged.rules_now(genesis)
    judge = judged.judge_of(PERSON, rules.digest)
    about = judged.everybody(genesis)
    colours = {
        subject: one.colour
        for subject, one in judged.judgements(genesis, about, judge, moment(now)).items()
        if one.colour != rules.usual
    }
    values = _at_places(genesis, {subject: rules.list_value(colour) for subject, colour in colours.items()})
    of = lists.packed(values, PLACES, rules.list_bits)
    counts = Counter(rules.colour_of(value) for value in values.values())
    computed = leaves.Computed(rules.list_bits, PLACES, size, moment(now))
    return _published(genesis, PERSON, of, dict(counts), computed)


@transaction.atomic
def publish_revocations(genesis: Genesis) -> PublishedList:
    """Publish which passes were taken back."""
    size, now = _log_as_it_stands(), clock.now()
    revoked = list(subjects.passes().revoked())
    of = lists.packed(dict.fromkeys(revoked, 1), PLACES, 1)
    computed = leaves.Computed(1, PLACES, size, moment(now))
    return _published(genesis, leaves.PASSES, of, {"revoked": len(revoked)}, computed)


def newest(name: str) -> PublishedList | None:
    """The list of this name (person, passes) that was published last in the activation in force."""
    return PublishedList.objects.filter(name=name, genesis=in_force()).first()


def _log_as_it_stands() -> int:
    """Hold the log, take in all that waits; gives how many leaves there are. On SQLite nothing comes between now."""
    tree = locked_tree()
    while integrate():
        pass
    tree.refresh_from_db()
    return int(tree.size)


def _at_places(genesis: Genesis, values: dict[UUID, int]) -> dict[int, int]:
    """Place → value, for each place of each subject."""
    found: dict[int, int] = {}
    subjects_ = list(values)
    for start in range(0, len(subjects_), _CHUNK):
        rows = Placement.objects.filter(genesis=genesis, subject__in=subjects_[start : start + _CHUNK])
        found.update({index: values[subject] for subject, index in rows.values_list("subject", "index")})
    return found


def _published(
    genesis: Genesis, name: str, of: StatusList, counts: dict[str, int], computed: leaves.Computed
) -> PublishedList:
    at, last = when(computed.as_of), newest(name)
    if last is not None and bytes(last.digest) == of.digest and at < last.made_at + UNCHANGED_FOR:
        return last
    content = lists.publish(centre_key(), lists.Published(of, name, computed.as_of, moment(at + LASTS)))
    body = leaves.status_list(name, of.digest, counts, computed)
    leaf = record(body.kind, body.public, emergency=genesis.emergency)
    return PublishedList.objects.create(
        name=name, genesis=genesis, content=content, digest=of.digest, size=computed.log, counts=counts, leaf=leaf,
        made_at=at,
    )  # fmt: skip
