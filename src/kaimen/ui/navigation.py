"""The staff bar: each part adds its own places; a reader sees those their post opens."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Item:
    """One place in the bar."""

    order: int
    url_name: str  # takes no arguments
    label: str | Promise
    permission: str


_items: list[Item] = []


def add(order: int, url_name: str, label: str | Promise, permission: str) -> None:
    """Add a place. Called from a part's AppConfig.ready or its access.py."""
    item = Item(order, url_name, label, permission)
    if item not in _items:
        _items.append(item)


def items() -> list[Item]:
    """Every place, in order."""
    return sorted(_items, key=lambda item: item.order)
