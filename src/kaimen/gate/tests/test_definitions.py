"""A gate profile without words for a reason, or with impossible hours, does not get into force."""

import copy

import pytest

from kaimen.gate.definitions import REASONS, SCHEMA, GateProfile, _profiles
from kaimen.packs import Found, Pack, Wrong


@pytest.fixture
def data(template_pack: Pack):
    return copy.deepcopy(template_pack.data["gates/office-building.yaml"])


def read(data):
    return next(iter(_profiles(Found("gates/office-building.yaml", "office-building", data))))


def test_every_reason_has_words_in_both_languages_for_both_people(template_pack: Pack):
    words = template_pack.one(GateProfile).words()
    assert set(words) == set(REASONS)
    assert all(all(four) for four in words.values())


def test_a_missing_reason_is_named(data):
    del data["reasons"]["two-people"]
    with pytest.raises(Wrong, match="two-people"):
        read(data)


def test_an_unknown_reason_is_named(data):
    data["reasons"]["bad-mood"] = data["reasons"]["left"]
    with pytest.raises(Wrong, match="bad-mood"):
        read(data)


def test_a_gate_does_not_close_before_it_opens(data):
    data["closes"] = "05:00"
    with pytest.raises(Wrong, match="not after"):
        read(data)


def test_the_file_is_named_like_the_profile(data):
    data["gate"] = "another"
    with pytest.raises(Wrong, match="named"):
        read(data)


def test_a_source_has_a_date_that_exists(data):
    data["source"]["date"] = "2020-02-30"
    with pytest.raises(Wrong, match="2020-02-30"):
        read(data)


@pytest.mark.parametrize(
    ("key", "value"), [("opens", "24:00"), ("roster", {"due": "5pm"}), ("pass", {"valid": "30 days"})]
)
def test_the_schema_refuses_what_is_no_time(data, key, value):
    from jsonschema import Draft202012Validator

    data[key] = value
    assert list(Draft202012Validator(SCHEMA).iter_errors(data))
