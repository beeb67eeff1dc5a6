"""Named effects: how one part sets off another without knowing it.

A definition says `effect: issue-pass`; `gate` registered that name; `cases` looks it up.
"""

from collections.abc import Callable
from typing import Any, Protocol, runtime_checkable


@runtime_checkable
class Effect(Protocol):
    """What can be set off: a callable with keyword arguments only."""

    def __call__(self, **about: Any) -> None: ...


class UnknownEffect(LookupError):
    """No part registered this name."""


_effects: dict[str, Effect] = {}


def effect(name: str) -> Callable[[Effect], Effect]:
    """Register a function under `name`. Raises ValueError when the name is taken."""

    def register(function: Effect) -> Effect:
        if name in _effects:
            raise ValueError(f"the effect {name!r} is registered already, by {_effects[name]!r}")
        _effects[name] = function
        return function

    return register


def fire(name: str, **about: Any) -> None:
    """Set off the effect `name`. Raises UnknownEffect listing the names there are."""
    if name not in _effects:
        raise UnknownEffect(f"no effect {name!r}; there are: {', '.join(sorted(_effects)) or 'none'}")
    _effects[name](**about)


def names() -> list[str]:
    """Every registered name, sorted."""
    return sorted(_effects)


def about(name: str) -> str:
    """What the effect `name` does, as its function says."""
    return _effects[name].__doc__ or ""
