"""A gate profile without words for a reason, or with impossible hours, does not get into force."""

import copy
from dataclasses import replace

import pytest

from kaimen.gate.definitions import SCHEMA, GateProfile, _posts_nowhere, _profiles
from kaimen.packs import Found, Pack, Wrong
from kaimen_gate.reasons import BUILT_IN


@pytest.fixture
def data(template_pack: Pack):
    return copy.deepcopy(template_pack.data["gates/office-building.yaml"])


def read(data):
    return next(iter(_profiles(Found("gates/office-building.yaml", "office-building", data))))


def test_every_reason_has_words_in_both_languages_for_both_people(template_pack: Pack):
    profile = template_pack.one(GateProfile)
    words = profile.words()
    assert set(words) == {*BUILT_IN, *profile.answers()}
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


def first(data, reason="fever", answer="refuse", when="vehicle"):
    """The profile with another rule in front."""
    data["rules"].insert(0, {"reason": reason, "answer": answer, "when": when})
    return data


@pytest.mark.parametrize(
    ("when", "wrong"),
    [
        ("temprature >= 37.3", "temprature"), ("temperature >= 'hot'", "column"), ("direction = 'out'", "direction"),
        ("how = 'cod'", "never 'cod'"), ("manual = 'mood'", "never 'mood'"), ("post in ('outdor')", "never 'outdor'"),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_read_is_named(data, when, wrong):
    with pytest.raises(Wrong, match=wrong):
        read(first(data, when=when))


@pytest.mark.parametrize(
    "when", ["list_age > 48", "colours_age > 48", "not renewed", "renewed = false or temperature > 42",
             "list_age > 48 and listed", "list_age > 48 and post = 'lift'"],
)  # fmt: skip
def test_nobody_is_refused_for_stale_data_alone(data, when):
    with pytest.raises(Wrong, match="stale data alone"):
        read(first(data, when=when))
    data["rules"][0]["answer"] = "desk"
    read(data)


def test_stale_data_may_stand_beside_what_speaks_against_somebody(data):
    read(first(data, when="list_age > 48 and temperature >= fever_from"))


def test_a_rule_that_would_refuse_everybody_is_named(data):
    with pytest.raises(Wrong, match="nothing speaks"):
        read(first(data, when="listed"))


@pytest.mark.parametrize(
    ("when", "who"),
    [("how = 'code'", "pass_trouble altered"), ("pass_trouble = 'not-holder'", "not-holder"), ("revoked", "revoked"),
     ("open", "pass_trouble"), ("two_people", "two_people"), ("listed is null", "pass_trouble")],
)  # fmt: skip
def test_nobody_whom_nobody_knows_is_let_in(data, when, who):
    with pytest.raises(Wrong, match=f"would let in somebody with .*{who}"):
        read(first(data, "on-list", "enter", when))


@pytest.mark.parametrize("when", ["two_people", "two_people and vehicle", "vehicle and (two_people)"])
def test_a_rule_that_an_earlier_one_answers_is_never_reached(data, when):
    data["rules"].insert(-1, {"reason": "fever", "answer": "desk", "when": when})
    with pytest.raises(Wrong, match="never reached: whenever it holds, two-people"):
        read(data)


def test_a_reason_that_is_only_noted_hides_no_rule(data):
    data["rules"].insert(0, {"reason": "not-renewed", "answer": "note", "when": "two_people"})
    read(data)


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        (lambda data: data["rules"].pop(), "only the last, has no `when`"),
        (lambda data: data["rules"][-1].update(answer="enter"), "would not go to the desk"),
        (lambda data: data["rules"][3].pop("when"), "only the last"),
        (lambda data: data["rules"][3].update(reason="left"), "by no rule"),
        (lambda data: data["manual"].pop("emergency"), "emergency"),
        (lambda data: data["overrides"]["measured-again"]["lifts"].append("on-list"), "keeps nobody out"),
        (lambda data: data["values"]["fever_from"]["from"]["2020-02-10"].update(value="warm"), "fever_from"),
        (lambda data: data["values"].update(open=data["values"]["fever_from"]), "open"),
    ],
)
def test_what_is_wrong_with_a_profile_is_said(data, change, wrong):
    change(data)
    with pytest.raises(Wrong, match=wrong):
        read(data)


def test_a_post_stands_at_a_place_of_its_profile_and_a_lift_has_a_capacity(template_pack: Pack, data):
    def mistakes(posts):
        data["posts"] = posts
        others = tuple(one for one in template_pack.definitions if not isinstance(one[1], GateProfile))
        pack = replace(template_pack, definitions=(*others, ("gates/office-building.yaml", read(data))))
        return [str(wrong.what) for _, wrong in _posts_nowhere(pack)]

    assert mistakes({"outdoor": ["ferry-house-south"]}) == []
    assert "nowhere" in mistakes({"desk": ["nowhere"]})[0]
    del data["lift"]
    assert mistakes({"lift": ["ferry-house-north"]}) == ["a lift without a capacity"]
