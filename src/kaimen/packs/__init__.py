"""Packs: a city's definitions. Finds, reads and checks a folder; knows no kind of definition itself.

Each part brings its own kinds in `definitions.py` and registers them with `kind`.
"""

from kaimen.packs.kinds import Found, Kind, kind, kinds
from kaimen.packs.pack import Pack, PackRefused, from_bytes, read_folder
from kaimen.packs.problems import Problem, Wrong
from kaimen.packs.words import Words

__all__ = [
    "Found", "Kind", "Pack", "PackRefused", "Problem", "Words", "Wrong",
    "from_bytes", "kind", "kinds", "read_folder",
]  # fmt: skip
