"""The outside check: honest logs hold, and each way of telling another story is found where it is told."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaimen.kit import canonical
from kaimen.proofs import checkpoints
from kaimen.proofs.audit import PATIENCE, SKEW, Trust, audit, own_trust
from kaimen.proofs.bundles import Bundle, BundleRefused
from kaimen.proofs.checkpoints import Checkpoint
from kaimen.proofs.commitments import Opening
from kaimen.proofs.merkle import leaf_hash, root_of
from kaimen.proofs.notes import LogKey, Note, WitnessKey
from kaimen.proofs.tests.a_log import (
    BEGUN,
    COURT,
    LOG,
    RULES,
    TRUST,
    UNIVERSITY,
    ALog,
    changed,
    leaf,
    milliseconds,
    opened,
    packed,
)

A_LOG = ALog()
CONTENT = A_LOG.content()


def refusal(bundle: Bundle, trust: Trust = TRUST) -> tuple[str, str]:
    """Where and what."""
    with pytest.raises(BundleRefused) as refused:
        audit(bundle, trust)
    return refused.value.where, refused.value.what


def signed(leaves: list[bytes], at: datetime, key: LogKey = LOG) -> str:
    """A checkpoint over `leaves` which the court saw at the time `at`."""
    root = root_of([leaf_hash(one) for one in leaves])
    return str(checkpoints.cosigned(checkpoints.signed(Checkpoint(key.name, len(leaves), root), key), COURT, at))


def test_an_honest_bundle_holds_and_says_what_is_in_it() -> None:
    found = audit(opened(packed(CONTENT)), TRUST)
    assert (found.leaves, found.checkpoints, found.openings, found.commitments) == (13, 4, 12, 12)
    assert (found.objects, found.named, dict(found.kinds)) == (1, 1, {"rules-published": 1, "colour": 12})
    assert (found.first, found.last) == (BEGUN, BEGUN + timedelta(minutes=12))
    assert found.root == root_of([leaf_hash(one) for one in A_LOG.leaves])
    assert found.witnessed == {"court.example": 13}


@given(st.lists(st.integers(1, 9), min_size=1, max_size=12), st.booleans())
@settings(max_examples=40, deadline=None)
def test_honest_logs_of_any_size_raise_no_alarm(portions: list[int], auditor: bool) -> None:
    log = ALog(tuple(portions))
    assert audit(opened(packed(log.content(auditor=auditor))), TRUST).leaves == sum(portions)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_one_changed_bit_in_a_leaf_is_found_by_the_next_checkpoint(data: st.DataObject) -> None:
    which = data.draw(st.integers(0, 12))
    raw = bytearray(A_LOG.leaves[which])
    bit = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[bit // 8] ^= 1 << bit % 8
    where, _what = refusal(changed(CONTENT, leaves=[*A_LOG.leaves[:which], bytes(raw), *A_LOG.leaves[which + 1 :]]))
    assert where.startswith(("leaf", "checkpoint"))


def test_a_leaf_taken_out_put_in_or_moved_is_found() -> None:
    one, two, *rest = A_LOG.leaves
    assert refusal(changed(CONTENT, leaves=[one, *rest]))[0].startswith(("leaf", "checkpoint"))
    assert refusal(changed(CONTENT, leaves=[one, two, two, *rest]))[0].startswith(("leaf", "checkpoint"))
    assert refusal(changed(CONTENT, leaves=[two, one, *rest]))[0] == "checkpoint 0"
    assert refusal(changed(CONTENT, leaves=A_LOG.leaves[:-1])) == (
        "leaves",
        "cut off: the next checkpoint stands for 1 more",
    )
    behind = leaf(13, BEGUN + timedelta(minutes=13))
    assert refusal(changed(CONTENT, leaves=[*A_LOG.leaves, behind]))[0] == "leaf 13"


def test_a_rewritten_history_signed_anew_is_found_by_a_kept_checkpoint() -> None:
    other = ALog()
    other.leaves[3] = leaf(99, A_LOG.at(3))
    notes = [signed(other.leaves[:size], A_LOG.at(size)) for size in (1, 5, 8, 13)]
    forged = changed(CONTENT, leaves=other.leaves, checkpoints=notes, openings=None)
    assert audit(forged, TRUST).leaves == 13
    kept = tuple(Checkpoint.read_text(Note.read(note).text) for note in A_LOG.notes)
    assert refusal(forged, replace(TRUST, seen=kept[1:2])) == (
        "the kept checkpoint", "of 5 leaves: this is another history",
    )  # fmt: skip
    assert audit(opened(packed(CONTENT)), replace(TRUST, seen=kept)).leaves == 13


def test_a_kept_checkpoint_beyond_the_end_is_found() -> None:
    longer = Checkpoint(LOG.name, 14, bytes(32))
    assert refusal(opened(packed(CONTENT)), replace(TRUST, seen=(longer,)))[1].endswith("the bundle ends before")


def test_a_forked_checkpoint_is_found() -> None:
    fork = signed([leaf(77, BEGUN)], BEGUN + timedelta(seconds=1))
    assert refusal(changed(CONTENT, checkpoints=[fork, *A_LOG.notes]))[0] == "checkpoint 0"
    assert refusal(changed(CONTENT, checkpoints=[A_LOG.notes[0], fork, *A_LOG.notes[1:]]))[0] == "checkpoint 1"


def test_checkpoints_out_of_order_are_found() -> None:
    assert refusal(changed(CONTENT, checkpoints=[*A_LOG.notes, A_LOG.notes[0]]))[0] == "checkpoint 4"


def test_a_log_nobody_signed_or_somebody_else_is_refused() -> None:
    assert (
        refusal(changed(CONTENT, checkpoints=[], leaves=[], openings=None))[1]
        == "there is none: nobody has signed this"
    )
    assert refusal(changed(CONTENT, checkpoints=[]))[0] == "leaf 0"
    stranger = LogKey.generate("log.example/other")
    assert "nobody here knows" in refusal(opened(packed(CONTENT)), Trust((stranger.verifier,)))[1]
    assert "did not sign" in refusal(opened(packed(CONTENT)), Trust((LogKey.generate(LOG.name).verifier,)))[1]


def test_a_log_begun_anew_goes_on_with_the_same_tree() -> None:
    later = LogKey.generate("log.example/later")
    leaves = [*A_LOG.leaves, leaf(13, A_LOG.at(13))]
    bundle = changed(CONTENT, leaves=leaves, checkpoints=[*A_LOG.notes, signed(leaves, A_LOG.at(13), later)])
    assert audit(bundle, replace(TRUST, logs=(LOG.verifier, later.verifier))).leaves == 14


def test_as_many_witnesses_as_are_asked_for_must_have_seen_all_of_it() -> None:
    assert refusal(opened(packed(CONTENT)), replace(TRUST, quorum=2))[0] == "witnesses"
    unseen = [*A_LOG.notes[:-1], A_LOG.notes[-1].rpartition("— court")[0]]
    assert refusal(changed(CONTENT, checkpoints=unseen)) == ("witnesses", "0 have seen all of it; 1 are asked for")
    both = str(checkpoints.cosigned(Note.read(A_LOG.notes[-1]), UNIVERSITY, A_LOG.at(13)))
    assert audit(changed(CONTENT, checkpoints=[*A_LOG.notes[:-1], both]), replace(TRUST, quorum=2)).checkpoints == 4


def test_a_cosignature_of_a_known_witness_that_does_not_hold_is_found() -> None:
    forger = WitnessKey(COURT.name, WitnessKey.generate("x")._key)
    note = Note.read(A_LOG.notes[0])
    line = replace(forger.cosign(note.text, BEGUN), key_id=COURT.verifier.key_id)
    assert refusal(changed(CONTENT, checkpoints=[str(note.also(line)), *A_LOG.notes[1:]]))[0] == "checkpoint 0"


def test_a_leaf_that_says_to_be_later_than_a_witness_saw_it_is_found() -> None:
    first = [leaf(0, BEGUN)]
    honest = signed(first, BEGUN - SKEW)
    assert audit(changed(CONTENT, leaves=first, checkpoints=[honest], openings=None), TRUST).leaves == 1
    early = signed(first, BEGUN - SKEW - timedelta(seconds=1))
    assert "before its last leaf" in refusal(changed(CONTENT, leaves=first, checkpoints=[early], openings=None))[1]


def test_a_leaf_dated_back_behind_what_witnesses_saw_is_found() -> None:
    seen = BEGUN + timedelta(days=1)
    for age, found in ((PATIENCE, False), (PATIENCE + timedelta(seconds=1), True)):
        leaves = [leaf(0, BEGUN), leaf(1, seen - age)]
        notes = [signed(leaves[:1], seen), signed(leaves, seen + timedelta(minutes=1))]
        bundle = changed(CONTENT, leaves=leaves, checkpoints=notes, openings=None)
        if found:
            assert refusal(bundle)[0] == "leaf 1"
        else:
            assert audit(bundle, TRUST).leaves == 2


def test_times_that_run_backwards_are_found() -> None:
    leaves = [leaf(0, BEGUN), leaf(1, BEGUN - timedelta(milliseconds=1))]
    where, what = refusal(changed(CONTENT, leaves=leaves, checkpoints=[signed(leaves, BEGUN)], openings=None))
    assert (where, "behind one that was made" in what) == ("leaf 1", True)


def test_an_opening_that_is_not_what_was_committed_to_is_found() -> None:
    index, true = A_LOG.openings[4]
    for false in (Opening(true.salt, b"person 6"), Opening(bytes(32), true.secret)):
        openings = [*A_LOG.openings[:4], (index, false), *A_LOG.openings[5:]]
        assert refusal(changed(CONTENT, openings=openings))[0] == f"leaf {index}"
    assert refusal(changed(CONTENT, openings=[(0, true), *A_LOG.openings]))[0] == "leaf 0"
    assert refusal(changed(CONTENT, openings=[*A_LOG.openings, (99, true)])) == (
        "the opening of leaf 99", "there is no such leaf",
    )  # fmt: skip
    assert "after that of leaf" in refusal(changed(CONTENT, openings=A_LOG.openings[::-1]))[1]


def test_destroyed_openings_leave_a_log_that_still_holds() -> None:
    found = audit(changed(CONTENT, openings=[]), TRUST)
    assert (found.openings, found.commitments) == (0, 12)


def test_a_leaf_that_is_none_is_named() -> None:
    bad = canonical.encode({"v": 1, "kind": "colour", "at": milliseconds(BEGUN), "id": b"short"})
    assert refusal(changed(CONTENT, leaves=[bad, *A_LOG.leaves[1:]])) == ("leaf 0", "its id is not 16 bytes")


def test_an_object_no_leaf_names_counts_for_nothing() -> None:
    found = audit(changed(CONTENT, objects=[RULES, b"another"]), TRUST)
    assert (found.objects, found.named) == (2, 1)


def test_a_bundle_tells_its_own_keys_for_those_who_have_no_others() -> None:
    bundle = opened(packed(CONTENT))
    assert own_trust(bundle) == replace(TRUST, quorum=0)
    with pytest.raises(BundleRefused, match=r"bundle\.json"):
        own_trust(Bundle(io.BytesIO(packed(CONTENT).replace(b"court", b"count"))))


def test_counts_that_are_not_so_are_found() -> None:
    data = packed(CONTENT)
    bundle = opened(data)
    object.__setattr__(bundle, "header", replace(bundle.header, leaves=12))
    assert refusal(bundle) == ("leaves", "13 are there, bundle.json counts 12")
    assert BEGUN.tzinfo is UTC
