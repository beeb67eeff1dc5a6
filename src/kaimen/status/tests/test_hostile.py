"""Somebody means harm, or two do the same at once: what an officer, a reviewer and a stranger do not get away with."""

import base64
import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache

from kaimen.colours import statements
from kaimen.colours.moments import moment
from kaimen.kit import clock
from kaimen.notify.models import Message
from kaimen.register.models import Post
from kaimen.status import appeals, authorities, declarations, evidence, evidence_read, judged, recounting, source_keys
from kaimen.status import subjects as subjects_
from kaimen.status.declarations import Said
from kaimen.status.models import Accreditation, Appeal, Correction, Evidence, Finding, Standing, Subject
from kaimen.status.refusals import Refused
from kaimen.status.signed_questions import signed_text
from kaimen.status.tests.conftest import MONDAY, PaperSource, number_of, replayed, state
from kaimen.status.tests.test_desks import GOOD, _list, signed_in

pytestmark = pytest.mark.django_db(databases=["default", "events"])
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def nobody_asked_before() -> None:
    cache.clear()


@pytest.fixture
def yellow(subject: Subject, hospital: PaperSource) -> Subject:
    """Somebody a hospital has signed a positive test about."""
    evidence.receive([hospital.evidence(subject, "test", test_result="positive")])
    return subject


@pytest.fixture
def reviewer(district: Any, post: Callable[..., Post]) -> Post:
    return post("appeal-reviewer", district)


@pytest.fixture
def review(accredit: Any) -> PaperSource:
    """The reviewers' key, of an organisation of its own."""
    made: PaperSource = accredit("review", ("finding",), "云汀复核处")
    return made


def contested(appeal: Appeal) -> tuple[bytes, ...]:
    return tuple(one.pk.bytes for one in appeal.evidence.all())


# Officers of sources


def test_an_officer_whose_post_ended_signs_nothing_more(hospital: PaperSource, subject: Subject) -> None:
    source_keys.enrol(hospital.officer, hospital.row, hospital.key.public.raw)
    Post.objects.filter(pk=hospital.officer.pk).update(ended_at=clock.now())
    assert state(evidence.receive([hospital.evidence(subject, "test", test_result="positive")])) == [
        "refused:post-ended"
    ]
    assert not Evidence.objects.exists()


def test_an_officer_whose_post_ended_is_told_nothing_more(hospital: PaperSource, subject: Subject) -> None:
    Post.objects.filter(pk=hospital.officer.pk).update(ended_at=clock.now())
    declarations.declare(subject, Said("temperature", temperature="38.5"))
    assert not Message.objects.filter(to=hospital.officer.person).exists()


def test_an_id_of_another_kind_makes_no_alarm(hospital: PaperSource, centre: PaperSource, subject: Subject) -> None:
    public = Accreditation.objects.order_by("made_at").first()
    assert public is not None
    first = hospital.evidence(subject, "test", id=public.pk.bytes, test_result="positive")
    taken = statements.Withdrawal(
        genesis=bytes(hospital.genesis.leaf_hash), id=public.pk.bytes, made=moment(clock.now()), source="hospital",
        key=hospital.key.public.key_id, evidence=public.pk.bytes, reason="样本弄混",
    )  # fmt: skip
    assert state(evidence.receive([first, statements.sign(taken, hospital.key)])) == ["taken", "taken"]
    assert replayed(hospital.genesis).sound


def test_another_countersignature_under_the_same_id_is_refused(
    hospital: PaperSource, centre: PaperSource, subject: Subject
) -> None:
    sent = [hospital.evidence(subject, "test", test_result="positive") for _ in range(2)]
    evidence.receive(sent)
    first = centre.approval(sent[0])
    again = statements.Approval(
        genesis=bytes(centre.genesis.leaf_hash), id=statements.read(first).statement.id, made=moment(clock.now()),
        source="cdc", key=centre.key.public.key_id, statements=(statements.read(sent[1]).statement.id,),
    )  # fmt: skip
    signed = statements.sign(again, centre.key)
    assert state(evidence.receive([first, first, signed])) == ["taken", "known", "refused:said-before"]


def test_a_list_read_again_costs_no_question(
    hospital: PaperSource, person: Any, subject: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subjects_, "MOST_AN_HOUR", 2)
    for _ in range(3):
        subjects_.find(hospital.officer, "王试", GOOD["number"])
    for guess in ("王一", "王二"):
        with pytest.raises(Refused) as refused:
            subjects_.find(hospital.officer, guess, GOOD["number"])
    assert refused.value.code == "too-many"


def test_a_person_stands_in_a_list_once(hospital: PaperSource, people_of: Callable[[int], list[Subject]]) -> None:
    source_keys.enrol(hospital.officer, hospital.row, hospital.key.public.raw)
    (one,) = people_of(1)
    row = [one.person.name, number_of(0), "阳性"]
    brought = signed_in(hospital.officer).post("/evidence/many/test/", {"file": _list(row, row)}).context["brought"]
    assert (len(brought.items), [one.row for one in brought.wrong]) == (1, [4])


@pytest.mark.parametrize("seen", ["9999-12-31T23:59", "0001-01-01T00:00", "2020-03-16T99:99", "\ud83d"])
def test_no_moment_is_too_strange_for_words(hospital: PaperSource, subject: Subject, seen: str) -> None:
    source_keys.enrol(hospital.officer, hospital.row, hospital.key.public.raw)
    answer = signed_in(hospital.officer).post("/evidence/new/test/", GOOD | {"seen": seen.encode("utf-8", "ignore")})
    assert answer.status_code == 422
    assert "seen" in answer.context["form"].errors


def test_what_is_taken_back_is_not_asked_for_again(hospital: PaperSource, yellow: Subject) -> None:
    source_keys.enrol(hospital.officer, hospital.row, hospital.key.public.raw)
    evidence.receive([hospital.withdrawal(hospital.sent[-1])])
    page = signed_in(hospital.officer).get(f"/evidence/{Evidence.objects.get().pk}/withdraw/")
    assert page.status_code == 200
    assert b"<textarea" not in page.content
    assert b"taken back already" in page.content


# Reviewers


def test_nobody_answers_their_own_appeal(yellow: Subject, review: PaperSource, district: Any) -> None:
    appeal = appeals.file(yellow, "不对")
    own = Post.objects.create(person=yellow.person, role="appeal-reviewer", area=district, since=date(2020, 1, 1))
    with pytest.raises(Refused) as refused:
        appeals.answer(own, appeal, review.finding(appeal.leaf.bytes, strikes=contested(appeal)))
    assert refused.value.code == "own-case"
    correction = declarations.ask_correction(yellow, "号码不对")
    with pytest.raises(Refused) as refused:
        declarations.answer_correction(own, correction, "改了", put_right=True)
    assert refused.value.code == "own-case"


def test_a_finding_is_signed_by_who_sends_it(
    yellow: Subject, reviewer: Post, review: PaperSource, district: Any, post: Any
) -> None:
    review.row.organisation.area = district
    another = post("appeal-reviewer", district, "另一位")
    source_keys.enrol(another, review.row, review.key.public.raw)
    appeal = appeals.file(yellow, "不对")
    envelope = review.finding(appeal.leaf.bytes, strikes=contested(appeal))
    with pytest.raises(Refused) as refused:
        appeals.answer(reviewer, appeal, envelope)
    assert refused.value.code == "key-of-another"
    assert appeals.answer(another, appeal, envelope).appeal == appeal


def test_a_finding_has_an_id_of_its_own(
    people_of: Callable[[int], list[Subject]], hospital: PaperSource, reviewer: Post, review: PaperSource
) -> None:
    both = people_of(2)
    evidence.receive([hospital.evidence(one, "test", test_result="positive") for one in both])
    first, second = (appeals.file(one, "不对") for one in both)
    envelope = review.finding(first.leaf.bytes, strikes=contested(first))
    appeals.answer(reviewer, first, envelope)
    said = statements.read(envelope).statement
    again = statements.Finding(
        genesis=said.genesis, id=said.id, made=moment(clock.now()), source="review", key=review.key.public.key_id,
        appeal=second.leaf.bytes, strikes=contested(second), upholds=(), reason="同上",
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        appeals.answer(reviewer, second, statements.sign(again, review.key))
    assert refused.value.code == "said-before"
    assert Finding.objects.count() == 1


def test_an_appeal_is_opened_by_the_rules_it_is_about(
    yellow: Subject, reviewer: Post, keepers: Any, ratified: Any, template_pack: Any
) -> None:
    appeal = appeals.file(yellow, "不对")
    text = authorities.rules_of_pack(template_pack, "person").decode()
    without = _without_tests(text)
    with clock.frozen(MONDAY + HOUR):
        ratified(authorities.propose_rules(keepers[0].post, "person", without.encode(), clock.now()))
    with clock.frozen(MONDAY + 2 * HOUR):
        assert "test" not in judged.rules_now(yellow.genesis).evidence
        page = signed_in(reviewer).get(f"/appeals/{appeal.pk}/")
        assert page.status_code == 200
        assert len(page.context["pieces"]) == 1


def _without_tests(text: str) -> str:
    """The rules, with the evidence of the kind `test` called otherwise."""
    return text.replace("\n  test:", "\n  examination:").replace("slug: test\n", "slug: examination\n")


# People


def test_two_that_draw_the_same_number_get_two(
    people_of: Callable[[int], list[Subject]], hospital: PaperSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = people_of(2)
    evidence.receive([hospital.evidence(one, "test", test_result="positive") for one in both])
    drawn = iter([7, 7, 8])
    monkeypatch.setattr("kaimen.status.appeals.secrets.randbelow", lambda _below: next(drawn))
    assert [appeals.file(one, "不对").number[-1] for one in both] == ["7", "8"]


def test_a_button_pressed_twice_asks_once(subject: Subject, rules: Any) -> None:
    assert declarations.ask_correction(subject, "地址不对") == declarations.ask_correction(subject, " 地址不对 ")
    assert Correction.objects.count() == 1


def test_a_script_does_not_keep_officers_from_the_next_person(subject: Subject, rules: Any) -> None:
    for tenths in range(declarations.MOST_A_DAY):
        declarations.declare(subject, Said("temperature", temperature=f"{37 + tenths / 10:.1f}"))
    with pytest.raises(Refused) as refused:
        declarations.declare(subject, Said("temperature", temperature="39.9"))
    assert refused.value.code == "too-many"
    with clock.frozen(MONDAY + 25 * HOUR):
        declarations.declare(subject, Said("temperature", temperature="39.9"))


@pytest.mark.parametrize(("back_on", "sound"), [((2020, 3, 17), True), ((2020, 3, 18), False), ((2020, 1, 1), False)])
def test_days_are_local_at_midnight(subject: Subject, rules: Any, back_on: tuple[int, int, int], sound: bool) -> None:
    said = Said("trip", travelled_from="云汀", back_on=date(*back_on))
    with clock.frozen(MONDAY.replace(hour=16, minute=1)):  # 00:01 on the 17th there
        if sound:
            declarations.declare(subject, said)
        else:
            with pytest.raises(Refused):
                declarations.declare(subject, said)


def test_a_withdrawal_that_waits_has_put_nothing_right(yellow: Subject, reviewer: Post, hospital: PaperSource) -> None:
    row = Evidence.objects.get()
    evidence.receive([hospital.withdrawal(hospital.sent[-1])])
    row.withdrawal.waits = True
    row.withdrawal.save()
    row = Evidence.objects.get()
    assert evidence_read.state_of(row) == "back-waits"
    correction = declarations.ask_correction(yellow, "不是我", row)
    with pytest.raises(Refused) as refused:
        declarations.answer_correction(reviewer, correction, "已改正", put_right=True)
    assert refused.value.code == "still-counts"


def test_an_appeal_after_the_colour_ended_contests_nothing(yellow: Subject) -> None:
    with clock.frozen(MONDAY + timedelta(days=7)):  # the job that ends colours has not run
        with pytest.raises(Refused) as refused:
            appeals.file(yellow, "不对")
        assert refused.value.code == "nothing-to-contest"
        assert replayed(yellow.genesis).sound


# Programs, and the clock's own work


def test_a_question_in_broken_text_is_answered_in_words(client: Any, hospital: PaperSource) -> None:
    source_keys.enrol(hospital.officer, hospital.row, hospital.key.public.raw)
    for said in ({"name": "\ud800", "number": GOOD["number"]}, {"name": "王试", "number": GOOD["number"], "phone": 7}):
        body, time = json.dumps(said).encode(), clock.now().isoformat()
        signature = hospital.key.sign(signed_text("/api/status/subjects", time, body))
        answer = client.post("/api/status/subjects", body, content_type="application/json", headers={
            "Kaimen-Key": base64.b64encode(hospital.key.public.raw).decode(), "Kaimen-Time": time,
            "Kaimen-Signature": base64.b64encode(signature).decode(),
        })  # fmt: skip
        assert answer.status_code == 400


def test_evidence_that_arrives_during_a_recount_is_no_alarm(
    people_of: Callable[[int], list[Subject]], hospital: PaperSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    late, forged = people_of(2)
    honest = judged.judgements

    def meanwhile(*args: Any) -> Any:
        found = honest(*args)
        monkeypatch.setattr(judged, "judgements", honest)
        evidence.receive([hospital.evidence(late, "test", test_result="positive")])
        return found

    evidence.receive([hospital.evidence(one, "test", test_result="negative") for one in (late, forged)])
    monkeypatch.setattr(judged, "judgements", meanwhile)
    assert recounting.recount(hospital.genesis).differ == 0
    Standing.objects.filter(subject=forged).update(colour="red")
    assert recounting.recount(hospital.genesis).differ == 1
