"""Attacks with evidence, keys and rules: 1,317 people shall be red, and nobody is."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from kaimen.colours import leaves, statements
from kaimen.colours.leaves import About
from kaimen.colours.moments import DAY, HOUR, MINUTE
from kaimen.colours.statements import AccreditationEnd, Evidence
from kaimen.colours.tests.attacks import RED, assert_nobody_is_red, give, reds, turn_red
from kaimen.colours.tests.world import NEGATIVE, PEOPLE, POSITIVE, TEXT, Source, World, definition_of
from kaimen.kit.keys import SigningKey


def test_evidence_signed_with_a_key_the_server_made_under_the_name_of_an_accredited_one() -> None:
    world, stolen = World(), SigningKey.generate()
    for person in world.people:
        said = world.says(world.hospital, person, "test", POSITIVE)
        content = statements.content_of(said)
        forged = stolen.sign(statements.DOMAIN + content)
        world.log(leaves.of_source(statements.sealed(content, [(world.hospital.key.public.key_id, forged)])))
    turn_red(world)
    report = assert_nobody_is_red(world, evidence_refused=PEOPLE, colour_underived=PEOPLE, list_underived=1)
    assert "signature" in report.alarms[0].what


def test_evidence_signed_with_a_key_nobody_accredited() -> None:
    world = World()
    invented = Source("bureau-of-finance", "finance", ("test",))
    for person in world.people:
        give(world, invented, person, POSITIVE, invented.key)
    assert_nobody_is_red(world, evidence_refused=PEOPLE)


def test_a_source_accredited_by_one_authority_alone() -> None:
    world = World()
    invented = Source("bureau-of-finance", "finance", ("test",))
    world.accredit(invented, by=[world.authorities["health-bureau"]])
    for person in world.people:
        give(world, invented, person, POSITIVE, invented.key)
    assert_nobody_is_red(world, authorities_refused=1, evidence_refused=PEOPLE)


def test_a_source_accredited_by_one_authority_that_signs_twice() -> None:
    world = World()
    invented = Source("bureau-of-finance", "finance", ("test",))
    key = world.authorities["health-bureau"]
    said = statements.content_of(
        statements.Accreditation(
            world.genesis, world.new_id(), world.now, invented.slug, "finance", invented.key.public.raw, ("test",),
            world.now, world.now + DAY,
        )
    )  # fmt: skip
    pairs = [(key.public.key_id, key.sign(statements.DOMAIN + said)), (bytes(8), key.sign(statements.DOMAIN + said))]
    world.log(leaves.accredited(statements.sealed(said, pairs)))
    assert_nobody_is_red(world, authorities_refused=1)


def test_evidence_about_one_person_used_against_others() -> None:
    world = World()
    ill = world.people[0]
    because = (world.give(world.hospital, ill, "test", POSITIVE), world.give(world.cdc, ill, "test", POSITIVE))
    for person in world.people[1:]:
        about = About(person, "evidence")
        now = replace(RED, because=because)
        world.log(leaves.colour("person", "green", now, world.definition.digest, about))
    report = world.replay()
    assert report.counted() == {"colour-underived": PEOPLE - 1}
    assert reds(report) == 1


def test_a_source_is_shown_the_wrong_subject_for_the_document_before_it() -> None:
    world = World()
    somebody_ill = world.people[0]
    for person in world.people[1:]:
        give(world, world.hospital, person, POSITIVE, world.hospital.key, identity=world.identity(somebody_ill))
    report = assert_nobody_is_red(world, evidence_refused=PEOPLE - 1)
    assert "other-person" in report.alarms[0].what


def test_red_on_negative_evidence() -> None:
    world = World()
    given = {
        person: tuple(world.give(source, person, "test", NEGATIVE) for source in (world.hospital, world.cdc))
        for person in world.people
    }
    turn_red(world, given.__getitem__)
    assert_nobody_is_red(world, colour_underived=PEOPLE, list_underived=1)


def test_red_by_a_rule_that_was_never_published() -> None:
    world = World()
    secret = definition_of(TEXT.replace(b"test_result = 'positive'", b"test_result in ('positive', 'negative')"))
    given = {
        person: tuple(world.give(source, person, "test", NEGATIVE) for source in (world.hospital, world.cdc))
        for person in world.people
    }
    turn_red(world, given.__getitem__, secret.digest)
    assert_nobody_is_red(world, colour_underived=PEOPLE, list_underived=1)


def test_rules_published_with_one_authoritys_signature() -> None:
    world = World()
    text = TEXT.replace(b"test_result = 'positive'", b"test_result in ('positive', 'negative')")
    for person in world.people:
        world.give(world.hospital, person, "test", NEGATIVE)
        world.give(world.cdc, person, "test", NEGATIVE)
    world.publish_rules(text, by=[world.authorities["health-bureau"]])
    turn_red(world, rules=definition_of(text).digest)
    assert_nobody_is_red(world, authorities_refused=1, colour_underived=PEOPLE, list_underived=1)


def test_published_rules_whose_text_is_kept_back() -> None:
    world = World()
    world.publish_rules(TEXT + b"# another\n")
    world.objects.pop(definition_of(TEXT + b"# another\n").digest)
    report = world.replay()
    assert report.counted() == {"rules-missing": 1}


def test_one_source_that_says_it_twice() -> None:
    world = World()
    for person in world.people:
        give(world, world.hospital, person, POSITIVE, world.hospital.key)
        give(world, world.hospital, person, POSITIVE, world.hospital.key)
    turn_red(world)
    assert_nobody_is_red(world, colour_underived=PEOPLE, list_underived=1)


def test_two_keys_of_one_organisation() -> None:
    world = World()
    for person in world.people:
        give(world, world.hospital, person, POSITIVE, world.hospital.key)
        give(world, world.clinic, person, POSITIVE, world.clinic.key)
    turn_red(world)
    assert_nobody_is_red(world, colour_underived=PEOPLE, list_underived=1)


def test_evidence_made_up_afterwards_for_a_day_long_gone() -> None:
    world = World()
    for person in world.people:
        give(
            world,
            world.hospital,
            person,
            POSITIVE,
            world.hospital.key,
            made=world.now - 5 * DAY,
            seen=world.now - 5 * DAY,
        )
    report = assert_nobody_is_red(world, evidence_refused=PEOPLE)
    assert "late" in report.alarms[0].what


def test_evidence_from_the_future() -> None:
    world = World()
    for person in world.people:
        give(world, world.hospital, person, POSITIVE, world.hospital.key, made=world.now + DAY)
    assert_nobody_is_red(world, evidence_refused=PEOPLE)


def test_evidence_that_ran_out_is_kept_alive() -> None:
    world = World()
    for person in world.people[:20]:
        world.give(world.hospital, person, "test", POSITIVE)
        world.give(world.cdc, person, "test", POSITIVE)
    assert reds(world.replay()) == 20
    world.now += 14 * DAY
    world.goes_on(HOUR)  # and the server says nothing of them
    world.publish(world.computed(lambda person: "red" if person in world.known else "green"))
    assert_nobody_is_red(world, colour_missing=20, list_underived=1)


def test_evidence_made_to_last_longer_than_its_kind_may() -> None:
    world = World()
    for person in world.people:
        give(world, world.hospital, person, POSITIVE, world.hospital.key, until=world.now + 300 * DAY)
    report = assert_nobody_is_red(world, evidence_refused=PEOPLE)
    assert "lasts" in report.alarms[0].what


def test_evidence_of_a_kind_its_source_may_not_sign() -> None:
    world = World()
    for person in world.people:
        says = {"close_contact": True, "last_contact_on": "2020-03-16"}
        said = world.says(world.laboratory, person, "contact", says)
        world.log(leaves.of_source(statements.sign(said, world.laboratory.key)))
    report = assert_nobody_is_red(world, evidence_refused=PEOPLE)
    assert "kind-not-accredited" in report.alarms[0].what


@pytest.mark.parametrize(
    "says", [{"petitioner": True}, {"test_result": "troublesome"}, {"test_result": "positive", "note": "bank"}]
)
def test_evidence_that_says_what_no_rule_knows(says: Mapping[str, object]) -> None:
    world = World()
    for person in world.people:
        give(world, world.hospital, person, says, world.hospital.key)
    assert_nobody_is_red(world, evidence_refused=PEOPLE)


def test_a_key_that_was_stolen_and_ended() -> None:
    world = World()
    end = AccreditationEnd(world.genesis, world.new_id(), world.now, world.hospital.accreditation, world.now)
    world.log(leaves.accreditation_ended(statements.sign(end, *world.two())))
    for person in world.people:
        give(world, world.hospital, person, POSITIVE, world.hospital.key)
    report = assert_nobody_is_red(world, evidence_refused=PEOPLE)
    assert "key-ended" in report.alarms[0].what


def test_a_declaration_used_as_evidence() -> None:
    world = World()
    for person in world.people:
        world.log(leaves.declaration("person", person, "health", bytes(32)))
    turn_red(world)
    assert_nobody_is_red(world, colour_underived=PEOPLE, list_underived=1)


def test_evidence_that_was_taken_back_comes_again() -> None:
    world = World()
    for person in world.people[:20]:
        said = world.says(world.hospital, person, "test", POSITIVE)
        envelope = statements.sign(said, world.hospital.key)
        world.log(leaves.of_source(envelope))
        world.take(said, world.hospital)
        world.follow(person, "evidence")
        world.withdraw(said.id)
        world.log(leaves.of_source(envelope))
    assert_nobody_is_red(world, evidence_twice=20)


def test_a_withdrawal_by_another_source() -> None:
    world = World()
    given = world.give(world.hospital, world.people[0], "test", POSITIVE)
    said = statements.Withdrawal(
        world.genesis, world.new_id(), world.now, "laboratory", world.laboratory.key.public.key_id, given, "quietly"
    )
    world.log(leaves.of_source(statements.sign(said, world.laboratory.key)))
    assert world.replay().counted() == {"withdrawal-refused": 1}


def test_a_statement_signed_for_another_purpose() -> None:
    """A signature over the content without the domain, as another program of the source might make one."""
    world = World()
    said = world.says(world.hospital, world.people[0], "test", POSITIVE)
    assert isinstance(said, Evidence)
    content = statements.content_of(said)
    key = world.hospital.key
    world.log(leaves.of_source(statements.sealed(content, [(key.public.key_id, key.sign(content))])))
    assert_nobody_is_red(world, evidence_refused=1)


def test_a_key_used_after_its_accreditation_ran_out() -> None:
    world = World()
    world.now += 400 * DAY
    for person in world.people:
        give(world, world.hospital, person, POSITIVE, world.hospital.key)
    assert_nobody_is_red(world, evidence_refused=PEOPLE)


def test_rules_that_say_they_held_before_they_were_published() -> None:
    world = World()
    text = TEXT.replace(
        b"sources: 2\n    title: {zh-Hans: \xe6\xa3\x80", b"sources: 3\n    title: {zh-Hans: \xe6\xa3\x80"
    )
    ill = world.people[0]
    world.give(world.hospital, ill, "test", POSITIVE)
    world.give(world.cdc, ill, "test", POSITIVE)
    early = world.now - 5 * MINUTE
    world.publish_rules(text, since=early)
    now = world.judged(ill)
    world.log(leaves.colour("person", "red", now, definition_of(text).digest, About(ill, "rules")))
    assert definition_of(text).digest != world.definition.digest
    assert world.replay().counted()["colour-underived"] == 1
