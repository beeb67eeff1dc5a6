"""Two people together accredit sources and publish rules; one alone does nothing, and a row by hand does nothing."""

from datetime import timedelta

import pytest

from kaimen.colours import statements
from kaimen.kit import clock
from kaimen.kit.keys import SigningKey
from kaimen.register.access import NotAllowed
from kaimen.status import authorities, evidence, queries, trusted, trying
from kaimen.status.models import Accreditation, Genesis, Proposal, ProposalSignature, RulesVersion
from kaimen.status.refusals import Refused
from kaimen.status.tests.conftest import KINDS, MONDAY, YEAR, state

pytestmark = pytest.mark.django_db


def test_an_activation_needs_two_people_with_keys(district, post):
    keeper = post("rule-keeper", district)
    authorities.enrol(keeper, SigningKey.generate().public.raw)
    with pytest.raises(Refused) as refused:
        authorities.begin("epidemic")
    assert refused.value.code == "too-few-authorities"


def test_one_person_with_two_posts_is_one_person(district, post):
    first = post("rule-keeper", district)
    second = post("rule-keeper", district)
    second.person = first.person
    second.save()
    for one in (first, second):
        authorities.enrol(one, SigningKey.generate().public.raw)
    with pytest.raises(Refused):
        authorities.begin("epidemic")


def test_an_activation_begins_once_and_only_for_an_emergency_of_the_pack(genesis, keepers):
    assert Genesis.objects.count() == 1
    for name in ("epidemic", "flood"):
        with pytest.raises(Refused):
            authorities.begin(name)


def test_only_rule_keepers_enrol_propose_and_sign(genesis, district, post, keepers, template_pack):
    clerk = post("auditor", district)
    text = authorities.rules_of_pack(template_pack, "person")
    proposal = authorities.propose_rules(keepers[0].post, "person", text, clock.now())
    for act in (
        lambda: authorities.enrol(clerk, SigningKey.generate().public.raw),
        lambda: authorities.propose_rules(clerk, "person", text, clock.now()),
        lambda: authorities.sign(clerk, proposal, bytes(64)),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_one_signature_twice_is_one_and_nothing_follows(genesis, keepers, template_pack):
    text = authorities.rules_of_pack(template_pack, "person")
    proposal = authorities.propose_rules(keepers[0].post, "person", text, clock.now())
    for _ in range(2):
        proposal = keepers[0].signs(proposal)
    assert proposal.leaf is None
    assert trusted.rules_at(trusted.trust_in(genesis), "person", 2**41) is None
    assert trying.try_rules(keepers[0].post, "person", text) is None, "there is nothing to compare with"


def test_a_rule_keeper_enrolled_after_the_beginning_does_not_count(genesis, keepers, district, post, template_pack):
    late, key = post("rule-keeper", district), SigningKey.generate()
    authorities.enrol(late, key.public.raw)
    proposal = authorities.propose_rules(
        keepers[0].post, "person", authorities.rules_of_pack(template_pack, "person"), clock.now()
    )
    with pytest.raises(Refused) as refused:
        authorities.sign(late, proposal, key.sign(statements.DOMAIN + bytes(proposal.content)))
    assert refused.value.code == "not-an-authority"


def test_a_signature_over_something_else_is_refused(genesis, keepers, template_pack):
    text = authorities.rules_of_pack(template_pack, "person")
    proposal = authorities.propose_rules(keepers[0].post, "person", text, clock.now())
    with pytest.raises(Refused) as refused:
        authorities.sign(keepers[0].post, proposal, keepers[0].key.sign(bytes(proposal.content)))
    assert refused.value.code == "signature"


@pytest.mark.parametrize(
    "spoil", [lambda text: text.replace(b"'positive'", b"'posetive"), lambda text: b"", lambda text: b"\xff",
              lambda text: text.replace(b"    sources: 2\n", b""), lambda text: b"a: [" * 2000]
)  # fmt: skip
def test_rules_that_cannot_be_read_or_need_one_source_for_red_are_not_proposed(genesis, keepers, template_pack, spoil):
    text = spoil(authorities.rules_of_pack(template_pack, "person"))
    with pytest.raises(Refused) as refused:
        authorities.propose_rules(keepers[0].post, "person", text, clock.now())
    assert refused.value.code == "not-rules"


def test_going_back_is_a_new_version_with_an_old_text(rules, keepers, ratified, template_pack, genesis):
    first = authorities.rules_of_pack(template_pack, "person")
    second = first.replace(b"lasts: P7D", b"lasts: P2D")
    with clock.frozen(MONDAY + timedelta(days=1)):
        ratified(authorities.propose_rules(keepers[0].post, "person", second, clock.now()))
    with clock.frozen(MONDAY + timedelta(days=2)):
        ratified(authorities.propose_rules(keepers[1].post, "person", first, clock.now()))
    versions = list(RulesVersion.objects.order_by("number"))
    assert [one.number for one in versions] == [1, 2, 3]
    assert bytes(versions[0].digest) == bytes(versions[2].digest) != bytes(versions[1].digest)


def test_an_accreditation_written_by_hand_gives_a_key_no_force(subject, hospital, accredit, genesis):
    source = accredit("clinic", ("symptoms",), "云汀门诊")
    Accreditation.objects.filter(source=source.row).update(kinds=list(KINDS), until=MONDAY + 5 * YEAR)
    assert state(evidence.receive([source.evidence(subject, "test", test_result="positive")])) == [
        "refused:kind-not-accredited"
    ]


def test_a_proposal_ratified_by_hand_says_nothing(keepers, rules, template_pack, genesis, person, subject, hospital):
    evidence.receive([hospital.evidence(subject, "test", test_result="positive")])
    text = authorities.rules_of_pack(template_pack, "person").replace(b"sources: 2", b"sources: 3")
    proposal = authorities.propose_rules(keepers[0].post, "person", text, clock.now())
    Proposal.objects.filter(pk=proposal.pk).update(leaf=proposal.pk, logged_at=clock.now())
    for one in genesis.authorities.all():
        ProposalSignature.objects.create(proposal=proposal, authority=one, signature=bytes(64))
    RulesVersion.objects.update(text=text)
    trusted.read_rules.cache_clear()
    assert queries.own_colour(person).colour.slug == "yellow"


def test_rules_are_tried_on_todays_evidence_first(keepers, people_of, hospital, rules, template_pack):
    about = people_of(3)
    evidence.receive([hospital.evidence(one, "test", test_result="positive") for one in about])
    evidence.receive([hospital.evidence(about[0], "symptoms", temperature="37.0", symptoms_on="2020-03-15")])
    text = authorities.rules_of_pack(template_pack, "person")
    same = trying.try_rules(keepers[0].post, "person", text)
    assert same is not None
    assert same.found is not None
    assert (same.found.asked, same.changed) == (3, 0)
    stricter = text.replace(b"test_result = 'positive' or (close_contact", b"false or (close_contact")
    tried = trying.try_rules(keepers[0].post, "person", stricter)
    assert tried is not None
    assert tried.found is not None
    assert dict(tried.found.moves) == {("yellow", "green"): 3}
    assert [(one.title, sum(one.moves.values())) for one in tried.found.where] == [("河东区", 3)]
    assert not any(one.named for one in tried.found.where), "people are never named"
    assert queries.own_colour(about[1].person).colour.slug == "yellow"
