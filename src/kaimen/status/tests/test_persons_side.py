"""What a person declares, contests and asks to be put right; and what an officer may see of it."""

from datetime import date, timedelta

import pytest

from kaimen.kit import clock
from kaimen.notify.models import Message
from kaimen.register.access import NotAllowed
from kaimen.register.models import Viewing
from kaimen.status import appeals, declarations, evidence, queries
from kaimen.status.declarations import Said
from kaimen.status.models import Decision, Declaration
from kaimen.status.refusals import Refused
from kaimen.status.tests.conftest import MONDAY

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def texts(person) -> list[str]:
    return list(Message.objects.filter(to=person).order_by("made_at", "id").values_list("text", flat=True))


@pytest.fixture
def yellow(subject, hospital):
    evidence.receive([hospital.evidence(subject, "test", test_result="positive")])
    return subject


@pytest.fixture
def reviewer(district, post):
    return post("appeal-reviewer", district)


@pytest.fixture
def review(accredit):
    """The reviewers' key, of an organisation of its own."""
    return accredit("review", ("finding",), "云汀复核处")


def test_a_declaration_changes_no_colour_and_asks_a_source_to_look(person, subject, hospital):
    declaration = declarations.declare(subject, Said("health", symptoms=("fever", "cough")))
    assert declarations.words_of(declaration) == {"symptoms": ["cough", "fever"]}
    assert queries.own_colour(person).colour.slug == "green"
    assert texts(hospital.officer.person) == ["declaration-received"]
    declarations.look(hospital.officer, declaration)
    assert declaration.seen.by == hospital.officer


def test_the_same_said_again_within_the_day_is_one_row(subject, rules):
    said = Said("trip", travelled_from="武汉市", back_on=date(2020, 3, 14))
    assert declarations.declare(subject, said) == declarations.declare(subject, said)
    with clock.frozen(MONDAY + 25 * HOUR):
        declarations.declare(subject, said)
    assert Declaration.objects.count() == 2


@pytest.mark.parametrize(
    "said",
    [
        Said("mood"), Said("health"), Said("health", symptoms=("none", "fever")), Said("health", symptoms=("annoyed",)),
        Said("trip", back_on=date(2020, 3, 14)), Said("trip", travelled_from="武汉市", back_on=date(1999, 1, 1)),
        Said("temperature", temperature="hot"), Said("temperature", temperature="98.6"),
        Said("temperature", temperature="NaN"), Said("temperature", temperature="1e999999"),
    ],
)  # fmt: skip
def test_what_is_no_declaration_is_answered_in_words(subject, rules, said):
    with pytest.raises(Refused) as refused:
        declarations.declare(subject, said)
    assert refused.value.remedy


def test_a_message_about_a_colour_names_none(yellow, person):
    (text,) = texts(person)
    message = Message.objects.get(to=person)
    assert text == "colour-changed"
    assert not any(word in message.title + message.long + message.short for word in ("黄", "红", "阳性", "云汀医院"))


def test_without_a_phone_it_is_a_letter(people_of, hospital):
    (one,) = people_of(1)
    evidence.receive([hospital.evidence(one, "test", test_result="positive")])
    assert texts(one.person) == ["colour-changed-letter"]


def test_an_appeal_has_a_number_a_clock_and_a_human(yellow, person, reviewer):
    appeal = appeals.file(yellow, "  我没有\n检测过 ")
    assert appeal.due == MONDAY + 24 * HOUR
    assert appeals.words_for(appeal) == ("我没有 检测过", "")
    assert texts(person)[-1] == "appeal-received"
    assert texts(reviewer.person) == ["appeal-waiting"]
    assert list(appeals.to_answer(reviewer)) == [appeal]
    assert [one.source.zh for one in appeals.case_of(reviewer, appeal.pk).because] == ["云汀医院"]
    assert Viewing.objects.get(person=person, by=reviewer).what == "appeal"
    assert queries.own_colour(person).appeal == appeal


def test_a_colour_that_rests_on_nothing_is_not_contested(subject, rules):
    with pytest.raises(Refused, match="nothing-to-contest"):
        appeals.file(subject, "不对")


def test_the_same_evidence_is_contested_once(yellow):
    appeals.file(yellow, "不对")
    with pytest.raises(Refused, match="contested"):
        appeals.file(yellow, "还是不对")


def test_a_finding_that_strikes_turns_it_green(yellow, person, reviewer, review):
    appeal = appeals.file(yellow, "不对")
    struck = tuple(one.pk.bytes for one in appeal.evidence.all())
    appeals.answer(reviewer, appeal, review.finding(appeal.leaf.bytes, strikes=struck))
    assert queries.own_colour(person).colour.slug == "green"
    assert texts(person)[-2:] == ["colour-changed", "appeal-answered"]
    appeal.refresh_from_db()
    assert appeals.words_for(appeal)[1] == "样本标签与本人不符"
    assert not appeals.to_answer(reviewer).exists()


def test_the_source_does_not_answer_an_appeal_against_itself(yellow, reviewer, hospital):
    appeal = appeals.file(yellow, "不对")
    upheld = tuple(one.pk.bytes for one in appeal.evidence.all())
    with pytest.raises(Refused, match="same-organisation"):
        appeals.answer(reviewer, appeal, hospital.finding(appeal.leaf.bytes, upholds=upheld))


def test_a_finding_speaks_of_all_that_is_contested_and_of_nothing_else(yellow, reviewer, review):
    appeal = appeals.file(yellow, "不对")
    ours = tuple(one.pk.bytes for one in appeal.evidence.all())
    for wrong in (
        review.finding(appeal.leaf.bytes),
        review.finding(appeal.leaf.bytes, strikes=ours, upholds=ours),
        review.finding(appeal.leaf.bytes, strikes=(bytes(16),)),
        review.finding(bytes(16), strikes=ours),
    ):
        with pytest.raises(Refused):
            appeals.answer(reviewer, appeal, wrong)


def test_an_answer_after_the_clock_ran_out_still_counts_and_the_lapse_is_noted(yellow, person, reviewer, review):
    appeal = appeals.file(yellow, "不对")
    upheld = tuple(one.pk.bytes for one in appeal.evidence.all())
    with clock.frozen(MONDAY + 25 * HOUR):
        assert queries.own_colour(person).colour.slug == "green"
        appeals.answer(reviewer, appeal, review.finding(appeal.leaf.bytes, upholds=upheld))
        assert queries.own_colour(person).colour.slug == "yellow"
    assert [one.after for one in Decision.objects.order_by("made_at", "id")] == ["yellow", "green", "yellow"]
    assert texts(person).count("appeal-lapsed") == 1


def test_only_a_reviewer_of_the_area_answers(yellow, post, review, district):
    appeal = appeals.file(yellow, "不对")
    elsewhere = post("appeal-reviewer", district.children.first())
    with pytest.raises(NotAllowed):
        appeals.answer(elsewhere, appeal, review.finding(appeal.leaf.bytes))
    assert not appeals.to_answer(elsewhere).exists()


def test_a_counter_sees_a_colour_and_the_person_reads_who_looked(yellow, person, post, district):
    counter = post("counter-officer", district)
    assert queries.seen_by(counter, person).colour.slug == "yellow"
    appeals.file(yellow, "窗口代办", by=counter)
    assert Viewing.objects.get(person=person).by == counter
    with pytest.raises(NotAllowed):
        queries.seen_by(post("grid-officer", district), person)


def test_a_correction_of_evidence_is_put_right_by_its_source_not_by_saying_so(yellow, person, reviewer, hospital):
    envelope = hospital.sent[0]
    correction = declarations.ask_correction(yellow, "这份样本不是我的", queries.own_colour(person).because[0].evidence)
    assert texts(reviewer.person)[-1] == "correction-waiting"
    with pytest.raises(Refused, match="still-counts"):
        declarations.answer_correction(reviewer, correction, "已更正", put_right=True)
    evidence.receive([hospital.withdrawal(envelope)])
    declarations.answer_correction(reviewer, type(correction).objects.get(), "医院已撤回", put_right=True)
    assert declarations.words_of_correction(correction) == ("这份样本不是我的", "医院已撤回")


def test_evidence_about_somebody_else_cannot_be_contested_or_corrected(yellow, people_of, person):
    (other,) = people_of(1)
    with pytest.raises(Refused, match="not-yours"):
        declarations.ask_correction(other, "不对", queries.own_colour(person).because[0].evidence)
