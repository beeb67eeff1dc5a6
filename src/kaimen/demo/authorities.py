"""Two rule-keepers and a street's inspection office, with keys: so that evidence counts in the demonstration.

Outside the demonstration no server ever holds such a key. Here everybody is made up, and so are their signatures.
"""

from datetime import timedelta

from django.conf import settings

from kaimen.colours import statements
from kaimen.demo.definitions import Sample
from kaimen.kit import clock
from kaimen.kit.keys import SigningKey
from kaimen.register import packs_in_force
from kaimen.register.definitions import Head
from kaimen.register.models import Area, Organisation, Person, Post
from kaimen.status import activations, authorities
from kaimen.status.models import Accreditation, Authority, Source

OFFICE = "street-inspection"
KINDS = ("inspection", "fever-report", "fever-resolved")
_KEEPERS = ("章守规", "严明信")


def key_of(name: str) -> SigningKey:
    """A key of somebody made up, kept with the demonstration's other keys."""
    return SigningKey.kept_at(settings.KEYS / f"demo-{name}")


def rule_keepers(sample: Sample) -> list[Post]:
    """Two people who sign for rules and sources, with their keys enrolled."""
    posts = []
    district = Area.objects.filter(level=Area.Level.DISTRICT).earliest("path")
    for number, name in enumerate(_KEEPERS):
        post = Post.objects.filter(role="rule-keeper", person__name=name).first()
        if post is None:
            person = Person.objects.create(name=name, given_name=name[1:], area=district)
            post = Post.objects.create(person=person, role="rule-keeper", area=district, since=sample.first_day)
        authorities.enrol(post, key_of(f"authority-{number}").public.raw)
        posts.append(post)
    return posts


def begin(sample: Sample) -> None:
    """The activation of the pack's first emergency that has not ended; nothing where one is in force."""
    keepers = rule_keepers(sample)
    if activations.in_force() is None and len(keepers) == Authority.objects.filter(post__in=keepers).count():
        head = packs_in_force.pack().one(Head)
        authorities.begin(next(one.slug for one in head.emergencies if one.ended is None))


def inspection_office(sample: Sample) -> Accreditation:
    """The street's office that inspects buildings, its key accredited by both rule-keepers."""
    known = Accreditation.objects.filter(source__slug=OFFICE).first()
    if known is not None:
        return known
    begin(sample)
    street = Area.objects.filter(level=Area.Level.STREET).earliest("path")
    agency = Organisation.objects.create(
        name=f"{street.name}办事处", name_en=f"{street.name_en} office", kind=Organisation.Kind.AGENCY, area=street
    )
    source = Source.objects.create(name="楼宇检查组", name_en="Building inspectors", slug=OFFICE, organisation=agency)
    accredit(sample, source, key_of(OFFICE), KINDS)
    return Accreditation.objects.get(source=source)


def accredit(sample: Sample, source: Source, key: SigningKey, kinds: tuple[str, ...]) -> None:
    """Both rule-keepers sign for a source's key."""
    keepers = rule_keepers(sample)
    since = clock.now()
    wanted = authorities.Wanted(source, key.public.raw, kinds, since, since + timedelta(days=180))
    proposal = authorities.propose_accreditation(keepers[0], wanted)
    for number, post in enumerate(keepers):
        signature = key_of(f"authority-{number}").sign(statements.DOMAIN + bytes(proposal.content))
        authorities.sign(post, proposal, signature)
