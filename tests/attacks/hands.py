"""What an attacker can do with the server's disk, database, keys and code in hand, and one source's key."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from kaimen.colours import leaves, statements
from kaimen.colours import lists as status_lists
from kaimen.colours.judging import Judgement
from kaimen.colours.lists import Published
from kaimen.colours.moments import moment
from kaimen.kit import clock
from kaimen.kit.keys import SigningKey
from kaimen.ledger import advancing
from kaimen.ledger.actions import ToRecord, record_many
from kaimen.status import evidence, evidence_read, judged, lists, sealed
from kaimen.status.models import Evidence, PublishedList, Subject
from kaimen.status.tests.conftest import PaperSource, state
from tests.attacks.installation import Town

EMERGENCY = "epidemic"
Served = bytes | set[str] | None  # what a gate is shown, what the door answered, or the server's own answer


class Hands:
    """The attacker. `victims` are well; `source` is the one source whose key they have."""

    def __init__(self, town: Town, kept: bytes) -> None:
        """`kept` is a list of colours as it was served to gates before."""
        self.town, self.victims, self.kept = town, town.well, kept
        self.source = town.source("hospital")
        self.centre_key: SigningKey = lists.centre_key()

    def positive(self, signs: PaperSource | None = None, **about: Any) -> list[bytes]:
        """An envelope against each victim; by the stolen key unless told."""
        by = signs or self.source
        return [by.evidence(one, "test", timedelta(days=9), test_result="positive", **about) for one in self.victims]

    def sends(self, envelopes: Sequence[bytes]) -> set[str]:
        """Through the door; what became of them."""
        return set(state([one for start in range(0, len(envelopes), 400)
                          for one in evidence.receive(envelopes[start : start + 400])]))  # fmt: skip

    def logs(self, *bodies: leaves.Body) -> list[UUID]:
        """Past the door, straight into the log."""
        return record_many((ToRecord(one.kind, one.public, one.secret) for one in bodies), emergency=EMERGENCY)

    def logs_evidence(self, envelopes: Iterable[bytes]) -> None:
        """Envelopes nobody let in."""
        self.logs(*map(leaves.of_source, envelopes))

    def turns_red(self, because: Sequence[bytes] = (), sources: tuple[str, ...] = ()) -> None:
        """A leaf for each victim that says red, and a list that says so, too."""
        digest = judged.rules_now(self.town.activation).digest
        until = moment(clock.now() + timedelta(days=9))
        red = Judgement("red", "infected", tuple(because), sources, until)
        self.logs(*(
            leaves.colour("person", "green", red, digest, leaves.About(one.pk.bytes, "evidence"))
            for one in self.victims
        ))  # fmt: skip
        self.publishes()

    @transaction.atomic
    def publishes(self, subjects: Iterable[Subject] | None = None, **about: Any) -> PublishedList:
        """A list, signed with the centre's key and logged, by which these (and the ill) are red."""
        red = self.town.places([*self.town.ill, *(self.victims if subjects is None else subjects)])
        size, now = lists._log_as_it_stands(), clock.now()
        of = status_lists.packed(dict.fromkeys(red, 1), lists.PLACES, 2)
        at = about.get("as_of", moment(now))
        computed = leaves.Computed(2, lists.PLACES, about.get("log", size), at)
        (leaf,) = self.logs(leaves.status_list("person", of.digest, {"red": len(red)}, computed))
        return PublishedList.objects.create(
            name="person", genesis=self.town.activation, content=self.signed(of, at), digest=of.digest, size=size,
            counts={"red": len(red)}, leaf=leaf, made_at=now,
        )  # fmt: skip

    def signed(self, of: status_lists.StatusList, at: int) -> bytes:
        """A list as the centre signs it."""
        return status_lists.publish(self.centre_key, Published(of, "person", at, at + 86_400_000))

    def all_red(self) -> status_lists.StatusList:
        """A list by which everybody is red."""
        places = self.town.places([*self.town.ill, *self.victims])
        return status_lists.packed(dict.fromkeys(places, 1), lists.PLACES, 2)

    def envelope_of_the_ill(self) -> bytes:
        """A true statement of the other source about somebody who is ill."""
        row = Evidence.objects.get(subject=self.town.ill[0], accreditation__source__slug="cdc")
        return sealed.opened(EMERGENCY, bytes(row.sealed), column=evidence_read.COLUMN, row=row.pk)

    def says(self, form: Any, key: SigningKey | None = None, **about: Any) -> bytes:
        """A statement of authorities, signed with whatever keys there are."""
        content = form(genesis=bytes(self.town.activation.leaf_hash), **about)
        return statements.sign(content, key or self.centre_key, SigningKey.generate())

    def sql(self, statement: str, *values: Any) -> int:
        """By hand; gives how many rows."""
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return int(cursor.rowcount)

    def signs(self) -> None:
        """Take into the tree what waits, and sign it with the log's key."""
        advancing.advance()
