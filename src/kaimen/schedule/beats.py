"""What every worker does each second, beside its jobs: short, and safe with any number of workers at once."""

from collections.abc import Callable

Beat = Callable[[], object]

_beats: dict[str, Beat] = {}


def beat(name: str) -> Callable[[Beat], Beat]:
    """Register a function every worker calls each second. Raises ValueError when the name is taken."""
    if name in _beats:
        raise ValueError(f"there is a beat {name!r} already: {_beats[name]!r}")

    def register(work: Beat) -> Beat:
        _beats[name] = work
        return work

    return register


def beats() -> dict[str, Beat]:
    """Every beat, by name."""
    return dict(_beats)
