"""The first round of every campaign; `make prove` runs them all."""

from pathlib import Path

import pytest

from tools import prove


@pytest.mark.django_db(databases=["default", "events"])
@pytest.mark.parametrize("campaign", prove.campaigns(), ids=lambda one: one.name)
def test_the_first_round_holds(campaign: prove.Campaign) -> None:
    assert campaign.round(0) > 0


def test_a_campaign_goes_on_where_it_stopped(tmp_path: Path) -> None:
    seen: list[int] = []

    def round_(seed: int) -> int:
        seen.append(seed)
        return 10

    campaign = prove.Campaign("counting", "kit", "Numbers grow", 3, False, round_)
    prove.run(campaign, 2, tmp_path)
    assert prove.run(campaign, 3, tmp_path).cases == 30
    assert seen == [0, 1, 2]


def test_a_failed_round_is_reported_with_its_seed_and_tried_again_first(tmp_path: Path) -> None:
    broken = {1}

    def round_(seed: int) -> int:
        assert seed not in broken, "one is odd"
        return 1

    campaign = prove.Campaign("odd", "kit", "Nothing is odd", 3, False, round_)
    progress = prove.run(campaign, 3, tmp_path)
    assert list(progress.failed) == ["1"]
    assert "one is odd" in prove.report([(campaign, progress)])
    broken.clear()
    assert prove.run(campaign, 3, tmp_path).failed == {}
