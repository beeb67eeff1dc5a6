"""What a person's own pass page says: does it open the door today, why, and what happened last."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import get_language

from kaimen.gate import local_time, queries, snapshots
from kaimen.gate.definitions import GateProfile
from kaimen.gate.models import EntryEvent, Pass, Roster
from kaimen.kit import clock
from kaimen.register.models import Employment, Person, Place
from kaimen_gate import wire


@dataclass(frozen=True)
class Receipt:
    """The last entry, as the person may keep it."""

    entry: wire.Entry
    gate: Place | None
    check: str  # the first eight bytes of the entry's hash, in fours

    @property
    def number(self) -> str:
        """The day, the node, the entry's place in its chain: short enough to read out on the phone."""
        day = self.entry.at.astimezone(local_time.zone())
        return f"{day:%Y-%m%d}-{self.entry.node.hex[-4:].upper()}-{self.entry.seq}"


@dataclass(frozen=True)
class OwnPass:
    """One person's standing at the gates, now."""

    person: Person
    pass_: Pass | None  # the newest for a phone that is valid
    revoked: Pass | None  # the newest that was taken back, when none is valid
    employment: Employment | None
    roster: Roster | None  # the list in effect that names the person
    profile: GateProfile | None
    receipt: Receipt | None
    today: date

    @property
    def kind(self) -> str:
        """The status that sums it up: go, care, stop or none."""
        if self.pass_ is None:
            return "stop" if self.revoked else "none"
        return "go" if self.roster else "care"

    @property
    def renewed(self) -> bool:
        """Whether the firm confirmed its list for today."""
        return self.roster is not None and self.roster.renewed(self.today)

    @property
    def receipt_reason(self) -> str:
        """Why the last entry was decided so, in the pack's words."""
        if self.receipt is None or self.profile is None or self.receipt.entry.reason not in self.profile.reasons:
            return ""
        return self.profile.reasons[self.receipt.entry.reason].guard.to(get_language() or "")


def own_pass(person: Person) -> OwnPass:
    """How `person` stands at the gates now."""
    now, today = clock.now(), local_time.today()
    employment = _employment(person, today)
    place = employment.place if employment else None
    valid = queries.valid_passes(now).filter(person=person, kind=Pass.Kind.PHONE).order_by("-expires").first()
    gone = queries.taken_back(now).filter(person=person).order_by("-expires").first()
    return OwnPass(
        person=person,
        pass_=valid,
        revoked=gone,
        employment=employment,
        roster=_named_by(employment, today),
        profile=_profile(place),
        receipt=_last_entry(person, today),
        today=today,
    )


def _employment(person: Person, today: date) -> Employment | None:
    current = person.employments.filter(queries.employed_on(today)).select_related("organisation", "place")
    return current.order_by("place", "-made_at").first()


def _named_by(employment: Employment | None, today: date) -> Roster | None:
    if employment is None or employment.place is None:
        return None
    here = queries.rosters_in_effect(today, organisation=employment.organisation, place=employment.place)
    return here.filter(lines__employment=employment).select_related("confirmed_by__person", "corrects").first()


def _profile(place: Place | None) -> GateProfile | None:
    try:
        return snapshots.profile_of(place) if place else None
    except snapshots.NoProfile:
        return None


def _last_entry(person: Person, today: date) -> Receipt | None:
    indexes = list(person.passes.values_list("index", flat=True))
    places = [code for code in person.employments.values_list("place__code", flat=True) if code]
    rows = EntryEvent.objects.filter(place__in=places, day=today, index__in=indexes)
    raw = rows.order_by("-seq").values_list("raw", flat=True).first()
    if raw is None:
        return None
    entry, check = wire.read_entry(bytes(raw)), wire.link(bytes(raw)).hex()[:16]
    gate = Place.objects.filter(code=entry.place).select_related("parent__parent").first()
    return Receipt(entry, gate, " ".join(check[at : at + 4] for at in range(0, 16, 4)))


def expiry(pass_: Pass) -> datetime:
    """When a pass ends, in local time."""
    return pass_.expires.astimezone(local_time.zone())
