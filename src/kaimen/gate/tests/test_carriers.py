"""A pass is carried by one phone, or by a picture; moving it makes another pass."""

import base64
from datetime import timedelta

import pytest

from kaimen.gate import actions, carriers, issuing, key_rotation, snapshots, views
from kaimen.gate.actions import NotPossible
from kaimen.gate.models import Pass, PassRevoked
from kaimen.gate.phone_models import Carrier
from kaimen.gate.tests.conftest import MONDAY, text
from kaimen.kit import clock
from kaimen.kit.keys import SigningKey
from kaimen.passes import BadPass, keyring, read, show
from kaimen.register.models import Person

pytestmark = pytest.mark.django_db(databases=["default", "events"])
ADDRESS = "/me/pass/phone/"


@pytest.fixture
def person(district):
    """Somebody with a pass that nothing carries yet."""
    one = Person.objects.create(name="渡小满", area=district)
    actions.issue_pass(None, one)
    return one


def known(place):
    """The keys a gate of `place` reads passes with."""
    return keyring(*(_issuer(key) for key in snapshots.snapshot_of(place).keys))


def _issuer(key):
    found = next(one for one in issuing.issuers() if one.public.raw == key.raw)
    assert (found.begins, found.ends) == (key.begins, key.ends)
    return found


def said(phone, **more):
    return {"key": base64.b64encode(phone.public.raw).decode(), **more}


def valid(person):
    return Pass.objects.get(person=person, revocation=None)


def test_a_phone_gets_a_token_that_opens_with_its_own_key_alone(person, resident, ferry_house):
    phone = SigningKey.generate()
    answer = resident(person).post(ADDRESS, said(phone))
    assert answer["Cache-Control"] == "no-store"
    token = base64.b64decode(answer.json()["token"])
    assert read(show(token, phone, MONDAY), known(ferry_house), MONDAY).index == valid(person).index
    with pytest.raises(BadPass):
        read(show(token, SigningKey.generate(), MONDAY), known(ferry_house), MONDAY)


def test_the_same_phone_may_ask_again_and_gets_the_same_pass(person, resident):
    phone, client = SigningKey.generate(), resident(person)
    client.post(ADDRESS, said(phone))
    assert client.post(ADDRESS, said(phone)).status_code == 200
    assert Pass.objects.filter(person=person).count() == 1


def test_another_phone_is_told_so_and_takes_the_pass_only_when_asked(person, resident):
    old, new, client = SigningKey.generate(), SigningKey.generate(), resident(person)
    client.post(ADDRESS, said(old))
    first = valid(person)
    refused = client.post(ADDRESS, said(new))
    assert refused.status_code == 409
    assert "另一部手机" in refused.json()["error"]
    assert client.post(ADDRESS, said(new, move="yes")).status_code == 200
    assert PassRevoked.objects.get(revoked=first).reason == carriers.MOVED
    assert valid(person).index != first.index


def test_a_pass_that_was_a_picture_moves_to_a_phone_as_another_pass(person, resident):
    carriers.show_as_picture(person)
    first, client = valid(person), resident(person)
    assert "<svg" in text(client.get("/me/pass/"))
    assert client.post(ADDRESS, said(SigningKey.generate())).status_code == 409
    client.post(ADDRESS, said(SigningKey.generate(), move="yes"))
    assert PassRevoked.objects.filter(revoked=first).exists()
    page = text(client.get("/me/pass/"))
    assert 'data-carried="phone"' in page
    assert 'class="qr"' not in page


def test_no_picture_of_a_pass_is_on_the_page_before_its_owner_asks(person, resident):
    client = resident(person)
    assert 'class="qr"' not in text(client.get("/me/pass/"))
    client.post("/me/pass/", {"carry": "picture"})
    assert 'class="qr"' in text(client.get("/me/pass/"))
    assert Carrier.objects.get().public_key is None


def test_a_phone_that_is_gone_gives_way_to_a_picture(person, resident):
    client = resident(person)
    client.post(ADDRESS, said(SigningKey.generate()))
    first = valid(person)
    client.post("/me/pass/", {"carry": "picture"})
    assert PassRevoked.objects.filter(revoked=first).exists()
    assert Carrier.objects.get(carried=valid(person)).public_key is None


def test_nobody_moves_a_pass_back_and_forth_all_day(person):
    for _turn in range(carriers.MOVES_A_DAY + 1):
        carriers.put_on_phone(person, SigningKey.generate().public, move=True)
    with pytest.raises(NotPossible):
        carriers.put_on_phone(person, SigningKey.generate().public, move=True)
    with clock.frozen(MONDAY + timedelta(days=1, seconds=1)):
        carriers.put_on_phone(person, SigningKey.generate().public, move=True)


@pytest.mark.parametrize("key", ["", "%%%", "AAAA", base64.b64encode(b"\x02" + b"\xff" * 32).decode()])
def test_what_is_no_key_is_refused_in_words(person, resident, key):
    answer = resident(person).post(ADDRESS, {"key": key})
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_a_pass_taken_back_is_put_on_no_phone(person, resident, post, district):
    actions.revoke_pass(post("counter-officer", district), valid(person), "lost")
    assert resident(person).post(ADDRESS, said(SigningKey.generate())).status_code == 409


# ---- the keys that sign


def test_a_new_key_is_told_to_gates_before_it_signs_anything(person, ferry_house):
    before, held = known(ferry_house), valid(person)
    key_rotation.rotate()
    assert len(known(ferry_house)) == 2
    assert (
        read(views.code_of(held), before, clock.now()).index == held.index
    )  # the old one signs until the new one begins
    with clock.frozen(MONDAY + key_rotation.NOTICE):
        code = views.code_of(held)
        assert read(code, known(ferry_house), clock.now()).index == held.index
        with pytest.raises(BadPass):
            read(code, before, clock.now())


def test_cards_of_the_old_key_count_until_the_last_of_them_ends(person, ferry_house):
    held = valid(person)
    code = views.code_of(held)
    key_rotation.rotate()
    with clock.frozen(held.expires - timedelta(seconds=1)):
        assert read(code, known(ferry_house), clock.now()).index == held.index
    with clock.frozen(MONDAY + key_rotation.NOTICE + actions.pass_validity()):
        assert len(known(ferry_house)) == 1


def test_the_old_key_counts_as_long_as_the_longest_card_it_signed(person, ferry_house):
    ends = MONDAY + timedelta(days=200)
    card = actions.issue_pass(None, person, Pass.Kind.CARD, ends=ends)
    code = views.code_of(card)
    key_rotation.rotate()
    with clock.frozen(ends - timedelta(seconds=1)):
        assert read(code, known(ferry_house), clock.now()).index == card.index


def test_a_phone_is_told_which_key_signs_now_so_that_it_asks_for_another_token(person, resident):
    client = resident(person)
    client.post(ADDRESS, said(SigningKey.generate()))
    before = issuing.signing_key().public.key_id.hex()
    assert f'data-signer="{before}"' in text(client.get("/me/pass/"))
    key_rotation.rotate(stolen=True)
    after = issuing.signing_key().public.key_id.hex()
    assert after != before
    assert f'data-signer="{after}"' in text(client.get("/me/pass/"))


def test_a_token_names_its_signer_where_the_page_reads_it(person):
    _held, token = carriers.put_on_phone(person, SigningKey.generate().public)
    assert token[7:15] == issuing.signing_key().public.key_id


def test_a_stolen_key_opens_nothing_from_the_next_list_on(person, ferry_house):
    held = valid(person)
    code = views.code_of(held)
    key_rotation.rotate(stolen=True)
    with pytest.raises(BadPass):
        read(code, known(ferry_house), clock.now())
    assert read(views.code_of(held), known(ferry_house), clock.now()).index == held.index


def test_two_new_keys_do_not_wait_at_once_and_none_begins_in_the_past(district):
    with pytest.raises(NotPossible):
        key_rotation.rotate(MONDAY - timedelta(seconds=1))
    key_rotation.rotate()
    with pytest.raises(NotPossible):
        key_rotation.rotate()


def test_a_key_missing_from_the_disk_leaves_the_one_before_it_to_sign(person, ferry_house):
    held, row = valid(person), key_rotation.rotate(MONDAY)
    path = issuing.key_path(_public(row))
    path.unlink()
    assert read(views.code_of(held), known(ferry_house), clock.now()).index == held.index
    for left in path.parent.iterdir():
        left.unlink()
    with pytest.raises(issuing.KeyMissing):
        issuing.signing_key()


def _public(row):
    return next(key.public for key in issuing.issuers() if key.public.raw == bytes(row.public_key))
