"""A witness for the demonstration: made known to the log, and told what it is to follow.

It runs beside the servers on the same machine, which no real witness does; the demonstration says so.
"""

import base64
import json
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

from kaimen.ledger import advancing, signing, witnesses
from kaimen.proofs.notes import VerifierKey
from kaimen.status import lists
from kaimen.status.activations import activation

BASIS = "演示：见证人在同一台机器上"


def make_known(verifier: str, stage: Sequence[str] = ()) -> None:
    """Register a witness that may read openings, and write down what it follows: the log's key, the genesis, and
    the key that signs the lists it compares. Beside them `stage`, the gates that have a node of their own.

    Again, it changes nothing but that file. Raises NotANote.
    """
    witnesses.add(verifier)
    witnesses.give_openings(VerifierKey.read(verifier).name, BASIS)
    advancing.advance()
    log = signing.current()
    assert log is not None, "the history has begun the log"
    followed: dict[str, object] = {"log": log.verifier, "genesis": bytes(activation().leaf_hash).hex()}
    followed["stage"] = list(stage)
    followed["centre"] = base64.b64encode(lists.centre_key().public.raw).decode()
    (Path(settings.DATA) / "demo" / "followed.json").write_text(json.dumps(followed), "utf-8")
