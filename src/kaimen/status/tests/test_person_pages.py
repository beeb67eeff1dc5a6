"""The pages of a person's own colour, and the counter's page of somebody's."""

from datetime import date, timedelta

import pytest
from django.test import Client

from kaimen.kit import clock
from kaimen.ledger import advancing
from kaimen.proofs.receipts import Receipt
from kaimen.register.models import Account, Area, Post, Viewing
from kaimen.status import appeals, evidence, person_page
from kaimen.status.models import Appeal, Correction, Decision, Declaration
from kaimen.status.tests.conftest import MONDAY
from kaimen.status.tests.stand_in_health_code import running

pytestmark = pytest.mark.django_db(databases=["default", "events"])
OWN = "/me/colour/"


@pytest.fixture
def yellow(subject, hospital):
    evidence.receive([hospital.evidence(subject, "test", test_result="positive")])
    advancing.advance()
    return subject


@pytest.fixture
def client_of():
    """`client_of(post)`: the browser of whoever holds it."""

    def make(held):
        client = Client()
        client.force_login(held.person.account)
        return client

    return make


@pytest.fixture
def elsewhere(district):
    return Area.objects.create(code="elsewhere", name="别区", level="district", path="/elsewhere/")


@pytest.fixture
def mine(person, client_of):
    Account.objects.create_user("wang", None)
    Account.objects.filter(username="wang").update(person=person)
    return client_of(Post.objects.create(person=person, role="resident", since=date(2020, 1, 1)))


def test_without_an_activation_the_page_says_that_there_are_no_colours(mine):
    assert "现在没有三色" in mine.get(OWN).content.decode()


def test_a_green_colour_rests_on_nothing_and_needs_no_appeal(mine, subject, rules):
    page = mine.get(OWN).content.decode()
    assert "没有任何现在算数的依据" in page
    assert "申诉" not in page.split("<main")[1].split("更多")[0]


def test_the_page_says_rule_source_evidence_since_and_until(mine, yellow, hospital):
    page = mine.get(OWN).content.decode()
    for said in ("云汀医院", "3 月 16 日", "申诉", "规则"):
        assert said in page, said


def test_the_receipt_is_there_as_soon_as_the_log_has_signed(mine, yellow):
    decision = Decision.objects.get()
    page = mine.get(f"{OWN}receipts/{decision.pk}/").content.decode()
    drawn = person_page.drawn(decision.leaf)
    assert drawn is not None
    assert drawn.text in page
    assert Receipt.read(drawn.text).opening is not None


def test_somebody_elses_receipt_is_not_there(yellow, post, client_of, district):
    other = client_of(post("resident", None, "李旁"))
    assert other.get(f"{OWN}receipts/{Decision.objects.get().pk}/").status_code == 404


def test_an_appeal_gets_a_number_and_stands_on_the_page(mine, yellow):
    answer = mine.post(f"{OWN}appeal/", {"words": "样本不是我的"}, follow=True)
    number = Appeal.objects.get().number
    assert number in answer.content.decode()
    assert "样本不是我的" in answer.content.decode()


def test_an_appeal_without_words_says_what_is_missing_and_files_nothing(mine, yellow):
    answer = mine.post(f"{OWN}appeal/", {"words": " "})
    assert answer.status_code == 422
    assert not Appeal.objects.exists()


def test_a_second_appeal_against_the_same_is_refused_in_words(mine, yellow):
    mine.post(f"{OWN}appeal/", {"words": "样本不是我的"})
    answer = mine.post(f"{OWN}appeal/", {"words": "再说一遍"})
    assert answer.status_code == 422
    assert "再说一遍" in answer.content.decode()
    assert Appeal.objects.count() == 1


def test_a_lapsed_appeal_says_that_what_was_contested_counts_no_more(mine, yellow):
    mine.post(f"{OWN}appeal/", {"words": "样本不是我的"})
    with clock.frozen(MONDAY + timedelta(hours=25)):
        appeals.lapse_due()
        assert "不再算数" in mine.get(OWN).content.decode()


@pytest.mark.parametrize(
    ("kind", "said", "shown"),
    [
        ("health", {"symptoms": ["fever"]}, "发热"),
        ("trip", {"travelled_from": "武汉市", "back_on": "2020-03-14"}, "武汉市"),
        ("temperature", {"temperature": "37.8"}, "37.8"),
    ],
)
def test_what_is_declared_stands_on_the_page_and_changes_no_colour(mine, subject, rules, kind, said, shown):
    page = mine.post(f"/me/declare/{kind}/", said, follow=True).content.decode()
    assert shown in page
    assert Declaration.objects.get().kind == kind
    assert not Decision.objects.exists()


@pytest.mark.parametrize(("kind", "said"), [("temperature", {"temperature": "hot"}), ("health", {}), ("trip", {})])
def test_a_declaration_that_makes_no_sense_is_refused_in_words(mine, subject, rules, kind, said):
    assert mine.post(f"/me/declare/{kind}/", said).status_code == 422
    assert not Declaration.objects.exists()


def test_there_is_no_declaration_of_that_kind(mine, subject, rules):
    assert mine.get("/me/declare/colour/").status_code == 404


def test_a_correction_points_at_a_piece_of_evidence(mine, yellow):
    (piece,) = yellow.evidence.all()
    answer = mine.post(f"{OWN}correction/", {"about": str(piece.pk), "words": "我那天不在本市"}, follow=True)
    assert Correction.objects.get().evidence == piece
    assert "我那天不在本市" in answer.content.decode()


def test_the_counter_sees_the_colour_and_the_person_reads_who_looked(yellow, person, post, client_of, district):
    counter = client_of(post("counter-officer", district))
    page = counter.get(f"/people/{person.pk}/colour/").content.decode()
    assert "云汀医院" in page
    assert "关于您健康状态的告知书" in page, "what the letter is, and below it who sends it"
    assert Viewing.objects.filter(person=person, what="colour").count() == 1


def test_the_counter_files_an_appeal_in_the_persons_words(yellow, person, post, client_of, district):
    counter = client_of(post("counter-officer", district))
    answer = counter.post(f"/people/{person.pk}/colour/", {"words": "她说样本拿错了"}, follow=True)
    filed = Appeal.objects.get()
    assert filed.number in answer.content.decode()
    assert filed.filed_by is not None


def test_a_counter_of_another_area_finds_nobody(yellow, person, post, client_of, elsewhere):
    counter = client_of(post("counter-officer", elsewhere))
    assert counter.get(f"/people/{person.pk}/colour/").status_code == 404


def test_the_counter_asks_another_service_and_no_colour_changes(
    subject, rules, person, post, client_of, district, settings
):
    counter = client_of(post("counter-officer", district))
    assert counter.post(f"/people/{person.pk}/colour/elsewhere/").status_code == 404
    with running() as stand_in:
        settings.KAIMEN_HEALTH_CODE_URL, settings.HEALTH_CODE_TOKEN = stand_in.url, "ours"
        stand_in.answers(outcome="red")
        page = counter.post(f"/people/{person.pk}/colour/elsewhere/", follow=True).content.decode()
    assert "不改变本地颜色" in page
    assert stand_in.asked[0][2] == "Bearer ours"
    assert not Decision.objects.exists()
    assert Viewing.objects.filter(person=person, what="health-code").count() == 1
