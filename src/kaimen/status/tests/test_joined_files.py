"""Two files are one person's: colour, reason and appeal stay theirs, and nobody's number leads to a stranger's file."""

import pytest
from django.core.cache import cache

from kaimen.register import documents
from kaimen.register.actions import Claim, file_people
from kaimen.register.models import Person, Viewing
from kaimen.status import appeals, ending, evidence, queries, subjects
from kaimen.status.models import Subject
from kaimen.status.refusals import Refused
from kaimen.status.tests.conftest import replayed

pytestmark = pytest.mark.django_db
NUMBER, PHONE = "370299199001011236", "13800000001"


@pytest.fixture(autouse=True)
def nobody_asked_before():
    cache.clear()


@pytest.fixture
def two_files(district, genesis):
    """Of one person: an old one without a number, and one whose firm typed the number with another phone."""
    claims = [Claim("王试", None, PHONE), Claim("王试", NUMBER, "13800000002")]
    return [file_people(None, [one], district, Person.Assurance.PHONE_PROVED)[0] for one in claims]


@pytest.fixture
def counter(post, district):
    return post("counter-officer", district)


def joined(counter, two_files, phone=PHONE) -> Person:
    """The counter sees the document, and the person says that both files are theirs."""
    return documents.see_document(
        counter, Claim("王试", NUMBER, phone), None, dict.fromkeys([one.pk for one in two_files], True)
    )


def only_the_closed(two_files):
    return two_files[1:]


def both(two_files):
    return two_files


@pytest.mark.parametrize("known", [only_the_closed, both])
def test_the_open_file_keeps_the_colour_and_its_reason(hospital, counter, two_files, known):
    for file in known(two_files):
        subjects.subject_drawn(file)
    coloured = subjects.subject_of(two_files[1])
    evidence.receive([hospital.evidence(coloured, "test", test_result="positive")])
    person = joined(counter, two_files)
    assert person == two_files[0]
    mine = queries.own_colour(person)
    assert (mine.colour.slug, [one.source.zh for one in mine.because]) == ("yellow", ["云汀医院"])
    assert subjects.subject_of(person) == coloured
    assert [one.after for one in queries.decisions_of(person)] == ["yellow"]
    assert mine.subject is not None
    assert appeals.file(mine.subject, "不是我的样本").subject == coloured
    assert replayed(hospital.genesis).sound


def test_what_is_signed_later_goes_to_the_one_that_leads(hospital, centre, counter, two_files):
    for file in two_files:
        subjects.subject_drawn(file)
    leads = subjects.subject_of(two_files[1])
    assert leads is not None
    evidence.receive([hospital.evidence(leads, "test", test_result="positive")])
    person = joined(counter, two_files)
    assert subjects.find(centre.officer, "王试", NUMBER).subject == leads.pk
    leads.refresh_from_db()
    evidence.receive([centre.evidence(leads, "test", test_result="positive")])
    assert queries.own_colour(person).colour.slug == "red"


def test_of_two_files_with_evidence_the_worse_colour_is_shown(hospital, counter, two_files):
    green, yellow = (subjects.subject_drawn(file) for file in two_files)
    evidence.receive([hospital.evidence(green, "test", identity=bytes(32), test_result="negative")])
    evidence.receive([hospital.evidence(yellow, "test", test_result="positive")])
    person = joined(counter, two_files)
    assert subjects.subject_of(person) == green
    assert queries.own_colour(person).colour.slug == "yellow"
    ending._ended(hospital.genesis)
    assert not Subject.objects.exists()


def test_who_looked_at_the_closed_file_looked_at_the_persons(hospital, counter, two_files):
    Viewing.objects.create(person=two_files[1], by=hospital.officer, what="evidence")
    person = joined(counter, two_files)
    assert Viewing.objects.filter(person=person, by=hospital.officer).exists()


def test_a_number_that_nobody_proved_leads_to_no_file(hospital, two_files):
    with pytest.raises(Refused, match="no-such-person"):
        subjects.find(hospital.officer, "王试", NUMBER)
    with pytest.raises(Refused, match="no-such-person"):
        subjects.find(hospital.officer, "王试", NUMBER, "13800000009")
    found = subjects.find(hospital.officer, "王试", NUMBER, "138 0000 0002")
    assert Subject.objects.get(pk=found.subject).person == two_files[1]


def test_a_number_that_was_proved_leads_to_its_owner_alone(hospital, person, district):
    squatter = file_people(None, [Claim("别人", NUMBER, "13800000003")], district, Person.Assurance.PHONE_PROVED)
    with pytest.raises(Refused, match="no-such-person"):
        subjects.find(hospital.officer, "别人", NUMBER, "13800000003")
    found = subjects.find(hospital.officer, "王试", NUMBER)
    assert Subject.objects.get(pk=found.subject).person == person != squatter[0]
