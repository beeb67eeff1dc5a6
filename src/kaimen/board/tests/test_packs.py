"""A pack that buildings could not be judged by is refused; a pack may freeze its picture at another time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from kaimen.board import evening, freezing, jobs, rules_in_force
from kaimen.board.models import Snapshot
from kaimen.colours.definitions import STATUSES, StatusDefinition
from kaimen.kit import clock
from kaimen.packs import Pack
from kaimen.register.packs_in_force import pack

NINE = datetime(2020, 3, 16, 13, 0, tzinfo=UTC)  # 21:00 in Shanghai
FILE = "status/building.yaml"


def wrongs(template_pack: Pack, change: Callable[[StatusDefinition], StatusDefinition]) -> list[str]:
    """What the check says of a pack whose rules of buildings were changed."""
    definitions = tuple(
        (file, change(one) if isinstance(one, StatusDefinition) and one.slug == "building" else one)
        for file, one in template_pack.definitions
    )
    return [f"{file}: {wrong}" for file, wrong in STATUSES.check(replace(template_pack, definitions=definitions))]


def test_a_fact_nobody_provides_is_named(template_pack: Pack) -> None:
    def renamed(one: StatusDefinition) -> StatusDefinition:
        return replace(one, facts={**one.facts, "lifts_out_of_order": one.facts["roster_missing_days"]})

    found = wrongs(template_pack, renamed)
    assert len(found) == 1
    assert found[0].startswith(f"{FILE}: nobody provides the fact lifts_out_of_order. There are: ")


def test_a_fact_of_another_type_or_absence_is_named(template_pack: Pack) -> None:
    def changed(one: StatusDefinition) -> StatusDefinition:
        return replace(one, facts={**one.facts, "fever_unresolved": one.facts["inspection_overdue"]})

    assert "Write type: integer, and absent: false" in wrongs(template_pack, changed)[0]
    assert wrongs(template_pack, lambda one: one) == []


@pytest.mark.django_db(databases=["default", "events"])
def test_a_picture_freezes_at_nine_where_the_published_rules_say_nine(rules: Callable[..., None]) -> None:
    text = pack().files[FILE].replace(b'at: "22:00"', b'at: "21:00"')
    rules(text, NINE - timedelta(days=1))
    with clock.frozen(NINE - timedelta(minutes=1)):
        jobs.freeze_map(clock.now())
        assert not Snapshot.objects.exists()
        assert evening.of(clock.now()).words == "0:01"
    with clock.frozen(NINE + timedelta(seconds=1)):
        jobs.freeze_map(clock.now())
        jobs.freeze_map(clock.now())
    assert [one.day for one in Snapshot.objects.all()] == [date(2020, 3, 16)]
    assert Snapshot.objects.get().due_at == NINE


@pytest.mark.django_db(databases=["default", "events"])
def test_without_publication_no_building_is_judged_and_the_message_says_why(genesis: object) -> None:
    with clock.frozen(NINE), pytest.raises(rules_in_force.NoRules, match="公布"):
        rules_in_force.definition(NINE)
    with clock.frozen(NINE + timedelta(hours=2)):
        assert freezing.compose(date(2020, 3, 16), evening.due_on(date(2020, 3, 16)), clock.now()).rules is None
