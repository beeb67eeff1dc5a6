"""A building's colour comes from facts and published rules, and from nothing else."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.utils import translation

from kaimen.board import colouring, evidence, facts, standing, tally
from kaimen.board.actions import NotEvidence, take_in
from kaimen.board.models import PlaceColour, PlaceEvidence
from kaimen.board.tests.conftest import GENESIS, signed_by_both
from kaimen.colours import statements
from kaimen.colours.moments import moment
from kaimen.kit import clock, ids
from kaimen.kit.keys import SigningKey
from kaimen.ledger.models import PendingLeaf, PublicObject
from kaimen.register.models import Area, Organisation, Place, Post
from kaimen.status import trusted
from kaimen.status.models import Accreditation

pytestmark = [pytest.mark.django_db(databases=["default", "events"]), pytest.mark.usefixtures("rules")]
NOON = datetime(2020, 3, 16, 4, 0, tzinfo=UTC)  # a Monday
DAY = date(2020, 3, 16)
Inspected = Callable[..., PlaceEvidence]
Say = Callable[..., bytes]


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    tally.forget()
    with clock.frozen(NOON):
        yield


@pytest.fixture
def open_firm(firm: Organisation) -> Organisation:
    firm.resumed_on = date(2020, 2, 13)
    firm.save()
    return firm


def listed(firm: Organisation, day: date, code: str = "ferry-house") -> None:
    with clock.frozen(datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=10)):
        firm.rosters.create(place=Place.objects.get(code=code), day=day)


def colour(code: str = "ferry-house") -> tuple[str, int]:
    colouring.recolour()
    row = standing.now()[code]
    return row.colour, row.rule


def test_a_building_that_was_inspected_and_whose_firms_file_their_lists_is_green(
    open_firm: Organisation, inspected: Inspected
) -> None:
    listed(open_firm, DAY)
    inspected("ferry-house")
    assert colour() == ("green", 7)


def test_where_something_a_rule_reads_is_unknown_there_is_no_colour(district: Area) -> None:
    assert colour("reed-court") == ("", 0)


def test_a_serious_finding_makes_it_red_until_a_later_one_says_otherwise(district: Area, inspected: Inspected) -> None:
    inspected("ferry-house", "serious")
    assert colour() == ("red", 2)
    with clock.frozen(NOON + timedelta(hours=1)):
        inspected("ferry-house", "in-order")
        assert colour() == ("green", 7)


def test_what_was_seen_first_does_not_overrule_what_was_seen_later(district: Area, inspected: Inspected) -> None:
    inspected("ferry-house", "serious")
    inspected("ferry-house", "in-order", seen=NOON - timedelta(hours=5))
    assert colour() == ("red", 2)


def test_an_inspection_runs_out_and_is_then_overdue(district: Area, inspected: Inspected) -> None:
    inspected("ferry-house")
    with clock.frozen(NOON + timedelta(days=7)):
        assert colour() == ("yellow", 5)


def test_a_weekend_is_no_missing_list_and_two_working_days_are(open_firm: Organisation, inspected: Inspected) -> None:
    inspected("ferry-house")
    listed(open_firm, date(2020, 3, 13))  # Friday: Monday's is missing
    assert facts.named("roster_missing_days").values(NOON)["ferry-house"] == 1
    assert colour()[0] == "green"
    tomorrow = NOON + timedelta(days=1)
    assert facts.named("roster_missing_days").values(tomorrow)["ferry-house"] == 2


def test_a_list_that_came_later_does_not_count_for_a_moment_before(open_firm: Organisation) -> None:
    listed(open_firm, date(2020, 3, 12))
    with clock.frozen(NOON + timedelta(hours=8)):
        open_firm.rosters.create(place=Place.objects.get(code="ferry-house"), day=DAY)
    ask = facts.named("roster_missing_days").values
    assert (ask(NOON)["ferry-house"], ask(NOON + timedelta(hours=9))["ferry-house"]) == (2, 0)


def test_a_firm_that_never_filed_a_list_owes_them_since_it_opened(firm: Organisation) -> None:
    firm.resumed_on = date(2020, 3, 12)  # Thursday, Friday, Monday
    firm.save()
    assert facts.named("roster_missing_days").values(NOON)["ferry-house"] == 3


def test_a_fever_makes_it_red_until_it_is_dealt_with_or_runs_out(
    district: Area, inspected: Inspected, say: Say
) -> None:
    inspected("ferry-house")
    take_in(say("ferry-house", "fever-report", {"fever_reported": True}))
    assert colour() == ("red", 1)
    with clock.frozen(NOON + timedelta(hours=2)):
        take_in(say("ferry-house", "fever-resolved", {"fever_handled": True}))
        assert colour() == ("green", 7)
    with clock.frozen(NOON + timedelta(hours=3)):
        take_in(say("ferry-house", "fever-report", {"fever_reported": True}))
        assert colour() == ("red", 1)
    with clock.frozen(NOON + timedelta(hours=27)):
        assert colour() == ("green", 7)


def test_every_change_is_a_row_and_a_leaf_that_names_no_building(district: Area, inspected: Inspected) -> None:
    colouring.recolour()
    before = PendingLeaf.objects.filter(kind="place-colour").count()
    inspected("ferry-house", "serious")
    with clock.frozen(NOON + timedelta(minutes=1)):
        assert colouring.recolour() == 1
    with clock.frozen(NOON + timedelta(minutes=2)):
        assert colouring.recolour() == 0
    leaves = PendingLeaf.objects.filter(kind="place-colour")
    assert leaves.count() == before + 1
    row = standing.history("ferry-house")[0]
    assert row.facts["inspection_result"] == "serious"
    assert row.since == NOON + timedelta(minutes=1)
    assert b"ferry" not in b"".join(bytes(leaf.data) for leaf in leaves)
    assert PublicObject.objects.filter(pk=bytes(row.definition)).exists()


def test_red_by_another_rule_is_red_since_the_first(district: Area, inspected: Inspected, say: Say) -> None:
    inspected("ferry-house", "serious")
    colouring.recolour()
    with clock.frozen(NOON + timedelta(hours=1)):
        take_in(say("ferry-house", "fever-report", {"fever_reported": True}))
        assert colour() == ("red", 1)
    assert standing.now()["ferry-house"].since == NOON


def test_a_statement_of_another_key_or_about_another_place_is_refused(
    district: Area, say: Say, office: Accreditation
) -> None:
    good = {"inspection_result": "serious"}
    with translation.override("en"), pytest.raises(NotEvidence, match="accredited this key"):
        take_in(say("ferry-house", "inspection", good, key=SigningKey.generate()))
    with pytest.raises(NotEvidence):
        take_in(say("ferry-house", "rumour", good))
    with pytest.raises(NotEvidence):
        take_in(say("ferry-house", "inspection", {"inspection_result": "ugly"}))
    with pytest.raises(NotEvidence):
        take_in(say("ferry-house", "inspection", good, made=NOON - timedelta(days=5), seen=NOON - timedelta(days=6)))
    with pytest.raises(NotEvidence):
        take_in(say("ferry-house", "inspection", good, lasts=timedelta(days=300)))
    with pytest.raises(NotEvidence):
        take_in(b"no envelope")
    assert PlaceEvidence.objects.count() == 0


def test_evidence_sent_twice_is_here_once(district: Area, say: Say) -> None:
    envelope = say("ferry-house", "inspection", {"inspection_result": "minor"})
    assert take_in(envelope).pk == take_in(envelope).pk
    assert PlaceEvidence.objects.count() == 1


def test_a_row_changed_by_hand_has_no_effect(district: Area, inspected: Inspected) -> None:
    row = inspected("ferry-house", "serious")
    inspected("reed-court", "in-order")
    PlaceEvidence.objects.filter(pk=row.pk).update(place=Place.objects.get(code="reed-court"))
    assert colour("reed-court") == ("green", 7)


def test_what_a_key_signed_after_its_end_does_not_count(
    district: Area, inspected: Inspected, office: Accreditation, post: Callable[..., Post]
) -> None:
    inspected("ferry-house", "serious")
    end = statements.AccreditationEnd(
        genesis=GENESIS, id=ids.new_id().bytes, made=moment(NOON), accreditation=office.pk.bytes,
        since=moment(NOON - timedelta(hours=1)),
    )  # fmt: skip
    assert colour() == ("red", 2)
    keepers = [post("rule-keeper", district, name) for name in ("规三", "规四")]
    signed_by_both(office.proposal.genesis, keepers, end, NOON)
    with clock.frozen(NOON + timedelta(minutes=1)):
        assert colour() == ("", 0)


def test_a_key_that_somebody_wrote_into_a_table_has_no_effect(
    district: Area, inspected: Inspected, say: Say, office: Accreditation
) -> None:
    row, forged = inspected("ferry-house", "in-order"), SigningKey.generate()
    Accreditation.objects.filter(pk=office.pk).update(public_key=forged.public.raw)
    serious = say("ferry-house", "inspection", {"inspection_result": "serious"}, key=forged)
    with pytest.raises(NotEvidence):
        take_in(serious)
    id_ = statements.read(serious).statement.id
    PlaceEvidence.objects.create(
        id=UUID(bytes=id_), place=row.place, accreditation=office, kind="inspection", envelope=serious,
        until=row.until, leaf=row.leaf,
    )  # fmt: skip
    assert colour() == ("green", 7)


def test_evidence_of_another_activation_does_not_count(
    district: Area, inspected: Inspected, say: Say, office: Accreditation
) -> None:
    inspected("ferry-house", "serious")
    office.proposal.genesis.__class__.objects.filter(pk=office.proposal.genesis_id).update(leaf_hash=b"o" * 32)
    trusted._kept.cache_clear()
    assert evidence.by_place(NOON) == {}


def test_a_colour_typed_into_the_database_is_overwritten_by_judging(district: Area, inspected: Inspected) -> None:
    inspected("ferry-house")
    colouring.recolour()
    with clock.frozen(NOON + timedelta(minutes=1)):
        PlaceColour.objects.filter(place__code="ferry-house").update(colour="red", rule=2)
        assert colour() == ("green", 7)


def test_nobody_who_need_not_know_learns_that_somebody_has_a_fever(
    district: Area, inspected: Inspected, say: Say, signed_in_as: Callable[..., Client]
) -> None:
    inspected("ferry-house")
    inspected("reed-court", "serious")
    take_in(say("ferry-house", "fever-report", {"fever_reported": True}))
    colouring.recolour()
    officer = signed_in_as("grid-officer").get("/board/buildings/ferry-house/", HTTP_ACCEPT_LANGUAGE="en")
    assert "Fever not resolved" in officer.content.decode()
    auditor = signed_in_as("auditor")
    pages = [
        auditor.get(path, HTTP_ACCEPT_LANGUAGE="en").content.decode()
        for path in ("/board/buildings/ferry-house/", "/board/buildings/", "/board/", "/board/buildings/reed-court/")
    ]
    pages.append(signed_in_as("district-commander").get("/board/wall/", HTTP_ACCEPT_LANGUAGE="en").content.decode())
    for page in pages:
        assert "Serious" in page
        assert "fever" not in page.lower()
    # Were the other reason shown, its absence would say which building has the fever.
    assert "Serious problems found" not in pages[3]


def test_a_building_says_why_since_when_and_who_answers_for_it(
    district: Area, inspected: Inspected, signed_in_as: Callable[..., Client], post: Callable[..., Post]
) -> None:
    inspected("ferry-house", "serious")
    colouring.recolour()
    post("grid-officer", Area.objects.get(code="999901001-01"), "管一程")
    page = signed_in_as("district-commander").get("/board/buildings/ferry-house/", HTTP_ACCEPT_LANGUAGE="en")
    text = page.content.decode()
    assert "Serious problems found" in text
    assert "since 3-16 12:00, by rule 2" in text
    assert "管一程" in text
    assert "runs out 3-23 12:00" in text
    assert 'class="b b-stop' in text


def test_groups_take_the_worst_colour_and_count_the_rest(
    district: Area, inspected: Inspected, signed_in_as: Callable[..., Client]
) -> None:
    inspected("ferry-house", "minor")
    inspected("reed-court", "in-order")
    colouring.recolour()
    page = signed_in_as("district-commander").get("/board/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    legend = page[page.index("board-legend") : page.index("</ul>", page.index("board-legend"))]
    assert [int(part.split("<")[0]) for part in legend.split('class="num">')[1:5]] == [0, 1, 2, 1]


def test_the_second_view_shows_the_rates_and_another_is_not_found(signed_in_as: Callable[..., Client]) -> None:
    client = signed_in_as("district-commander")
    assert "80–90" in client.get("/board/?show=staff").content.decode()
    assert client.get("/board/?show=salary").status_code == 404


def test_the_live_part_is_sent_again_when_a_colour_changed(
    district: Area, inspected: Inspected, signed_in_as: Callable[..., Client]
) -> None:
    client = signed_in_as("district-commander")
    first = client.get("/board/live/")
    inspected("ferry-house", "serious")
    assert client.get("/board/live/", HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
    colouring.recolour()
    assert client.get("/board/live/", HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 200
