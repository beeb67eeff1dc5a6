"""An officer's keys as their page shows them, and the public half of a new one on its way in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kaimen.register.models import Post
from kaimen.status import source_keys
from kaimen.status.models import Accreditation, Source, SourceKey
from kaimen.status.refusals import Refused


@dataclass(frozen=True)
class KeyLine:
    """A key on file, and what it may sign now."""

    key: SourceKey
    accreditations: tuple[Accreditation, ...]

    @property
    def public(self) -> str:
        """How the browser knows it."""
        return bytes(self.key.public_key).hex()

    @property
    def short(self) -> str:
        """What officer and authority compare on the telephone."""
        return grouped(self.public)

    @property
    def until(self) -> datetime | None:
        """When the last accreditation ends."""
        return max((one.until for one in self.accreditations), default=None)


@dataclass(frozen=True)
class OwnKeys:
    """What the key block of a page needs."""

    post: Post
    lines: tuple[KeyLine, ...]
    sources: QuerySet[Source]

    @property
    def known(self) -> str:
        """Every public half on file, for the browser to compare with its own."""
        return " ".join(line.public for line in self.lines)


def of(by: Post) -> OwnKeys:
    """The officer's keys, newest first, and the sources they may make one for."""
    lines = [KeyLine(key, tuple(source_keys.accreditations_of(key))) for key in source_keys.of_post(by)]
    return OwnKeys(by, tuple(lines), source_keys.sources_of(by))


def enrol(by: Post, said: Mapping[str, str]) -> SourceKey:
    """Put what the browser sent on file. Raises NotAllowed, Refused."""
    source = source_keys.sources_of(by).filter(slug=said.get("source", "")[:60]).first()
    if source is None:
        raise Refused("source", _("No source was chosen."), _("Choose the office you sign for."))
    return source_keys.enrol(by, source, public_half(said), said.get("label", "")[:60])


def public_half(said: Mapping[str, str]) -> bytes:
    """The point the browser sent. Raises Refused."""
    try:
        return bytes.fromhex(said.get("public_key", ""))
    except ValueError as error:
        message = _("No key has arrived from your browser.")
        raise Refused("not-a-key", message, _("Load the page again; it needs JavaScript.")) from error


def grouped(public: str) -> str:
    """The end of a public key in groups of four: enough to tell two officers' keys apart by voice."""
    tail = public[-16:]
    return " ".join(tail[at : at + 4] for at in range(0, len(tail), 4))
