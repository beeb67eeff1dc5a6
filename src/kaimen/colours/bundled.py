"""The replay of a bundle: with an auditor's, every colour is worked out once more, on a machine that asks nobody."""

from collections.abc import Iterable, Iterator
from hashlib import sha256

from kaimen.colours.leaves import Opening
from kaimen.colours.moments import moment
from kaimen.colours.replay import Logged, Replay, Report
from kaimen.proofs.audit import Trust, signed_checkpoints
from kaimen.proofs.bundles import Bundle

_LONGEST_TEXT = 1024 * 1024  # of published rules; what is longer is a list, and a list is only named


def replayed(bundle: Bundle, trust: Trust, genesis: bytes, pictures: Iterable[bytes] = ()) -> Report:
    """Replay what `audit` has found whole, from the pinned hash of its genesis. Raises BundleRefused.

    `pictures`: frozen days as somebody was handed them, each to be one that the log names.
    """
    texts = {sha256(data).digest(): data for data in bundle.objects() if len(data) <= _LONGEST_TEXT}
    replay = Replay(genesis, texts.get)
    replay.take_all(_logged(bundle, trust))
    for picture in pictures:
        replay.picture(picture)
    return replay.report()


def _logged(bundle: Bundle, trust: Trust) -> Iterator[Logged]:
    """Each leaf with its opening, and when witnesses saw the checkpoints before and behind it."""
    signed, openings = signed_checkpoints(bundle, trust), bundle.openings()
    checkpoint, opening = next(signed, None), next(openings, None)
    after: int | None = None
    for index, data in enumerate(bundle.leaves()):
        while checkpoint is not None and checkpoint.checkpoint.size <= index:
            seen = checkpoint.witnessed.values()
            after = moment(min(seen)) if seen else after
            checkpoint = next(signed, None)
        before = moment(min(checkpoint.witnessed.values())) if checkpoint and checkpoint.witnessed else None
        own = opening[1] if opening is not None and opening[0] == index else None
        if own is not None:
            opening = next(openings, None)
        yield Logged(index, data, Opening(own.salt, own.secret) if own else None, after, before)
