"""Everything the servers need before they start: tables, the pack, an invitation for each gate node."""

from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from kaimen.demo import network, watching
from kaimen.demo.sample import begin_sample
from kaimen.demo.synthetic import require_synthetic
from kaimen.gate.enrolment import invite_node
from kaimen.packs import read_folder
from kaimen.register.installing import install_pack
from kaimen.register.models import InstalledPack, Place


def prepare(pack: Path, witness: str = "") -> None:
    """Make or renew the tables, install the pack in a folder, invite the node. Again, it changes nothing.

    `witness` is the verifier key of the witness to make known. Raises NotSynthetic, PackRefused.
    """
    for database in settings.DATABASES:
        call_command("migrate", database=database, verbosity=0, interactive=False, skip_checks=True)
    if InstalledPack.objects.exists():
        require_synthetic()  # before: the demonstration's pack over a real one would make that one's people "made up"
    install_pack(read_folder(pack))
    require_synthetic()
    begin_sample()  # before anybody judges: the history of colours begins with it
    stage = list(network.stage_gates())
    _invite("node", "演示终端", list(Place.objects.exclude(profile="").exclude(pk__in=[one.pk for one in stage])))
    _invite("node-stage", network.STAGE_NODE, stage)
    if witness:
        watching.make_known(witness, [one.code for one in stage])


def _invite(folder: str, name: str, gates: list[Place]) -> None:
    """Leave a one-time code for the node that will keep its disk in `folder`, unless it has one already."""
    own = Path(settings.DATA) / "demo"
    if (own / folder).exists():
        return
    path, code = own / f"{folder}.invitation", invite_node(None, name, gates)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(code, "utf-8")
