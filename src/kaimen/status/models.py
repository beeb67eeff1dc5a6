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


class Logged(Record):
    """A row with a leaf of the log: its id, and no foreign key, as the log knows no other part."""

    leaf = models.UUIDField(editable=False, db_index=True)

    class Meta:
        abstract = True


class Authority(Record):
    """A key that a rule-keeper made in their browser. Two of them together accredit sources and publish rules."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="authorities")
    public_key = models.BinaryField(max_length=33, unique=True)

    class Meta:
        constraints: ClassVar = [UniqueConstraint(fields=["post"], name="one_key_a_rule_keeper")]


class Genesis(Logged):
    """The first leaf of a legal activation: whose keys count, and how many must sign. Witnesses pin its hash."""

    emergency = models.SlugField(max_length=60, unique=True)
    content = models.BinaryField()
    authorities = models.ManyToManyField(Authority, related_name="geneses")
    leaf_hash = models.BinaryField(max_length=32)  # what every statement names


class ActivationEnded(Logged):
    """The activation is over: what was held on its basis was destroyed, and this many rows with it."""

    genesis = models.OneToOneField(Genesis, models.PROTECT, related_name="ended")
    destroyed = models.JSONField()


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
    leaf = models.UUIDField(null=True, editable=False)  # set, with its time, when enough have signed
    logged_at = models.DateTimeField(null=True)

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


class SourceKey(Record):
    """A key an officer of a source made, in a browser or for a laboratory's program. It counts once accredited."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="keys")
    post = models.ForeignKey(Post, models.PROTECT, related_name="source_keys")  # who answers for what it looks up
    public_key = models.BinaryField(max_length=33, unique=True)
    label = models.CharField(max_length=60, blank=True)  # laboratory, desk 3


class Accreditation(Record):
    """A key of a source, and what it may sign from one moment to another. Its id is the statement's."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="accreditations")
    public_key = models.BinaryField(max_length=33, db_index=True)
    kinds = models.JSONField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    proposal = models.OneToOneField(Proposal, models.PROTECT, related_name="accreditation")


class AccreditationEnded(Record):
    """A key that counts no more, nor anything of it that was logged at `since` or later."""

    accreditation = models.OneToOneField(Accreditation, models.PROTECT, related_name="ended")
    since = models.DateTimeField()
    proposal = models.OneToOneField(Proposal, models.PROTECT, related_name="ending")


class RulesVersion(Record):
    """Rules as they were published: their text, from when they hold. Going back is a new version with an old text."""

    status = models.SlugField(max_length=60)  # the definition's own name: person
    number = models.PositiveIntegerField()
    digest = models.BinaryField(max_length=32)
    text = models.BinaryField()
    effective = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)  # when everybody was judged anew by them
    proposal = models.OneToOneField(Proposal, models.PROTECT, related_name="rules")

    class Meta:
        ordering: ClassVar = ["-effective", "-number"]
        constraints: ClassVar = [UniqueConstraint(fields=["status", "number"], name="rules_numbered_once")]


class Subject(Record):
    """Who somebody is in signed statements while one activation lasts: a number drawn at random, and a salt.

    With this row destroyed, nothing in the log leads to a person.
    """

    genesis = models.ForeignKey(Genesis, models.PROTECT, related_name="subjects")
    person = models.ForeignKey(Person, models.PROTECT, related_name="subjects")
    salt = models.BinaryField(max_length=16)
    identity = models.BinaryField(max_length=32, null=True)  # of salt and document number: what evidence must carry
    # Whose files a counter joined has two: this one stays beside the one that leads.
    joined_to = models.ForeignKey("self", models.CASCADE, null=True, related_name="joined")

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(
                fields=["person", "genesis"], condition=Q(joined_to=None), name="subject_leads_once_an_activation"
            ),
        ]


class Placement(models.Model):
    """A place in the published lists belongs to a subject: the place of a pass of theirs. Given once, never again."""

    genesis = models.ForeignKey(Genesis, models.CASCADE, related_name="placements")
    subject = models.ForeignKey(Subject, models.CASCADE, related_name="placements")
    index = models.PositiveIntegerField()
    leaf = models.UUIDField(editable=False)

    class Meta:
        constraints: ClassVar = [UniqueConstraint(fields=["genesis", "index"], name="placed_once")]


class Batch(Record):
    """What one organisation sent on one local day. Beyond the rules' number, adverse evidence waits for approval."""

    genesis = models.ForeignKey(Genesis, models.PROTECT, related_name="batches")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="batches")
    day = models.DateField()
    acts = models.PositiveIntegerField(default=0)  # adverse ones

    class Meta:
        ordering: ClassVar = ["-day", "id"]
        verbose_name_plural = "batches"
        constraints: ClassVar = [UniqueConstraint(fields=["genesis", "organisation", "day"], name="batch_once_a_day")]


class Evidence(Logged):
    """A signed fact about a person, as it was sent. Its id is the statement's own: sent twice it is here once."""

    accreditation = models.ForeignKey(Accreditation, models.PROTECT, related_name="evidence")
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="evidence")
    kind = models.SlugField(max_length=60)
    sealed = models.BinaryField()  # the envelope
    until = models.DateTimeField()
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="evidence")
    waits = models.BooleanField()  # beyond the number when it came

    class Meta:
        ordering: ClassVar = ["made_at", "id"]


class Withdrawal(Logged):
    """The source took its evidence back. Taking back what spoke for somebody may wait, as evidence against them may."""

    evidence = models.OneToOneField(Evidence, models.PROTECT, related_name="withdrawal")
    accreditation = models.ForeignKey(Accreditation, models.PROTECT, related_name="withdrawals")
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="withdrawals")
    waits = models.BooleanField()
    sealed = models.BinaryField()


class Approval(Logged):
    """A person of another organisation countersigned evidence that waited."""

    accreditation = models.ForeignKey(Accreditation, models.PROTECT, related_name="approvals")
    evidence = models.ManyToManyField(Evidence, related_name="approvals")
    withdrawals = models.ManyToManyField(Withdrawal, related_name="approvals")
    envelope = models.BinaryField()


class Decision(Logged):
    """A colour changed. Only judging makes these."""

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="decisions")
    before = models.SlugField(max_length=20)
    after = models.SlugField(max_length=20)
    rule = models.SlugField(max_length=60)
    rules = models.ForeignKey(RulesVersion, models.PROTECT, related_name="decisions")
    because = models.ManyToManyField(Evidence, related_name="decisions")
    why = models.SlugField(max_length=40)  # what set it off: evidence, expiry, finding …
    until = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["made_at"], name="decision_by_day")]


class Standing(models.Model):
    """What judging gave last for a subject, kept for speed. Writing here changes no list and opens no gate."""

    subject = models.OneToOneField(Subject, models.CASCADE, primary_key=True, related_name="standing")
    colour = models.SlugField(max_length=20)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)  # when, with nothing new, the colour ends
    due = models.DateTimeField(null=True, db_index=True)  # when it is to be judged anew at the latest
    decision = models.ForeignKey(Decision, models.PROTECT, null=True)


class Appeal(Logged):
    """A person says a colour is wrong. A human answers before `due`, or what is contested stops counting."""

    number = models.CharField(max_length=20, unique=True)
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="appeals")
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="appeals")
    evidence = models.ManyToManyField(Evidence, related_name="appeals")
    sealed = models.BinaryField()  # what the person says
    due = models.DateTimeField(db_index=True)
    filed_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="appeals_filed")  # None: the person

    class Meta:
        ordering: ClassVar = ["due", "id"]


class Finding(Logged):
    """The answer to an appeal, signed with the reviewer's own key."""

    appeal = models.OneToOneField(Appeal, models.PROTECT, related_name="finding")
    by = models.ForeignKey(Post, models.PROTECT, related_name="findings")
    accreditation = models.ForeignKey(Accreditation, models.PROTECT, related_name="findings")
    strikes = models.ManyToManyField(Evidence, related_name="struck_by")  # what counts no more; the rest is upheld
    sealed = models.BinaryField()  # the envelope, with the words for the person


class AppealLapsed(Logged):
    """Nobody answered in time: what is contested stops counting until a finding comes."""

    appeal = models.OneToOneField(Appeal, models.PROTECT, related_name="lapse")


class Declaration(Logged):
    """What a person says of themself. It changes no colour; it asks a source to look."""

    class Kind(models.TextChoices):
        """The groups of GB/T 38963."""

        HEALTH = "health", _("Health")
        TRIP = "trip", _("Trip")
        TEMPERATURE = "temperature", _("Temperature")

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="declarations")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    sealed = models.BinaryField()
    by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="declarations_taken")  # a counter

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

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="corrections")
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


class PublishedList(Logged):
    """A status list as it was published: the bytes gates fetch, and the leaf that says so."""

    name = models.SlugField(max_length=20)  # colours, revocations
    genesis = models.ForeignKey(Genesis, models.PROTECT, related_name="lists")
    content = models.BinaryField()  # signed
    digest = models.BinaryField(max_length=32)
    size = models.PositiveBigIntegerField()  # leaves of the log it was computed at
    counts = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["name", "-made_at"], name="list_newest_first")]


class Recount(Record):
    """Standings compared with what judging gives from evidence. `differ` above 0 is an alarm."""

    people = models.PositiveIntegerField()
    differ = models.PositiveIntegerField()


class BundleAsked(Record):
    """An auditor asks for the log with its openings, and says why."""

    by = models.ForeignKey(Post, models.PROTECT, related_name="bundles_asked")
    reason = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]


class BundleReleased(Logged):
    """A second person let it go; that it left stands in the log."""

    asked = models.OneToOneField(BundleAsked, models.CASCADE, related_name="released")
    by = models.ForeignKey(Post, models.PROTECT, related_name="bundles_released")


class BundleTaken(Record):
    """Who asked took it out; every time is a row."""

    released = models.ForeignKey(BundleReleased, models.CASCADE, related_name="taken")
    leaves = models.PositiveBigIntegerField()
    digest = models.BinaryField(max_length=32)  # SHA-256 of the file

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]
        verbose_name_plural = "bundles taken"
