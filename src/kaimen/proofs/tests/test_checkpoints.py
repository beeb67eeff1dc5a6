"""Checkpoints: three lines, signed by the log whose name they carry."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaimen.proofs import checkpoints
from kaimen.proofs.checkpoints import Checkpoint, NotACheckpoint
from kaimen.proofs.merkle import LARGEST, leaf_hash
from kaimen.proofs.notes import LogKey, NotANote, Note, NotSigned, WitnessKey

LOG = LogKey.generate("log.example/east")
COURT, UNIVERSITY = WitnessKey.generate("court.example"), WitnessKey.generate("university.example")
AT = datetime(2020, 3, 16, 14, 0, tzinfo=UTC)
CHECKPOINT = Checkpoint("log.example/east", 20_852_163, leaf_hash(b"root"))
SIGNED = checkpoints.signed(CHECKPOINT, LOG)


def test_a_checkpoint_is_three_lines() -> None:
    text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    checkpoint = Checkpoint.read_text(text)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20_852_163)
    assert str(checkpoint) == text


def test_a_signed_checkpoint_says_who_cosigned_it_and_when() -> None:
    note = checkpoints.cosigned(SIGNED, COURT, AT)
    read = checkpoints.read(str(note), LOG.verifier, [COURT.verifier, UNIVERSITY.verifier])
    assert (read.checkpoint, read.witnessed, read.note) == (CHECKPOINT, {"court.example": AT}, note)


def test_a_checkpoint_the_log_did_not_sign_does_not_count() -> None:
    forged = checkpoints.signed(CHECKPOINT, LogKey.generate(LOG.name))
    for note in (forged, Note(str(CHECKPOINT), (COURT.cosign(str(CHECKPOINT), AT),))):
        with pytest.raises(NotSigned, match="did not sign"):
            checkpoints.read(str(note), LOG.verifier)


def test_a_cosignature_that_does_not_hold_is_an_alarm_not_an_absence() -> None:
    forged = SIGNED.also(COURT.cosign("another\ntext\n", AT))
    assert checkpoints.read(str(forged), LOG.verifier).witnessed == {}
    with pytest.raises(NotSigned, match=r"court\.example"):
        checkpoints.read(str(forged), LOG.verifier, [COURT.verifier])


def test_what_the_log_signed_for_another_name_is_not_its_checkpoint() -> None:
    text = str(Checkpoint("log.example/west", 1, leaf_hash(b"")))
    with pytest.raises(NotACheckpoint, match=r"of 'log\.example/west', not of"):
        checkpoints.read(str(Note(text, (LOG.sign(text),))), LOG.verifier)
    with pytest.raises(ValueError, match="does not sign for"):
        checkpoints.signed(Checkpoint("log.example/west", 1, leaf_hash(b"")), LOG)


ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="


@pytest.mark.parametrize(
    "text",
    [
        "", "a\n", "a\n1\n", f"\n1\n{ROOT}\n", f"a\n01\n{ROOT}\n", f"a\n-1\n{ROOT}\n", f"a\n+1\n{ROOT}\n",
        f"a\n１\n{ROOT}\n", f"a\n1_0\n{ROOT}\n", f"a\n{LARGEST + 1}\n{ROOT}\n", "a\n" + "9" * 5000 + f"\n{ROOT}\n",
        "a\n1\nCsUY\n", "a\n1\n\n", f"a\n1\n{ROOT}", f"a\n1\n{ROOT}\nmore\n", f"a\n1\n{ROOT}\n\n",
    ],
)  # fmt: skip
def test_what_is_no_checkpoint_is_refused_in_words(text: str) -> None:
    with pytest.raises(NotACheckpoint) as refused:
        Checkpoint.read_text(text)
    assert len(str(refused.value)) < 200


@given(st.text() | st.binary() | st.text().map(lambda text: f"{text}\n\n{SIGNED.signatures[0]}\n"))
def test_whatever_is_read_gets_an_answer(text: str | bytes) -> None:
    with pytest.raises((NotANote, NotACheckpoint, NotSigned)):
        checkpoints.read(text, LOG.verifier, [COURT.verifier])


def test_a_witness_that_changed_its_key_is_heard_by_either_and_counts_once() -> None:
    old, new = WitnessKey.generate("court.example"), WitnessKey.generate("court.example")
    later = AT + timedelta(minutes=1)
    for keys in ((old.verifier, new.verifier), (new.verifier, old.verifier)):
        assert checkpoints.read(str(checkpoints.cosigned(SIGNED, old, AT)), LOG.verifier, keys).witnessed == {
            "court.example": AT
        }
        both = checkpoints.cosigned(checkpoints.cosigned(SIGNED, old, AT), new, later)
        assert checkpoints.read(str(both), LOG.verifier, keys).witnessed == {"court.example": AT}
