"""Whose keys count, what they signed, what followed from it.

Health data stands sealed (`sealed`), one key a legal activation; what a row says beside it are ids, kinds and times.
No column holds a colour that counts: `Standing` is what judging gave last, kept for speed, and nothing that opens or
shuts a gate reads it.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from kaimen.register.models import Organisation, Person, Post
from kaimen.register.records import Record, Titled

_LEAF = {"editable": False, "db_index": True}  # the id of a leaf of the log: layer 3, so no foreign key


class Authority(Record):
    """A key that a rule-keeper made in their browser. Two of them together accredit sources and publish rules."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="authorities")
    public_key = models.BinaryField(max_length=33, unique=True)

    class Meta:
        constraints: ClassVar = [UniqueConstraint(fields=["post"], name="one_key_a_rule_keeper")]


class Genesis(Record):
    """The first leaf of a legal activation: whose keys count, and how many must sign. Witnesses pin its hash."""

    emergency = models.SlugField(max_length=60, unique=True)
    content = models.BinaryField()
    authorities = models.ManyToManyField(Authority, related_name="geneses")
    leaf = models.UUIDField(**_LEAF)


class Proposal(Record):
    """A text for authorities to sign: an accreditation, its end, a publication of rules."""

    class Kind(models.TextChoices):
        """What it does once enough have signed."""

        ACCREDITATION = "accredited", _("Accreditation of a source")
        ACCREDITATION_END = "accreditation-ended", _("End of an accreditation")
        RULES = "rules-published", _("Publication of rules")

    genesis = models.ForeignKey(Genesis, models.PROTECT, related_name="proposals")
    kind = models.CharField(max_length=24, choices=Kind.choices)
    content = models.BinaryField()  # canonical bytes: what each of them signs
    text = models.BinaryField(blank=True, default=b"")  # the definition a publication names by its digest
    proposed_by = models.ForeignKey(Post, models.PROTECT, related_name="proposals")
    leaf = models.UUIDField(null=True, **_LEAF)  # set when enough have signed

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]


class ProposalSignature(Record):
    """One authority signed a proposal."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="signatures")
    authority = models.ForeignKey(Authority, models.PROTECT)
    signature = models.BinaryField(max_length=64)

    class Meta:
        constraints: ClassVar = [UniqueConstraint(fields=["proposal", "authority"], name="authority_signs_once")]


class Source(Record, Titled):
    """An office or laboratory that may sign evidence: 依据来源."""

    slug = models.SlugField(max_length=60, unique=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="sources")


class Accreditation(Record):
    """A key of a source, and the kinds of statement it may sign from one moment to another."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="accreditations")
    public_key = models.BinaryField(max_length=33, db_index=True)
    kinds = models.JSONField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    proposal = models.OneToOneField(Proposal, models.PROTECT, related_name="accreditation")


class AccreditationEnded(Record):
    """A key that counts no more from `made_at` on. What it signed before still counts."""

    accreditation = models.OneToOneField(Accreditation, models.PROTECT, related_name="ended")
    proposal = models.OneToOneField(Proposal, models.PROTECT, related_name="ending")


class RulesVersion(Record):
    """Rules as they were published: their text, from when they hold. Never changed; the next version follows."""

    status = models.SlugField(max_length=60)  # the definition's own name: person
    number = models.PositiveIntegerField()
    digest = models.BinaryField(max_length=32)
    text = models.BinaryField()
    effective = models.DateTimeField()
    proposal = models.OneToOneField(Proposal, models.PROTECT, related_name="rules")

    class Meta:
        ordering: ClassVar = ["-effective", "-number"]
        constraints: ClassVar = [UniqueConstraint(fields=["status", "number"], name="rules_numbered_once")]


class Batch(Record):
    """Evidence that arrived together from one source on one local day: beyond the pack's number it needs approval."""

    accreditation = models.ForeignKey(Accreditation, models.PROTECT, related_name="batches")
    day = models.DateField()
    sent = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]
        verbose_name_plural = "batches"


class Evidence(Record):
    """A signed fact about a person, as it was sent. Its id is the statement's own: sent twice it is here once."""

    accreditation = models.ForeignKey(Accreditation, models.PROTECT, related_name="evidence")
    person = models.ForeignKey(Person, models.PROTECT, related_name="evidence")
    kind = models.SlugField(max_length=60)
    sealed = models.BinaryField()  # the envelope
    until = models.DateTimeField(db_index=True)
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="evidence")
    leaf = models.UUIDField(**_LEAF)

    class Meta:
        ordering: ClassVar = ["made_at", "id"]


class Approval(Record):
    """A person of another organisation countersigned evidence of a batch."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="approvals")
    accreditation = models.ForeignKey(Accreditation, models.PROTECT, related_name="approvals")
    evidence = models.ManyToManyField(Evidence, related_name="approvals")
    envelope = models.BinaryField()
    leaf = models.UUIDField(**_LEAF)


class Withdrawal(Record):
    """The source took its evidence back."""

    evidence = models.OneToOneField(Evidence, models.PROTECT, related_name="withdrawal")
    sealed = models.BinaryField()
    leaf = models.UUIDField(**_LEAF)


class Decision(Record):
    """A colour changed. Only judging makes these."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="decisions")
    before = models.SlugField(max_length=20)
    after = models.SlugField(max_length=20)
    rule = models.SlugField(max_length=60)
    rules = models.ForeignKey(RulesVersion, models.PROTECT, related_name="decisions")
    because = models.ManyToManyField(Evidence, related_name="decisions")
    why = models.SlugField(max_length=40)  # what set it off: evidence, expiry, finding …
    expires = models.DateTimeField(null=True)
    leaf = models.UUIDField(**_LEAF)

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["made_at"], name="decision_by_day")]


class Standing(models.Model):
    """What judging gave last for a person, kept for speed. Writing here changes no list and opens no gate."""

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="standing")
    colour = models.SlugField(max_length=20)
    since = models.DateTimeField()
    expires = models.DateTimeField(null=True, db_index=True)
    decision = models.ForeignKey(Decision, models.PROTECT, null=True)


class Appeal(Record):
    """A person says a colour is wrong. A human answers before `due`, or what is contested stops counting."""

    number = models.CharField(max_length=20, unique=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="appeals")
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="appeals")
    evidence = models.ManyToManyField(Evidence, related_name="appeals")
    sealed = models.BinaryField()  # what the person says
    due = models.DateTimeField(db_index=True)
    filed_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="appeals_filed")  # None: the person
    leaf = models.UUIDField(**_LEAF)

    class Meta:
        ordering: ClassVar = ["due", "id"]


class Finding(Record):
    """The answer to an appeal, signed with the reviewer's own key."""

    appeal = models.OneToOneField(Appeal, models.PROTECT, related_name="finding")
    by = models.ForeignKey(Post, models.PROTECT, related_name="findings")
    accreditation = models.ForeignKey(Accreditation, models.PROTECT, related_name="findings")
    strikes = models.BooleanField()
    sealed = models.BinaryField()  # the envelope, with the words for the person
    leaf = models.UUIDField(**_LEAF)


class AppealLapsed(Record):
    """Nobody answered in time: what is contested stops counting until a finding comes."""

    appeal = models.OneToOneField(Appeal, models.PROTECT, related_name="lapse")
    leaf = models.UUIDField(**_LEAF)


class Declaration(Record):
    """What a person says of themself. It changes no colour; it asks a source to look."""

    class Kind(models.TextChoices):
        """The groups of GB/T 38963."""

        HEALTH = "health", _("Health")
        TRIP = "trip", _("Trip")
        TEMPERATURE = "temperature", _("Temperature")

    person = models.ForeignKey(Person, models.PROTECT, related_name="declarations")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    sealed = models.BinaryField()
    by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="declarations_taken")  # a counter
    leaf = models.UUIDField(**_LEAF)

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]


class DeclarationSeen(Record):
    """An accredited source looked at a declaration."""

    declaration = models.OneToOneField(Declaration, models.CASCADE, related_name="seen")
    by = models.ForeignKey(Post, models.PROTECT)


class Correction(Record):
    """A person says something on file is wrong (纠错)."""

    class About(models.TextChoices):
        """Whose it is to put right."""

        FILE = "file", _("My name, number or address")
        EVIDENCE = "evidence", _("Evidence that is not about me, or is wrong")

    person = models.ForeignKey(Person, models.PROTECT, related_name="corrections")
    about = models.CharField(max_length=10, choices=About.choices)
    evidence = models.ForeignKey(Evidence, models.PROTECT, null=True, related_name="corrections")
    sealed = models.BinaryField()

    class Meta:
        ordering: ClassVar = ["made_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="correction_of_evidence_names_it", condition=Q(about="file") | Q(evidence__isnull=False)
            )
        ]


class CorrectionAnswered(Record):
    """What became of it."""

    correction = models.OneToOneField(Correction, models.CASCADE, related_name="answer")
    by = models.ForeignKey(Post, models.PROTECT)
    put_right = models.BooleanField()
    sealed = models.BinaryField()


class PublishedList(Record):
    """A status list as it was published: the bytes gates fetch, and the leaf that says so."""

    name = models.SlugField(max_length=20)  # colours, revocations
    emergency = models.SlugField(max_length=60)
    content = models.BinaryField()  # signed
    digest = models.BinaryField(max_length=32)
    size = models.PositiveBigIntegerField()  # leaves of the log it was computed at
    counts = models.JSONField(default=dict)
    leaf = models.UUIDField(**_LEAF)

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["name", "-made_at"], name="list_newest_first")]


class Recount(Record):
    """Standings compared with what judging gives from evidence. `differ` above 0 is an alarm."""

    people = models.PositiveIntegerField()
    differ = models.PositiveIntegerField()
