"""Two rule-keepers, a street's inspection office and the offices of the sample, with keys: so that evidence counts.

Outside the demonstration no server ever holds such a key. Here everybody is made up, and so are their signatures;
every office says 演示 in its name.
"""

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings

from kaimen.colours import statements
from kaimen.colours.definitions import StatusDefinition
from kaimen.demo.definitions import Office, Sample
from kaimen.kit import clock
from kaimen.kit.keys import SigningKey
from kaimen.register import packs_in_force
from kaimen.register.definitions import Head
from kaimen.register.models import Area, Organisation, Person, Place, Post
from kaimen.status import activations, authorities
from kaimen.status.models import Accreditation, Authority, Proposal, RulesVersion, Source

OFFICE = "street-inspection"
KINDS = ("inspection", "fever-report", "fever-resolved")
SECOND_KEEPER = "严明信"
LASTS = timedelta(days=180)


def key_of(name: str) -> SigningKey:
    """A key of somebody made up, kept with the demonstration's other keys."""
    return SigningKey.kept_at(settings.KEYS / f"demo-{name}")


def rule_keepers(sample: Sample) -> list[Post]:
    """Two people who sign for rules and sources, with their keys enrolled; the first is a persona."""
    posts = []
    path = Place.objects.select_related("area").get(code=sample.stage.building).area.path
    district = Area.objects.get(level=Area.Level.DISTRICT, code__in=path.split("/"))
    for number, name in enumerate((sample.officers["rule-keeper"], SECOND_KEEPER)):
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


def publish_rules(sample: Sample) -> None:
    """The pack's rules of every status, signed by both rule-keepers. Once."""
    pack = packs_in_force.pack()
    for status in sorted(one.slug for one in pack.all(StatusDefinition)):
        if RulesVersion.objects.filter(status=status).exists():
            continue
        text = authorities.rules_of_pack(pack, status)
        signed_by_both(sample, authorities.propose_rules(rule_keepers(sample)[0], status, text, clock.now()))


def open_office(sample: Sample, office: Office) -> Source:
    """An office of the sample, its key accredited by both rule-keepers. Again, it changes nothing."""
    known = Source.objects.filter(slug=office.slug).first()
    if known is not None:
        return known
    street = Area.objects.filter(level=Area.Level.STREET).earliest("path")
    organisation = Organisation.objects.create(
        name=office.organisation.zh, name_en=office.organisation.en, kind=Organisation.Kind.AGENCY, area=street
    )
    source = Source.objects.create(
        name=office.title.zh, name_en=office.title.en, slug=office.slug, organisation=organisation
    )
    accredit(sample, source, key_of(office.slug), office.signs)
    return source


def accredit(sample: Sample, source: Source, key: SigningKey, kinds: Sequence[str]) -> None:
    """Both rule-keepers sign for a source's key."""
    accredit_public(sample, source, key.public.raw, kinds)


def accredit_public(sample: Sample, source: Source, public_key: bytes, kinds: Sequence[str]) -> None:
    """The same for a key whose public half alone is known here: one made in a browser."""
    since = clock.now()
    wanted = authorities.Wanted(source, public_key, kinds, since, since + LASTS)
    signed_by_both(sample, authorities.propose_accreditation(rule_keepers(sample)[0], wanted))


def signed_by_both(sample: Sample, proposal: Proposal) -> None:
    """Both rule-keepers sign what was proposed. Again, it changes nothing."""
    for number, post in enumerate(rule_keepers(sample)):
        signature = key_of(f"authority-{number}").sign(statements.DOMAIN + bytes(proposal.content))
        authorities.sign(post, proposal, signature)
