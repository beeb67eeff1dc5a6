"""Firm passes (企业专用通行证): a firm names staff from out of town; the community where they live answers.

The pass a person holds anyway then opens that community too; it ends on its last day, or when they leave the firm.
"""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kaimen.gate import actions as gate
from kaimen.gate import local_time
from kaimen.gate import queries as passes
from kaimen.gate.actions import NotPossible
from kaimen.gate.expected import SOURCES, Behind, Coming
from kaimen.kit import clock
from kaimen.register import access
from kaimen.register.models import Employment, Place, Post
from kaimen.residence import queries
from kaimen.residence.models import FirmPassAnswered, FirmPassAsked


@transaction.atomic
def ask(by: Post, employment: Employment, place: Place, until: date) -> FirmPassAsked:
    """Ask a community for a firm pass; asking again while the answer stands changes nothing.

    Raises NotAllowed, NotPossible.
    """
    access.require(by, "residence.ask_firm_pass", employment)
    Employment.objects.select_for_update().get(pk=employment.pk)
    said, today = queries.terms(), local_time.today()
    if said is None or place.kind != Place.Kind.COMPOUND:
        raise NotPossible(_("No community issues firm passes there."), _("Choose one of the list."))
    if employment.left_on is not None and employment.left_on <= today:
        raise NotPossible(_("Somebody on this list no longer works here."), _("Load the page again."))
    if not today <= until <= today + said.firm_pass_longest:
        longest = said.firm_pass_longest.days
        raise NotPossible(_("A firm pass ends within %(n)d days.") % {"n": longest}, _("Choose an earlier day."))
    standing = FirmPassAsked.objects.filter(employment=employment, place=place, until__gte=today)
    found = standing.exclude(answer__in=FirmPassAnswered.objects.exclude(refused="")).first()
    return found or FirmPassAsked.objects.create(employment=employment, place=place, until=until, by=by)


@transaction.atomic
def answer(by: Post, asked: FirmPassAsked, refused: str = "") -> FirmPassAnswered:
    """Issue a firm pass, or say why not (a code of residence.yaml). The first answer stands.

    Raises NotAllowed, NotPossible.
    """
    access.require(by, "residence.keep", asked)
    asked = FirmPassAsked.objects.select_for_update().select_related("employment__person").get(pk=asked.pk)
    said = queries.terms()
    if refused and (said is None or refused not in said.firm_pass_refusals):
        raise NotPossible(_("The pack in force knows no such reason."), _("Load the page again."))
    if (given := FirmPassAnswered.objects.filter(asked=asked).first()) is not None:
        return given
    given = FirmPassAnswered.objects.create(asked=asked, by=by, refused=refused)
    if not refused:
        person = asked.employment.person
        if not passes.valid_passes(clock.now()).filter(person=person).exists():
            gate.issue_pass(by=None, person=person)
        gate.lists_changed([asked.place_id])
    return given


def waiting(by: Post) -> QuerySet[FirmPassAsked]:
    """What the communities of `by` have not answered, and is not over."""
    return of(by).filter(answer=None, until__gte=local_time.today())


def of(by: Post) -> QuerySet[FirmPassAsked]:
    """Everything asked within the scope of `by`, the newest first."""
    rows = access.visible(by, FirmPassAsked).select_related("employment__organisation", "place", "answer")
    return rows.order_by("-made_at", "-id")


def by_firm_passes(building: Place, day: date) -> Iterable[Coming]:
    """Staff from out of town on the list of the community where they live: one row for each pass they hold."""
    rows = FirmPassAsked.objects.filter(
        passes.employed_on(day, "employment__"),
        place=building,
        until__gte=day,
        answer__refused="",
        employment__person__passes__expires__gt=clock.now(),
        employment__person__passes__revocation=None,
    ).values_list(
        "employment__person__passes__index", "employment__name", "employment__organisation__name",
        "employment__organisation__name_en", "employment__id_tail",
    )  # fmt: skip
    for index, name, zh, en, tail in rows.distinct():
        yield Coming(index, name, Behind(zh, en or zh), id_tail=tail, comes_as="firm-pass")


SOURCES.append(by_firm_passes)
