"""People, households, organisations, places, areas, posts, accounts, consent.

Written once, asked never again: what one counter typed, every other reads, if it may.
"""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

import kaimen.register.staff_models  # noqa: F401 — Django looks for tables here
from kaimen.kit import ids
from kaimen.register.records import Record, Titled


class InstalledPack(Record):
    """One loading of a pack: the newest row is in force. Old and new hash tell what changed."""

    slug = models.SlugField(max_length=60)
    digest = models.CharField(max_length=64)
    replaces = models.CharField(max_length=64, blank=True)
    content = models.BinaryField()  # every file as it was read, canonical bytes: a decision can be replayed
    synthetic = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["-id"]  # in real time: a drill's clock begins its morning again


class Area(Record, Titled):
    """A node of the tree city › district › street › grid; a group of buildings is a grid too."""

    class Level(models.TextChoices):
        """How high in the tree."""

        CITY = "city", _("City")
        DISTRICT = "district", _("District")
        STREET = "street", _("Street")
        GRID = "grid", _("Grid")

    code = models.CharField(max_length=40, unique=True)
    aliases = models.JSONField(default=list)  # older codes and names: 370282, 西海岸新区
    level = models.CharField(max_length=10, choices=Level.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    path = models.CharField(max_length=200, db_index=True)  # "/370200/370212/…/": a subtree is a prefix
    outline = models.JSONField(null=True)  # GeoJSON geometry, WGS-84

    class Meta:
        ordering: ClassVar = ["path"]


class Place(Record, Titled):
    """A building, a floor of it, a compound, an entrance."""

    class Kind(models.TextChoices):
        """What sort of place."""

        BUILDING = "building", _("Building")
        FLOOR = "floor", _("Floor")
        COMPOUND = "compound", _("Compound")
        ENTRANCE = "entrance", _("Entrance")

    code = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    area = models.ForeignKey(Area, models.PROTECT, related_name="places")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts")
    path = models.CharField(max_length=200, db_index=True)  # "/building-code/entrance-code/"
    outline = models.JSONField(null=True)
    profile = models.SlugField(max_length=60, blank=True)  # gates/<profile>.yaml
    detail = models.JSONField(default=dict)  # floors, lifts: what the pack says beyond the above

    class Meta:
        ordering: ClassVar = ["code"]


class Organisation(Record, Titled):
    """A firm, agency, bank, community, party organisation or park."""

    class Kind(models.TextChoices):
        """What sort of organisation."""

        FIRM = "firm", _("Firm")
        AGENCY = "agency", _("Agency")
        COMMUNITY = "community", _("Community")
        PARK = "park", _("Park")

    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.FIRM)
    uscc = models.CharField(max_length=18, unique=True, null=True)  # noqa: DJ001 — unique, and many have none (GB 32100)
    area = models.ForeignKey(Area, models.PROTECT, related_name="organisations")
    resumed_on = models.DateField(null=True)  # open again since; the firm's own filing

    class Meta:
        ordering: ClassVar = ["name"]


class Premises(Record):
    """Where in a building an organisation sits."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="premises")
    place = models.ForeignKey(Place, models.PROTECT, related_name="occupants")
    floor = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints: ClassVar = [UniqueConstraint(fields=["organisation", "place", "floor"], name="premises_once")]


class Person(Record):
    """One file per person. Numbers are sealed; a blind index finds them.

    A national ID is proved only where the document was seen; on every other file it is what somebody said.
    """

    class Assurance(models.IntegerChoices):
        """How sure we are that the person is who they say."""

        SELF_DECLARED = 1, _("Self-declared")
        PHONE_PROVED = 2, _("Phone proved")
        DOCUMENT_SEEN = 3, _("Document seen")

    name = models.CharField(max_length=60)
    given_name = models.CharField(max_length=60, blank=True)  # identifiers.given_name
    national_id = models.BinaryField(null=True)  # sealed
    national_id_index = models.BinaryField(max_length=16, null=True, db_index=True)
    id_tail = models.CharField(max_length=4, blank=True)
    phone = models.BinaryField(null=True)  # sealed
    phone_index = models.BinaryField(max_length=16, null=True, db_index=True)
    phone_tail = models.CharField(max_length=4, blank=True)
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="people")  # whose offices keep the file
    assurance = models.PositiveSmallIntegerField(choices=Assurance.choices, default=Assurance.SELF_DECLARED)
    language = models.CharField(max_length=10, default="zh-hans")

    class Meta:
        # With the area inside, an officer of one street finds their ten among the eighty thousand called 张.
        indexes: ClassVar = [
            models.Index(fields=["name", "area"], name="person_by_name"),
            models.Index(fields=["given_name", "area"], name="person_by_given_name"),
            models.Index(fields=["id_tail", "name"], name="person_by_id_tail"),
        ]
        constraints: ClassVar = [
            UniqueConstraint(fields=["national_id_index"], condition=Q(assurance=3), name="national_id_proved_once"),
        ]

    def __str__(self) -> str:
        return self.name


class NumberClaim(Record):
    """A file said a national ID that a document showed to be `owner`'s: by whom it came out, and what became of it."""

    class Outcome(models.TextChoices):
        """What the two files have to do with each other."""

        NAMED_OTHERWISE = "named-otherwise", _("A list gave the number another name")
        SAME_PERSON = "same-person", _("The same person: the files were joined")
        ANOTHER = "another", _("Somebody else: the file lost the number")

    owner = models.ForeignKey(Person, models.PROTECT, related_name="number_claimed")
    claimed_by = models.ForeignKey(Person, models.PROTECT, related_name="number_claims")
    by = models.ForeignKey("Post", models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=20, choices=Outcome.choices)

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]


class Household(Record):
    """The people at one address."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="households")
    address = models.CharField(max_length=120)
    members = models.ManyToManyField(Person, related_name="households")

    class Meta:
        constraints: ClassVar = [UniqueConstraint(fields=["place", "address"], name="household_once")]


class Employment(Record):
    """One person at one organisation, with what the firm's clerk typed.

    The clerk sees these columns and none of the person's own file.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="employments")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="employments")
    name = models.CharField(max_length=60)
    id_tail = models.CharField(max_length=4, blank=True)
    phone_tail = models.CharField(max_length=4, blank=True)
    department = models.CharField(max_length=60, blank=True)
    floor = models.CharField(max_length=20, blank=True)
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="employments")
    back_on = models.DateField(null=True)  # at work again since
    left_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["organisation", "person"], name="employment_once"),
        ]


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts."""

    def create_user(self, username: str, password: str | None = None) -> "Account":
        """An account that signs in with `username`."""
        account = self.model(username=username)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """A way to sign in. What it may do comes from the posts of its person."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    username = models.CharField(_("user name"), max_length=60, unique=True)
    email = models.EmailField(blank=True)
    person = models.OneToOneField(Person, models.PROTECT, null=True, related_name="account")
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = AccountManager()


class Post(Record):
    """A person holds a role over a scope for a time. At most one of area, organisation, place; none means self."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="posts")
    role = models.SlugField(max_length=60)  # roles.yaml
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="posts")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="posts")
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="posts")
    since = models.DateField()
    until = models.DateField(null=True)  # the last day, to its end
    ended_at = models.DateTimeField(null=True)  # ended at once: from this moment on it is held no more

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(
                name="post_has_one_scope",
                condition=(
                    Q(area=None, organisation=None) | Q(area=None, place=None) | Q(organisation=None, place=None)
                ),
            ),
            CheckConstraint(name="post_ends_after_it_begins", condition=Q(until=None) | Q(until__gte=F("since"))),
        ]

    @property
    def role_title(self) -> str:
        """What the role is called in the pack in force, in the reader's language."""
        from kaimen.register import packs_in_force  # noqa: PLC0415 — it asks these tables

        role = packs_in_force.roles().get(self.role)
        return role.title.to(get_language() or "zh-hans") if role else self.role

    @property
    def scope_title(self) -> str:
        """What the post is held over, in the reader's language; empty for a post over oneself."""
        return str(self.area or self.organisation or self.place or "")


class PhoneProof(Record):
    """A code on its way to a phone. Who types it in holds that phone.

    A row with neither person nor claim proves nothing: it stands where no file was found, so that nobody can tell the
    difference. A claim becomes a file when the code is read, and none before.
    """

    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="phone_proofs")
    claim = models.BinaryField(null=True)  # sealed: what somebody said of themself
    area = models.ForeignKey(Area, models.CASCADE, null=True, related_name="+")
    phone_index = models.BinaryField(max_length=16, db_index=True)
    code_digest = models.BinaryField(max_length=16)
    closes = models.DateTimeField(db_index=True)
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)


class Consent(Record):
    """A person lets somebody use something for a purpose until a day."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="consents")
    to = models.CharField(max_length=120)
    purpose = models.SlugField(max_length=60)
    until = models.DateField()


class ConsentWithdrawn(Record):
    """The person took the consent back."""

    consent = models.OneToOneField(Consent, models.PROTECT, related_name="withdrawn")


class Viewing(Record):
    """Somebody looked at a person's file. Pseudonyms only: ids, never names or numbers."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="viewings")
    by = models.ForeignKey(Post, models.PROTECT)
    what = models.SlugField(max_length=60)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-made_at", "-id"], name="viewing_newest_first")]
