"""What this part does at its times. Each bears being done twice."""

import logging
from datetime import datetime, timedelta

from kaimen.kit import clock
from kaimen.schedule.jobs import job
from kaimen.status import appeals, judged, lists, recounting
from kaimen.status.activations import PERSON, in_force
from kaimen.status.models import PublishedList, RulesVersion, Standing
from kaimen.status.refusals import Refused

_LOG = logging.getLogger(__name__)
_CHUNK = 500
_LISTS_KEPT = timedelta(days=7)  # the leaf stays for good


@job("colours-end", every=10)
def colours_end(due_at: datetime) -> None:
    """Colours that end by themselves, end."""
    genesis = in_force()
    if genesis is None:
        return
    due = Standing.objects.filter(subject__genesis=genesis, due__lte=clock.now())
    subjects = list(due.order_by("due").values_list("subject", flat=True)[: _CHUNK * 20])
    for start in range(0, len(subjects), _CHUNK):
        judged.settle(genesis, subjects[start : start + _CHUNK], "time")


@job("rules-take-effect", every=10)
def rules_take_effect(due_at: datetime) -> None:
    """Rules whose moment has come: everybody is judged anew by them."""
    genesis = in_force()
    come = RulesVersion.objects.filter(status=PERSON, effective__lte=clock.now(), applied_at=None)
    if genesis is None or not come.exists():
        return
    everybody = judged.everybody(genesis)
    for start in range(0, len(everybody), _CHUNK):
        judged.settle(genesis, everybody[start : start + _CHUNK], "rules")
    come.update(applied_at=clock.now())


@job("appeals-lapse", every=10)
def appeals_lapse(due_at: datetime) -> None:
    """Appeals nobody answered in time lapse."""
    appeals.lapse_due()


@job("lists", every=60)
def publish_lists(due_at: datetime) -> None:
    """Gates get the colours, and the passes that were taken back."""
    genesis = in_force()
    if genesis is None:
        return
    lists.publish_revocations(genesis)
    try:
        lists.publish(genesis)
    except Refused as error:  # no rules yet: no colours
        _LOG.info("no list of colours: %s", error.code)
    PublishedList.objects.filter(made_at__lt=clock.now() - _LISTS_KEPT).delete()


@job("colours-recounted", every=3600)
def colours_recounted(due_at: datetime) -> None:
    """Standings compared with what evidence gives; a difference is an alarm."""
    genesis = in_force()
    if genesis is None:
        return
    for clocks in (colours_end, rules_take_effect, appeals_lapse):
        clocks(due_at)  # what is due by now is not somebody's doing
    recounting.recount(genesis)
