"""Names say what is inside; business is called, not signalled."""

from pathlib import Path

from tests.architecture.names import says_nothing, signals
from tests.architecture.sources import ROOT, files, nothing, product


def test_every_file_is_named_for_what_is_in_it() -> None:
    under = [ROOT / "src", ROOT / "bench", ROOT / "tests"]
    migrations = list((ROOT / "src").rglob("migrations/*.py"))
    assert [
        line for path in [*files(".py", ".js", ".html", under=under), *migrations] for line in says_nothing(path)
    ] == []


def test_a_file_of_odds_and_ends_is_found() -> None:
    assert list(says_nothing(Path("kaimen/gate/utils.py")))
    assert list(says_nothing(Path("kaimen/common/dates.py")))
    assert list(says_nothing(Path("kaimen/gate/migrations/0002_auto_20200316_0730.py")))
    assert not list(says_nothing(Path("kaimen/gate/queries.py")))


def test_no_part_uses_signals() -> None:
    nothing(line for path in product(".py") for line in signals(path))


def test_a_signal_is_found_however_it_is_imported(tmp_path: Path) -> None:
    for line in (
        "from django.db.models.signals import post_save",
        "from django.db.models import signals",
        "from django.dispatch import receiver",
        "import django.dispatch",
    ):
        module = tmp_path / "module.py"
        module.write_text(line)
        assert len(list(signals(module))) == 1, line
