"""Standings compared with what judging gives: whoever wrote one by hand is found within the hour."""

import logging

from kaimen.colours.moments import moment
from kaimen.kit import clock
from kaimen.status import judged
from kaimen.status.activations import PERSON
from kaimen.status.models import Genesis, Recount, Standing
from kaimen.status.refusals import Refused

_LOG = logging.getLogger(__name__)


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
    differ = [subject for subject in everybody if stands.get(subject, rules.usual) != ought[subject].colour]
    if differ:
        _LOG.error("%d of %d colours are not what evidence gives: somebody wrote them", len(differ), len(everybody))
    return Recount.objects.create(people=len(everybody), differ=len(differ))
