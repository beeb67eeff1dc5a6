"""Standings compared with what judging gives: whoever wrote one by hand is found within the hour."""

import logging
from uuid import UUID

from django.db import transaction

from kaimen.colours.moments import moment
from kaimen.kit import clock
from kaimen.status import judged
from kaimen.status.activations import PERSON
from kaimen.status.models import Genesis, Recount, Standing
from kaimen.status.refusals import Refused

_LOG = logging.getLogger(__name__)
_MOST = 500  # looked at again; more do not differ by chance


def recount(genesis: Genesis) -> Recount:
    """Judge everybody and compare; a difference beyond what is due by now is logged as an error and kept."""
    now = clock.now()
    try:
        rules = judged.rules_now(genesis)
    except Refused:
        return Recount.objects.create(people=0, differ=0)
    due = set(Standing.objects.filter(due__lte=now).values_list("subject", flat=True))  # the clock's job is on its way
    everybody = [one for one in judged.everybody(genesis) if one not in due]
    ought = judged.judgements(genesis, everybody, judged.judge_of(PERSON, rules.digest), moment(now))
    stands = dict(Standing.objects.filter(subject__genesis=genesis).values_list("subject", "colour"))
    doubtful = [subject for subject in everybody if stands.get(subject, rules.usual) != ought[subject].colour]
    differ = _still_differ(genesis, doubtful)
    if differ:
        _LOG.error("%d of %d colours are not what evidence gives: somebody wrote them", len(differ), len(everybody))
    return Recount.objects.create(people=len(everybody), differ=len(differ))


@transaction.atomic
def _still_differ(genesis: Genesis, doubtful: list[UUID]) -> list[UUID]:
    """Those of them that differ when nothing comes between: evidence may have arrived while everybody was judged."""
    rules, now = judged.rules_now(genesis), clock.now()
    stands = {one.subject_id: one for one in Standing.objects.select_for_update().filter(subject__in=doubtful[:_MOST])}
    due = {subject for subject, one in stands.items() if one.due is not None and one.due <= now}
    wanted = [subject for subject in doubtful[:_MOST] if subject not in due]
    ought = judged.judgements(genesis, wanted, judged.judge_of(PERSON, rules.digest), moment(now))
    colours = {subject: stands[subject].colour if subject in stands else rules.usual for subject in wanted}
    return [subject for subject in wanted if colours[subject] != ought[subject].colour] + doubtful[_MOST:]
