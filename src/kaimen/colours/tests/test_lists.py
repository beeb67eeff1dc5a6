"""Status lists: what is written is read, small, and nothing else is read."""

import random
import zlib

import cbor2
import pytest

from kaimen.colours import lists
from kaimen.colours.lists import NotAList, Published
from kaimen.kit import canonical
from kaimen.kit.keys import SigningKey

KEY = SigningKey.generate()
HOUR = 3_600_000


def published(made: lists.StatusList) -> bytes:
    return lists.publish(KEY, Published(made, "person", 0, HOUR))


@pytest.mark.parametrize("bits", [1, 2])
def test_every_place_says_what_was_put_there(bits: int) -> None:
    chance = random.Random(bits)
    values = {place: chance.randrange(1 << bits) for place in chance.sample(range(4096), 500)}
    read = lists.read(published(lists.packed(values, 4096, bits)), KEY.public)
    assert [read.list.value(place) for place in range(4096)] == [values.get(place, 0) for place in range(4096)]
    assert (read.name, read.issued, read.expires) == ("person", 0, HOUR)


def test_the_bytes_are_those_of_the_ietf_example() -> None:
    """draft-ietf-oauth-status-list, section 4.1: status values of 1 and of 2 bits, lowest bits first."""
    one = dict(enumerate([1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]))
    assert lists.packed(one, 16, 1).packed == bytes.fromhex("b9a3")
    two = dict(enumerate([1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]))
    assert lists.packed(two, 16, 2).packed == bytes.fromhex("c944f900")


def test_the_digest_names_bits_and_size_as_well() -> None:
    digests = {lists.packed({}, size, bits).digest for size, bits in ((8, 1), (8, 2), (16, 1))}
    assert len(digests) == 3


def test_a_million_at_one_in_a_hundred_is_small() -> None:
    chance = random.Random(1)
    values = {place: chance.choice((1, 2)) for place in chance.sample(range(1_000_000), 10_000)}
    assert len(published(lists.packed(values, lists.places_for(1_000_000), 2))) < 20_000


@pytest.mark.parametrize(("values", "size", "bits"), [
    ({8: 1}, 8, 1), ({-1: 1}, 8, 1), ({0: 2}, 8, 1), ({0: 4}, 8, 2), ({}, 7, 1), ({}, 0, 1), ({}, 2**28, 1), ({}, 8, 3),
])  # fmt: skip
def test_what_does_not_fit_is_refused(values: dict[int, int], size: int, bits: int) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 — one of two sentences
        lists.packed(values, size, bits)


def test_a_list_of_another_key_or_with_a_changed_byte_is_refused() -> None:
    data = published(lists.packed({3: 1}, 64, 2))
    with pytest.raises(NotAList):
        lists.read(data, SigningKey.generate().public)
    for place in range(len(data)):
        with pytest.raises(NotAList):
            lists.read(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :], KEY.public)
    with pytest.raises(NotAList):
        lists.read(data + b"\0", KEY.public)


@pytest.mark.parametrize(
    "compressed",
    [zlib.compress(bytes(2**20)), zlib.compress(bytes(16))[:-1], zlib.compress(bytes(16)) + b"\0", b"", b"no zlib"],
)
def test_what_inflates_too_far_does_not_end_or_goes_on_is_refused(compressed: bytes) -> None:
    whole = cbor2.loads(published(lists.packed({}, 64, 2)))
    protected, _nothing, payload, _signature = whole.value
    said = cbor2.loads(payload)
    said[65533]["lst"] = compressed
    payload = canonical.encode(said)
    signature = KEY.sign(canonical.encode(["Signature1", protected, b"", payload]))
    data = b"\xd2" + canonical.encode([protected, {}, payload, signature])
    with pytest.raises(NotAList):
        lists.read(data, KEY.public, most=2**20)
