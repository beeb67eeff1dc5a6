"""What makes the desks of the demonstration usable alone: its rule-keepers sign what a visitor asks for.

A visitor's key is made in their browser, as anywhere, and counts only once two authorities have signed for it. Here
both are made up, look at their desk every few seconds, and sign all that waits. No real installation has this part.
"""

from datetime import datetime

from kaimen.demo import authorities
from kaimen.demo.definitions import Sample
from kaimen.demo.synthetic import require_synthetic
from kaimen.register import packs_in_force
from kaimen.schedule.jobs import job
from kaimen.status import activations, source_keys
from kaimen.status.models import Proposal


@job("demonstration-keepers", every=20)
def sign_what_waits(due_at: datetime) -> None:
    """Accredit every key on file for an office of the sample, and sign every proposal. Raises NotSynthetic."""
    require_synthetic()
    genesis = activations.in_force()
    if genesis is None:
        return
    sample = packs_in_force.pack().one(Sample)
    signs = {office.slug: office.signs for office in sample.offices}
    for key in source_keys.waiting():
        if key.source.slug in signs:
            authorities.accredit_public(sample, key.source, bytes(key.public_key), signs[key.source.slug])
    for proposal in Proposal.objects.filter(genesis=genesis, leaf=None).order_by("made_at"):
        authorities.signed_by_both(sample, proposal)
