"""What the centre gives to gates, held against the log: each newest list, its bits and its place in the log."""

from collections.abc import Callable
from dataclasses import dataclass

from kaimen.colours import lists
from kaimen.colours.lists import NotAList, Published
from kaimen.colours.moments import SECOND
from kaimen.colours.replay import PATIENCE, Replay
from kaimen.kit.keys import PublicKey
from kaimen_witness.following import Alarm


@dataclass(frozen=True)
class _Awaited:
    """A list that is published: a leaf behind this one has to name it."""

    behind: int
    since: int
    data: bytes


class PublishedLists:
    """`fetch` gives the bytes published under a name, None when there are none; `key` is the centre's."""

    def __init__(self, fetch: Callable[[str], bytes | None], key: PublicKey) -> None:
        self._fetch, self._key = fetch, key
        self._awaited: dict[bytes, _Awaited] = {}  # by digest

    def check(self, replay: Replay, now: int) -> None:
        """Fetch the lists that the log names last. Raises Alarm, Unreachable.

        A list may be newer than what the log has signed: it must be in the log before its patience ends.
        """
        for status, (leaf, as_of) in replay.current().items():
            data = self._fetch(status)
            if data is None:
                raise Alarm(f"the list of {status} that leaf {leaf} names cannot be had")
            shown = self._read(status, data)
            if replay.names(shown.list.digest) == leaf:
                continue
            if shown.issued < as_of // SECOND * SECOND:
                raise Alarm(f"the list of {status} that is published is older than that of leaf {leaf}", data)
            self._awaited.setdefault(shown.list.digest, _Awaited(leaf, min(shown.issued, now), data))
        self._late(replay, now)

    def _read(self, status: str, data: bytes) -> Published:
        try:
            shown = lists.read(data, self._key)
        except NotAList as error:
            raise Alarm(f"what is published as the list of {status}: {error}", data) from error
        if shown.name != status:
            raise Alarm(f"what is published as the list of {status} is that of {shown.name[:60]!r}", data)
        return shown

    def _late(self, replay: Replay, now: int) -> None:
        for digest, one in list(self._awaited.items()):
            if (replay.names(digest) or 0) > one.behind:
                del self._awaited[digest]
            elif now - one.since > PATIENCE:
                raise Alarm("a list was published and no leaf names it", one.data)
