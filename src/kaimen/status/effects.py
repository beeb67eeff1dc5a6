"""Effects other parts may set off here, by name."""

from typing import Any

from kaimen.kit.effects import effect
from kaimen.status import subjects


@effect("files-joined")
def files_joined(**about: Any) -> None:
    """A counter saw that two files are one person's.

    Takes `file`, which is closed, and `person`, on whose file everything stands from now on.
    """
    subjects.join(about["file"], about["person"])
