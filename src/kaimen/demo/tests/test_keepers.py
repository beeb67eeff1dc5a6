"""A visitor's key counts within seconds: the made-up rule-keepers sign for it. Only where everybody is made up."""

from datetime import time

import pytest

from kaimen.demo import keepers
from kaimen.demo.definitions import Sample
from kaimen.demo.models import SampleProgress
from kaimen.demo.personas import account_of
from kaimen.demo.rounds import moment_of
from kaimen.demo.synthetic import NotSynthetic
from kaimen.kit import clock
from kaimen.kit.keys import SigningKey
from kaimen.register.models import InstalledPack, Post
from kaimen.status import source_keys
from kaimen.status.models import Accreditation, Proposal, SourceKey


@pytest.fixture
def filed(filled: SampleProgress, sample: Sample) -> SourceKey:
    """The key of the officer behind the door, on file."""
    post = Post.objects.get(person=account_of("source-officer").person)
    (source,) = source_keys.sources_of(post)
    return source_keys.enrol(post, source, SigningKey.generate().public.raw)


def test_a_key_on_file_is_accredited_once_for_what_its_office_signs(filed: SourceKey, sample: Sample) -> None:
    with clock.frozen(moment_of(sample, 0, time(8))):
        for _ in range(2):
            keepers.sign_what_waits(clock.now())
        (one,) = source_keys.accreditations_of(filed)
    assert one.kinds == list(sample.offices[0].signs)
    assert not Proposal.objects.filter(leaf=None).exists()


def test_where_people_may_be_real_nobody_signs(filed: SourceKey) -> None:
    before = Accreditation.objects.count()
    InstalledPack.objects.update(synthetic=False)
    with pytest.raises(NotSynthetic):
        keepers.sign_what_waits(clock.now())
    assert Accreditation.objects.count() == before
