"""The desks' pages: what a post may see and propose, what is refused in words, what many at once come to."""

import base64
import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from kaimen.colours import statements
from kaimen.colours.statements import identity_of
from kaimen.register.models import Account, Area, Organisation, Person, Post, Viewing
from kaimen.status import appeals, declarations, evidence, source_keys
from kaimen.status.models import Appeal, Declaration, Proposal, Source, Subject
from kaimen.status.tests.conftest import Keeper, PaperSource, number_of, state

pytestmark = pytest.mark.django_db(databases=["default", "events"])
Post_ = Callable[..., Post]
GOOD = {"name": "王试", "number": "370299199001011236", "says_test_result": "positive", "seen": "2020-03-16T09:00"}


def signed_in(post: Post) -> Client:
    """A browser in which the holder of a post is signed in."""
    account, _made = Account.objects.get_or_create(person=post.person, defaults={"username": f"u{post.pk.hex[:12]}"})
    client = Client(headers={"accept-language": "en"})
    client.force_login(account)
    return client


@pytest.fixture
def officer(hospital: PaperSource) -> Client:
    """An officer of the hospital with the key that the test holds."""
    source_keys.enrol(hospital.officer, hospital.row, hospital.key.public.raw)
    return signed_in(hospital.officer)


def asked(answer: Any) -> dict[str, Any]:
    """What a page hands to the browser to sign."""
    signing = answer.context["signing"]
    assert isinstance(signing, dict)
    return signing


def test_the_page_hands_over_the_subject_and_leaves_the_identity_to_the_browser(
    officer: Client, hospital: PaperSource, subject: Subject
) -> None:
    filled = {
        "name": "王试",
        "number": "370299199001011236",
        "says_test_result": "positive",
        "seen": "2020-03-16T09:00",
    }
    signing = asked(officer.post("/evidence/new/test/", filled))
    (item,) = signing["items"]
    assert signing["keys"] == [{"public": hospital.key.public.raw.hex(), "source": "hospital"}]
    assert item["statement"]["subject"] == {"$": subject.pk.hex}
    assert item["statement"]["identity"] == {"$": ""}
    about = item["identity"]
    assert identity_of(bytes.fromhex(about["salt"]["$"]), about["word"]) == bytes(subject.identity or b"")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"number": "370299199001011230"}, "number"),
        ({"says_test_result": "perhaps"}, "says_test_result"),
        ({"seen": "2030-01-01T00:00"}, "seen"),
        ({"seen": "2019-01-01T00:00"}, "seen"),
        ({"name": "别人"}, "__all__"),
        ({"says_test_result": ""}, "says_test_result"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    officer: Client, subject: Subject, wrong: dict[str, str], field: str
) -> None:
    answer = officer.post("/evidence/new/test/", GOOD | wrong)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_a_kind_the_key_may_not_sign_has_no_page(officer: Client, rules: Any) -> None:
    assert officer.get("/evidence/new/nonsense/").status_code == 404


def test_what_was_signed_is_taken_and_its_effect_told(officer: Client, hospital: PaperSource, subject: Subject) -> None:
    envelope = hospital.evidence(subject, "test", test_result="positive")
    answer = officer.post("/evidence/send/", {"signed": _base64(envelope)})
    assert answer.status_code == 200
    (told,) = answer.context["told"]
    assert told["outcome"].state == "taken"
    assert told["change"]["after"].to("en") == "Yellow"
    assert "王试" not in officer.get("/evidence/").content.decode()


def test_a_number_typed_with_spaces_is_the_same_person(officer: Client, subject: Subject) -> None:
    (item,) = asked(officer.post("/evidence/new/test/", GOOD | {"number": "370299 19900101 1236"}))["items"]
    assert item["identity"]["word"] == GOOD["number"]


def test_many_answers_are_told_in_numbers(
    officer: Client, hospital: PaperSource, people_of: Callable[[int], list[Subject]]
) -> None:
    sent = [_base64(hospital.evidence(one, "test", test_result="positive")) for one in people_of(4)]
    answer = officer.post("/evidence/send/", {"signed": "\n".join([*sent, "AAAA"])})
    counts = answer.context["counts"]
    assert (counts["logged"], counts["waits"], counts["changed"], len(counts["refused"])) == (4, 0, 4, 1)


def test_nonsense_is_answered_in_words(officer: Client, rules: Any) -> None:
    assert officer.post("/evidence/send/", {"signed": "!!"}).status_code == 409
    answer = officer.post("/evidence/send/", {"signed": "AAAA"})
    assert answer.status_code == 422
    assert officer.post("/evidence/key/", {"source": "hospital", "public_key": "zz"}).status_code == 302


def test_a_list_becomes_statements_and_says_what_waits(
    officer: Client, people_of: Callable[[int], list[Subject]]
) -> None:
    people = people_of(3)
    rows = [[one.person.name, number_of(n), "阳性"] for n, one in enumerate(people)]
    answer = officer.post("/evidence/many/test/", {"file": _list(*rows, ["没有", number_of(9), "阳性"], rows[0][:2])})
    brought = answer.context["brought"]
    assert (len(brought.items), brought.adverse, len(brought.wrong)) == (3, 3, 2)
    assert [one.row for one in brought.wrong] == [6, 7]
    assert len(asked(answer)["items"]) == 3


def test_beyond_the_number_the_page_says_how_many_wait(
    officer: Client, hospital: PaperSource, centre: PaperSource, people_of: Callable[[int], list[Subject]],
) -> None:  # fmt: skip
    limit = 20
    people = people_of(limit + 3)
    sent = [hospital.evidence(one, "test", test_result="positive") for one in people[:limit]]
    assert state(evidence.receive(sent)).count("waits") < limit
    rows = [[one.person.name, number_of(limit + n), "阳性"] for n, one in enumerate(people[limit:])]
    answer = officer.post("/evidence/many/test/", {"file": _list(*rows)})
    assert answer.context["brought"].waits == 3

    evidence.receive([hospital.evidence(one, "test", test_result="positive") for one in people[limit:]])
    source_keys.enrol(centre.officer, centre.row, centre.key.public.raw)
    other = signed_in(centre.officer)
    ((row, _kind),) = [one for one in other.get("/evidence/waiting/").context["rows"] if one[0].source]
    assert len(row.ids) >= 3
    (item,) = asked(other.get(f"/evidence/waiting/{row.name}/"))["items"]
    assert [one["$"] for one in item["statement"]["statements"]] == [one.hex() for one in row.ids]
    assert officer.get("/evidence/waiting/").context["rows"] == []  # one's own organisation countersigns nothing


def test_a_list_without_headings_says_what_it_wants(officer: Client) -> None:
    book = Workbook()
    answer = officer.post("/evidence/many/test/", {"file": _saved(book)})
    assert answer.status_code == 422
    assert "file" in answer.context["form"].errors


def test_opening_a_declaration_is_a_viewing_the_person_reads(officer: Client, subject: Subject) -> None:
    declarations.declare(subject, declarations.Said("temperature", temperature="38.1"))
    (row,) = Declaration.objects.all()
    listed = officer.get("/evidence/declarations/").content.decode()
    assert "王试" not in listed
    opened = officer.post(f"/evidence/declarations/{row.pk}/").content.decode()
    assert "王试" in opened
    assert Viewing.objects.filter(person=subject.person, what="declaration").count() == 1
    assert not officer.get("/evidence/declarations/").context["rows"]


def test_a_rule_keeper_tries_rules_and_proposes_them(
    keepers: list[Keeper], hospital: PaperSource, subject: Subject
) -> None:
    evidence.receive([hospital.evidence(subject, "test", test_result="positive")])
    keeper = signed_in(keepers[0].post)
    text = keeper.get("/authorities/rules/").context["form"].initial["text"]
    changed = text.replace("test_result = 'positive' or (", "(").replace("\n", "\r\n")
    said = {"text": changed, "since": "2020-03-17T08:00"}
    tried = keeper.post("/authorities/rules/", said | {"try": "1"})
    assert tried.status_code == 200, tried.context["form"].errors
    assert tried.context["trial"].changed == 1
    first = tried.context["shown"].moves[0]
    assert (first.before.title, first.after.title, first.count, first.named) == ("Yellow", "Green", 1, "")
    assert any(line.sign == "-" and "positive" in line.text for line in tried.context["difference"])
    assert not Proposal.objects.filter(text=changed.encode()).exists()
    proposed = keeper.post("/authorities/rules/", said | {"propose": "1"})
    page = keeper.get(proposed["Location"])
    (item,) = asked(page)["items"]
    assert item["content"] == {"$": bytes(Proposal.objects.get(pk=proposed["Location"].split("/")[-2]).content).hex()}
    assert "\r" not in page.context["text"]


def test_a_mistake_in_rules_is_said_with_its_place(keepers: list[Keeper], rules: Any) -> None:
    keeper = signed_in(keepers[0].post)
    text = keeper.get("/authorities/rules/").context["form"].initial["text"].replace("\n    when:", "\n    wenn:")
    answer = keeper.post("/authorities/rules/", {"text": text, "since": "2020-03-17T08:00", "try": "1"})
    assert answer.status_code == 422
    assert "text" in answer.context["form"].errors


@pytest.mark.parametrize(
    ("written", "meant", "zh", "en"),
    [
        (
            "when: test_result = 'positive'",
            "when: temperatur > 3",
            "规则 infected 第 1 列：没有叫 temperatur",
            "No field",
        ),
        ("    colour: yellow", "    colour: orange", "没有 orange 这种颜色。颜色有：red, yellow, green。", "no colour"),
        ("\nlaw: ", "\n# law: ", "缺少 law。请补上。", "lacks law. Add it."),
        ("\nlaw: ", "\nlaw: [", "不是 YAML 1.2", "not YAML 1.2"),
        ("P14D", "vierzehn Tage", "写法应符合", "should match"),
        (
            "zone: Asia/Shanghai",
            "zone: Europe/Oslo",
            "zone 是 Europe/Oslo。应为 Asia/Shanghai。",
            "Write Asia/Shanghai.",
        ),
        ("subject: person", "subject: place", "场所的规则不数来源", "do not count sources"),
    ],
)
def test_a_mistake_in_rules_is_said_in_the_readers_language(
    keepers: list[Keeper], rules: Any, written: str, meant: str, zh: str, en: str
) -> None:
    keeper = signed_in(keepers[0].post)
    text = keeper.get("/authorities/rules/").context["form"].initial["text"]
    assert written in text
    said = {"text": text.replace(written, meant, 1), "since": "2020-03-17T08:00", "try": "1"}
    for language, words, line in (("zh-hans", zh, r"第 \d+ 行："), ("en", en, r"Line \d+: ")):
        answer = keeper.post("/authorities/rules/", said, headers={"accept-language": language})
        (told,) = answer.context["form"].errors["text"]
        assert words in told
        assert re.match(line, told)


def test_rules_of_every_status_are_kept_at_the_same_desk(keepers: list[Keeper], rules: Any) -> None:
    keeper = signed_in(keepers[0].post)
    page = keeper.get("/authorities/rules/building/")
    assert [one.slug for one in page.context["statuses"]] == ["person", "building"]
    text = page.context["form"].initial["text"]
    assert "\nstatus: building" in text
    tried = keeper.post("/authorities/rules/building/", {"text": text, "since": "2020-03-17T08:00", "try": "1"})
    assert (tried.status_code, tried.context["trial"]) == (200, None), "nothing is published yet to compare with"
    other = keeper.post("/authorities/rules/person/", {"text": text, "since": "2020-03-17T08:00", "propose": "1"})
    assert other.status_code == 422
    assert keeper.get("/authorities/rules/nobody/").status_code == 404


def test_who_is_to_sign_can_try_what_was_proposed(keepers: list[Keeper], rules: Any) -> None:
    keeper, other = (signed_in(one.post) for one in keepers)
    text = keeper.get("/authorities/rules/").context["form"].initial["text"].replace('"37.3"', '"37.5"')
    address = keeper.post("/authorities/rules/", {"text": text, "since": "2020-03-17T08:00", "propose": "1"})[
        "Location"
    ]
    proposal = address.split("/")[-2]
    link = f"/authorities/rules/person/?proposal={proposal}"
    assert link in other.get(address).content.decode()
    assert other.get(link).context["form"].initial["text"] == text
    for asked in (f"building/?proposal={proposal}", "person/?proposal=x", "person/?version=99"):
        assert other.get(f"/authorities/rules/{asked}").status_code == 404


def test_a_proposal_is_signed_with_the_authoritys_own_key_alone(
    keepers: list[Keeper], hospital: PaperSource, post: Post_, district: Area
) -> None:
    officer = post("source-officer", hospital.row.organisation, "新来的")
    key = source_keys.enrol(officer, hospital.row, keepers[0].key.public.raw, "desk 3")
    keeper = signed_in(keepers[0].post)
    form = {"kinds": ["test"], "until": "2020-09-01"}
    address = keeper.post(f"/authorities/accredit/{key.pk}/", form)["Location"]
    proposal = Proposal.objects.get(pk=address.split("/")[-2])
    message = statements.DOMAIN + bytes(proposal.content)
    assert keeper.post(address, {"signed": _base64(keepers[1].key.sign(message))}).status_code == 409
    assert proposal.signatures.count() == 0
    assert keeper.post(address, {"signed": _base64(keepers[0].key.sign(message))}).status_code == 302
    assert keeper.get(address).context["signing"] is None  # signed: nothing is asked twice
    other = signed_in(keepers[1].post)
    other.post(address, {"signed": _base64(keepers[1].key.sign(message))})
    proposal.refresh_from_db()
    assert proposal.leaf is not None
    assert Source.objects.get(slug="hospital").accreditations.count() == 2


def test_a_reviewer_sees_the_clock_and_answers_with_a_signature(
    hospital: PaperSource, centre: PaperSource, accredit: Any, subject: Subject, post: Post_, district: Area
) -> None:
    for source in (hospital, centre):
        evidence.receive([source.evidence(subject, "test", test_result="positive")])
    office: PaperSource = accredit("review", ("finding",), "复核办")
    reviewer = post("appeal-reviewer", district, "公正言")
    source_keys.enrol(reviewer, office.row, office.key.public.raw)
    appeal = appeals.file(subject, "那天我不在云汀")
    desk = signed_in(reviewer)
    ((row, left),) = desk.get("/appeals/").context["queue"]
    assert row.pk == appeal.pk
    assert left.state == ""
    page = desk.get(f"/appeals/{appeal.pk}/")
    assert page.context["case"].words == "那天我不在云汀"
    assert [one.identity_fits for one in page.context["pieces"]] == [True, True]
    (item,) = asked(page)["items"]
    assert item["statement"]["appeal"] == {"$": appeal.leaf.hex}
    struck = tuple(one.because.evidence.pk.bytes for one in page.context["pieces"])
    sent = desk.post(f"/appeals/{appeal.pk}/", {"signed": _base64(office.finding(appeal.leaf.bytes, strikes=struck))})
    assert sent["Location"] == "/appeals/"
    assert Appeal.objects.get().finding.strikes.count() == 2
    assert desk.get("/appeals/").context["queue"] == []
    assert desk.get(f"/appeals/{appeal.pk}/").context["signing"] is None


def test_a_reviewer_of_the_same_organisation_is_told_so(
    hospital: PaperSource, subject: Subject, post: Post_, district: Area
) -> None:
    evidence.receive([hospital.evidence(subject, "test", test_result="positive")])
    appeal = appeals.file(subject, "不是我的")
    desk = signed_in(post("appeal-reviewer", district, "公正言"))
    struck = (statements.read(hospital.sent[-1]).statement.id,)
    answer = desk.post(
        f"/appeals/{appeal.pk}/", {"signed": _base64(hospital.finding(appeal.leaf.bytes, strikes=struck))}
    )
    assert answer.status_code == 409
    assert not hasattr(Appeal.objects.get(), "finding")


def test_a_correction_is_answered_in_words(subject: Subject, rules: Any, post: Post_, district: Area) -> None:
    row = declarations.ask_correction(subject, "名字写错了")
    desk = signed_in(post("appeal-reviewer", district, "公正言"))
    assert "名字写错了" in desk.get(f"/appeals/corrections/{row.pk}/").content.decode()
    assert desk.post(f"/appeals/corrections/{row.pk}/", {"words": "x"}).status_code == 422
    desk.post(f"/appeals/corrections/{row.pk}/", {"words": "已更正", "put_right": "yes"})
    assert declarations.words_of_correction(row)[1] == "已更正"
    assert desk.get("/appeals/").context["corrections"] == []


@pytest.mark.parametrize("path", ["/evidence/new/test/", "/authorities/rules/", "/evidence/waiting/"])
def test_before_an_activation_a_page_says_what_is_missing(
    path: str, post: Post_, district: Area, transactional_db: None
) -> None:
    organisation = hospital_of(district)
    desk = signed_in(post("rule-keeper", district) if "auth" in path else post("source-officer", organisation))
    answer = desk.get(path)
    assert answer.status_code == 409
    assert "No legal activation" in answer.content.decode()


def hospital_of(district: Area) -> Organisation:
    """An organisation without a source."""
    return Organisation.objects.create(name="云汀医院", area=district, kind=Organisation.Kind.AGENCY)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _list(*rows: list[str]) -> SimpleUploadedFile:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["云汀医院检测名单"])
    sheet.append(["姓 名", "身份证号", "结果"])
    for row in rows:
        sheet.append(row)
    return _saved(book)


def _saved(book: Workbook) -> SimpleUploadedFile:
    stream = BytesIO()
    book.save(stream)
    return SimpleUploadedFile("list.xlsx", stream.getvalue())


def test_a_person_is_never_named_on_an_authoritys_page(keepers: list[Keeper], person: Person, rules: Any) -> None:
    assert person.name not in signed_in(keepers[0].post).get("/authorities/").content.decode()
