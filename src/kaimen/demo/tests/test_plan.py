"""The plan of the big sample: exact where the page gives a number, plausible where it does not, nobody real."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from kaimen.demo import plan as plans
from kaimen.demo import source_page
from kaimen.demo.definitions import Sample
from kaimen.demo.plan import Firm, Plan
from kaimen.gate.models import INDEXES
from kaimen.packs import Pack, read_folder
from kaimen.register.definitions import PlaceDefinition

QINGDAO = Path(__file__).parents[4] / "packs" / "qingdao-2020"


def plan_of(pack: Pack) -> Plan:
    """A pack's plan, over its own buildings."""
    return Plan(pack.one(Sample), {p.code: p.floors for p in pack.all(PlaceDefinition) if p.kind == "building"})


def everyone(plan: Plan) -> Iterator[Firm]:
    """Every firm of every building."""
    for building in plan.buildings:
        yield from plan.firms_in(building)


@pytest.fixture(scope="module")
def qingdao() -> Pack:
    """The pack of the demonstration."""
    return read_folder(QINGDAO)


@pytest.fixture(scope="module")
def firms(qingdao: Pack) -> list[Firm]:
    """Every firm of the demonstration."""
    return list(everyone(plan_of(qingdao)))


def test_there_are_49514_people_in_77_of_111_buildings(qingdao: Pack, firms: list[Firm]) -> None:
    assert sum(len(firm.staff) for firm in firms) == 49_514
    assert len(plan_of(qingdao).buildings) == len(set(plan_of(qingdao).buildings)) == 77
    assert sum(place.kind == "building" for place in qingdao.all(PlaceDefinition)) == 111


def test_every_building_of_the_plan_has_people(qingdao: Pack) -> None:
    plan = plan_of(qingdao)
    assert all(any(firm.staff for firm in plan.firms_in(building)) for building in plan.buildings)


def test_numbers_are_one_persons_only(firms: list[Firm]) -> None:
    people = [worker.who for firm in firms for worker in firm.staff]
    for numbers in ({p.national_id for p in people}, {p.phone for p in people}, {p.index for p in people}):
        assert len(numbers) == len(people)
    assert len({firm.uscc for firm in firms}) == len({firm.name for firm in firms}) == len(firms) == 2012


def test_both_rates_are_what_the_pack_asks(firms: list[Firm]) -> None:
    back = sum(worker.back_on is not None for firm in firms for worker in firm.staff)
    assert back / 49_514 == pytest.approx(0.85, abs=0.02)
    assert sum(firm.resumed_on is not None for firm in firms) / len(firms) == pytest.approx(0.92, abs=0.02)


def test_nobody_is_back_before_the_firm_or_on_a_list_before_being_back(firms: list[Firm]) -> None:
    for firm in firms:
        for worker in firm.staff:
            assert worker.back_on is None or (firm.resumed_on is not None and worker.back_on >= firm.resumed_on)
            assert not worker.listed or (worker.back_on is not None and firm.list_day is not None)


def test_nobody_has_a_name_of_the_source_page(firms: list[Firm]) -> None:
    assert not [
        worker.who.name for firm in firms for worker in firm.staff if source_page.names_somebody(worker.who.name)
    ]


def test_a_name_of_the_source_page_would_be_drawn_again(qingdao: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    first = next(iter(plan_of(qingdao).firms_in("jjl-022"))).staff[5].who.name
    digest = hashlib.sha256(f"kaimen source page {first}".encode()).hexdigest()[:16]
    monkeypatch.setattr(source_page, "_NAMES", frozenset({digest}))
    assert source_page.names_somebody(first)
    names = {worker.who.name for firm in plan_of(qingdao).firms_in("jjl-022") for worker in firm.staff}
    assert first not in names


def test_the_plan_is_the_same_each_time(template_pack: Pack) -> None:
    assert list(everyone(plan_of(template_pack))) == list(everyone(plan_of(template_pack)))


def test_the_firm_on_the_stage_is_the_pages_example(firms: list[Firm], qingdao: Pack) -> None:
    stage = next(firm for firm in firms if firm.name == qingdao.one(Sample).stage.firm.zh)
    assert (sum(worker.back_on is not None for worker in stage.staff), len(stage.staff)) == (43, 48)


def test_indexes_fit_the_gates() -> None:
    assert plans.INDEXES == INDEXES
