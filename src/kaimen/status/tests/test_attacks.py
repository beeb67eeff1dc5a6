"""Whoever has the server, its database and one source turns nobody red: each try is refused or has no effect.

The replay by an outsider is the second half of each: what was written by hand is an alarm there.
"""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection

from kaimen.colours import leaves, statements
from kaimen.colours import lists as status_lists
from kaimen.colours.moments import moment
from kaimen.kit import clock, ids
from kaimen.kit.keys import SigningKey
from kaimen.ledger.actions import record
from kaimen.status import evidence, jobs, lists, queries, sealed, subjects
from kaimen.status.models import Decision, Evidence, Recount, Standing, Withdrawal
from kaimen.status.tests.conftest import MONDAY, replayed, state

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def colour(person) -> str:
    return queries.own_colour(person).colour.slug


def list_counts(genesis) -> dict[str, int]:
    return dict(lists.publish(genesis).counts)


def refused(source, subject, /, **about) -> list[str]:
    envelope = source.evidence(subject, about.pop("of", "test"), **({"test_result": "positive"} | about))
    return state(evidence.receive([envelope]))


def test_evidence_is_refused_at_the_door(subject, hospital, people_of):
    ms = moment(MONDAY)
    day = 86_400_000
    stranger, other = SigningKey.generate(), people_of(1)[0]
    for about, code in (
        ({"signs_with": stranger}, "signature"),
        ({"signs_with": stranger, "key": stranger.public.key_id}, "unknown-key"),
        ({"source": "ghost"}, "unknown-key"),
        ({"genesis": bytes(32)}, "other-log"),
        ({"identity": bytes(other.identity)}, "other-person"),
        ({"made": ms - 3 * day, "seen": ms - 3 * day}, "late"),
        ({"made": ms + day, "seen": ms}, "from-the-future"),
        ({"seen": ms + day}, "from-the-future"),
        ({"lasts": timedelta(days=15)}, "lasts"),
        ({"until": ms}, "over"),
        ({"of": "mood"}, "kind-not-accredited"),
        ({"status": "building"}, "rules-not-published"),
        ({"test_result": "annoying"}, "says"),
        ({"petition": True}, "says"),
    ):
        assert refused(hospital, subject, **about) == [f"refused:{code}"], about
    assert not Evidence.objects.exists()


def test_an_accreditation_of_one_kind_signs_no_other(subject, rules, accredit):
    thermometer = accredit("thermometer", ("symptoms",))
    assert refused(thermometer, subject) == ["refused:kind-not-accredited"]
    assert refused(thermometer, subject, of="approval") == ["refused:kind-not-accredited"]


def test_a_subject_of_nobody_is_refused(subject, hospital):
    subject.pk = UUID(int=7)
    assert refused(hospital, subject) == ["refused:not-known"]


def test_one_organisation_with_two_keys_and_two_sources_is_one(person, subject, hospital, ratified, keepers):
    from kaimen.status import authorities
    from kaimen.status.models import Source
    from kaimen.status.tests.conftest import PaperSource

    twin_row = Source.objects.create(slug="twin", name="分院", organisation=hospital.row.organisation)
    twin = PaperSource(twin_row, SigningKey.generate(), hospital.genesis, hospital.officer)
    wanted = authorities.Wanted(twin_row, twin.key.public.raw, ("test",), MONDAY, MONDAY + 24 * HOUR)
    ratified(authorities.propose_accreditation(keepers[0].post, wanted))
    for source in (hospital, twin):
        assert refused(source, subject) == ["taken"]
    assert colour(person) == "yellow"


def test_negative_evidence_makes_nobody_yellow(person, subject, hospital, centre):
    for source in (hospital, centre):
        assert refused(source, subject, test_result="negative") == ["taken"]
    assert colour(person) == "green"
    assert not Decision.objects.exists()


def test_another_statement_under_a_known_id_is_refused(subject, hospital):
    first = hospital.evidence(subject, "test", test_result="negative")
    evidence.receive([first])
    assert refused(hospital, subject, id=statements.read(first).statement.id) == ["refused:said-before"]


def test_a_malleable_signature_is_the_same_statement(subject, hospital):
    envelope = hospital.evidence(subject, "test", test_result="positive")
    signed = statements.read(envelope)
    ((key, signature),) = signed.signatures
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    other = signature[:32] + (order - int.from_bytes(signature[32:])).to_bytes(32)
    twice = [envelope, statements.sealed(signed.content, [(key, other)])]
    assert state(evidence.receive(twice)) == ["taken", "known"]


def test_only_its_own_source_takes_evidence_back_and_only_once(person, subject, hospital, centre):
    envelope = hospital.evidence(subject, "test", test_result="positive")
    evidence.receive([envelope])
    assert state(evidence.receive([centre.withdrawal(envelope)])) == ["refused:not-theirs"]
    assert state(evidence.receive([hospital.withdrawal(envelope)])) == ["taken"]
    assert state(evidence.receive([hospital.withdrawal(envelope)])) == ["refused:said-before"]


def test_taking_back_what_speaks_for_many_waits_like_evidence_against_them(people_of, hospital, centre):
    about = people_of(22)
    good = [hospital.evidence(one, "test", test_result="negative") for one in about]
    evidence.receive(good)
    outcomes = state(evidence.receive([hospital.withdrawal(one) for one in good]))
    assert outcomes == ["taken"] * 20 + ["waits"] * 2


def test_a_standing_and_a_decision_written_by_sql_open_and_shut_nothing(person, subject, hospital, genesis):
    jobs.rules_take_effect(clock.now())
    evidence.receive([hospital.evidence(subject, "test", test_result="negative")])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE status_standing SET colour = 'red'")
    assert colour(person) == "green"
    assert list_counts(genesis) == {}
    jobs.colours_recounted(clock.now())
    assert Recount.objects.get().differ == 1


def test_evidence_written_by_sql_without_a_signature_that_counts_is_not_there(
    person, subject, hospital, centre, genesis
):
    evidence.receive([hospital.evidence(subject, "test", test_result="positive")])
    row = Evidence.objects.get()
    envelope = centre.evidence(subject, "test", test_result="positive", signs_with=SigningKey.generate())
    pk = UUID(bytes=statements.read(envelope).statement.id)
    Evidence.objects.create(
        id=pk, accreditation=centre.row.accreditations.get(), subject=subject, kind="test", until=row.until,
        batch=row.batch, waits=False, leaf=ids.new_id(),
        sealed=sealed.seal(genesis.emergency, envelope, column="evidence.sealed", row=pk),
    )  # fmt: skip
    assert colour(person) == "yellow"


def test_evidence_moved_by_sql_to_another_person_is_not_there(person, subject, hospital, people_of):
    (other,) = people_of(1)
    evidence.receive([hospital.evidence(subject, "test", test_result="positive")])
    Evidence.objects.update(subject=other)
    assert queries.own_colour(other.person).colour.slug == "green"


def test_a_withdrawal_or_a_finding_written_by_sql_frees_nobody(person, subject, hospital):
    evidence.receive([hospital.evidence(subject, "test", test_result="positive")])
    row = Evidence.objects.get()
    Withdrawal.objects.create(
        evidence=row, accreditation=row.accreditation, batch=row.batch, waits=False, leaf=ids.new_id(),
        sealed=sealed.seal("epidemic", b"nothing", column="withdrawal.sealed", row=row.pk),
    )  # fmt: skip
    assert colour(person) == "yellow"


def test_a_colour_leaf_written_without_evidence_is_an_alarm_outside(subject, hospital, genesis, rules):
    from kaimen.colours.judging import Judgement
    from kaimen.status import judged

    made_up = Judgement("red", "infected", (), (), None)
    digest = judged.rules_now(genesis).digest
    body = leaves.colour("person", "green", made_up, digest, leaves.About(subject.pk.bytes, "evidence"))
    record(body.kind, body.public, secret=body.secret, emergency=genesis.emergency)
    assert replayed(genesis).counted() == {"colour-underived": 1}


def test_a_list_that_evidence_does_not_give_is_an_alarm_outside(subject, hospital, genesis):
    red = status_lists.packed({5: 1}, lists.PLACES, 2)
    computed = leaves.Computed(2, lists.PLACES, lists._log_as_it_stands(), moment(clock.now()))
    body = leaves.status_list("person", red.digest, {"red": 1}, computed)
    record(body.kind, body.public, emergency=genesis.emergency)
    assert replayed(genesis).counted() == {"list-underived": 1}


def test_with_disk_database_and_environment_in_hand_no_key_makes_evidence(subject, hospital, genesis, settings):
    keys = [path.read_bytes() for path in settings.KEYS.rglob("*") if path.is_file()]
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names() if name.startswith("status_")]
        held = b""
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            held += repr(cursor.fetchall()).encode()
    secret = hospital.key.pem()
    assert not any(secret in one or one in secret for one in keys if len(one) > 16)
    assert secret not in held
    for own in [SigningKey.generate(), SigningKey.kept_at(settings.KEYS / "centre")]:  # all P-256 there is to be had
        assert refused(hospital, subject, signs_with=own) == ["refused:signature"]
        assert refused(hospital, subject, signs_with=own, key=own.public.key_id) == ["refused:unknown-key"]
    assert not Evidence.objects.exists()


def test_expired_evidence_is_not_kept_alive_by_a_standing(person, subject, hospital, genesis):
    evidence.receive([hospital.evidence(subject, "test", lasts=timedelta(days=2), test_result="positive")])
    Standing.objects.update(until=MONDAY + timedelta(days=400), due=None)
    with clock.frozen(MONDAY + timedelta(days=2, seconds=1)):
        assert colour(person) == "green"
        assert list_counts(genesis) == {}


def test_a_subject_belongs_to_one_activation(subject, genesis):
    assert subjects.subject_drawn(subject.person).pk == subject.pk
    assert subject.pk.bytes not in bytes(genesis.content)
