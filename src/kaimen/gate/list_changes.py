"""Changing a list when its clerk's time is over: the clerk asks, the building's desk decides. Both stay on record.

- `ask(by, employment, day)`: the firm's clerk; the desk is told.
- `correct(by, employment, day, reason)`: the desk turns the person's place on that list, asked or by itself.
- `decline(by, asked, reason)`: the desk does not; the clerk is told why.

A correction makes the next revision of that day's list. It keeps what the firm filed apart from what the desk did: a
list that the firm did not renew stays "not renewed" (未更新).
"""

from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kaimen.gate import actions, list_days, local_time, queries
from kaimen.gate.actions import NotPossible
from kaimen.gate.list_models import ListChange, ListChangeAsked
from kaimen.gate.models import Roster
from kaimen.notify import actions as notify
from kaimen.packs import Words
from kaimen.register import access, posts_over
from kaimen.register.models import Employment, Place, Post

REASONS = {
    "firm-called": gettext_lazy("The firm called and confirmed it"),
    "document-seen": gettext_lazy("The person showed a work card or contract"),
    "shift-changed": gettext_lazy("The shift was changed"),
    "called-in": gettext_lazy("Called in for an urgent matter"),
    "clerk-mistaken": gettext_lazy("The clerk ticked the wrong name"),
}
DECLINED = {
    "not-confirmed": gettext_lazy("Nobody at the firm could confirm it"),
    "next-list": gettext_lazy("It can wait for the next list"),
    "mistaken": gettext_lazy("It was asked by mistake"),
}


@transaction.atomic
def ask(by: Post, employment: Employment, day: date) -> ListChangeAsked:
    """Ask the desk to turn the person's place on the closed list for `day`. Asking again changes nothing.

    Raises NotAllowed, NotPossible.
    """
    access.require(by, "gate.confirm_roster", employment.organisation)
    place = _place_of(employment)
    _require_closed(place, day)
    comes = not _listed(employment, place, day)
    waiting = waiting_asks().filter(employment=employment, place=place, day=day, comes=comes).first()
    if waiting is not None:
        return waiting
    asked = ListChangeAsked.objects.create(employment=employment, place=place, day=day, comes=comes, by=by)
    for person in posts_over.people_over("gate.correct_roster", place):
        notify.send(
            "list-change-asked", person, organisation=_words(employment.organisation), place=_words(place),
            person=employment.name, day=day, change=_WANTED[comes],
        )  # fmt: skip
    return asked


@transaction.atomic
def correct(by: Post, employment: Employment, day: date, reason: str, asked: ListChangeAsked | None = None) -> Roster:
    """Turn the person's place on the closed list for `day`, with a reason of REASONS.

    Raises NotAllowed, NotPossible.
    """
    assert reason in REASONS
    place = _place_of(employment)
    access.require(by, "gate.correct_roster", place)
    Place.objects.select_for_update().get(pk=place.pk)  # two at the desk: each builds on what the other did
    _require_closed(place, day)
    _require_unanswered(asked)
    listed = queries.coming(employment.organisation, place, day)
    comes = employment.pk not in listed
    if asked is not None and asked.comes != comes:
        raise NotPossible(_("The list has changed meanwhile and says so already."), _("Load the page again."))
    if comes and employment.left_on is not None and employment.left_on <= day:
        raise NotPossible(
            _("%(name)s no longer works there.") % {"name": employment.name}, _("Register them as a visitor.")
        )
    changed = listed | {employment.pk} if comes else listed - {employment.pk}
    roster = actions.write_roster(employment.organisation, place, day, changed, by, by_desk=True)
    change = ListChange.objects.create(
        employment=employment, place=place, day=day, comes=comes, roster=roster, asked=asked, by=by, reason=reason
    )
    _tell_clerk(change)
    return roster


@transaction.atomic
def decline(by: Post, asked: ListChangeAsked, reason: str) -> ListChange:
    """Leave the list as it is, with a reason of DECLINED. Raises NotAllowed, NotPossible."""
    assert reason in DECLINED
    access.require(by, "gate.correct_roster", asked)
    Place.objects.select_for_update().get(pk=asked.place_id)
    _require_unanswered(asked)
    change = ListChange.objects.create(
        employment=asked.employment, place=asked.place, day=asked.day, comes=asked.comes, asked=asked, by=by,
        reason=reason,
    )  # fmt: skip
    _tell_clerk(change)
    return change


def waiting_asks() -> QuerySet[ListChangeAsked]:
    """What clerks have asked for that nobody answered, of days that have not passed."""
    waiting = ListChangeAsked.objects.filter(answer=None, day__gte=local_time.today())
    return waiting.select_related("employment__organisation", "place", "by__person")


def reason_words(change: ListChange) -> str:
    """Why the desk did what it did, in the reader's language."""
    return str((REASONS if change.roster_id else DECLINED).get(change.reason, change.reason))


_WANTED = {True: gettext_lazy("put on the list"), False: gettext_lazy("taken off the list")}
_DONE = {
    (True, True): gettext_lazy("is on the list"),
    (False, True): gettext_lazy("is off the list"),
    (True, False): gettext_lazy("stays off the list"),
    (False, False): gettext_lazy("stays on the list"),
}


def _tell_clerk(change: ListChange) -> None:
    if change.asked is None:
        return
    made = change.roster_id is not None
    notify.send(
        "list-changed", change.asked.by.person, person=change.employment.name, place=_words(change.place),
        day=change.day, change=_DONE[change.comes, made], reason=(REASONS if made else DECLINED)[change.reason],
    )  # fmt: skip


def _place_of(employment: Employment) -> Place:
    if employment.place is None or not employment.place.profile:
        raise NotPossible(
            _("%(name)s has no desk in a building.") % {"name": employment.name},
            _("Fill in the building in the staff list first."),
        )
    return employment.place


def _require_closed(place: Place, day: date) -> None:
    if day < local_time.today():
        raise NotPossible(
            _("The list for %(day)s is history.") % {"day": day}, _("Change the list for today or a later day.")
        )
    if list_days.is_open(place, day):
        raise NotPossible(
            _("The list for %(day)s is still open.") % {"day": day}, _("The firm’s clerk changes it until it is due.")
        )


def _require_unanswered(asked: ListChangeAsked | None) -> None:
    if asked is not None and ListChange.objects.filter(asked=asked).exists():
        raise NotPossible(_("Somebody has answered this already."), _("Load the page again."))


def _listed(employment: Employment, place: Place, day: date) -> bool:
    return employment.pk in queries.coming(employment.organisation, place, day)


def _words(titled: object) -> Words:
    return Words(titled.name, titled.title("en"))  # type: ignore[attr-defined]
