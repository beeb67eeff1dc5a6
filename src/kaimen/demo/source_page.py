"""Names that must not occur: the people a newspaper page of March 2020 names, on which this product is modelled.

Kept as hashes, so that the product does not name them either.
"""

import hashlib

_NAMES = frozenset({
    "001e139329ee6c00", "02a4608798c3089d", "0d3625bb2b229d8c", "16a52a6079b5c543", "1d10aef2e990d599",
    "2acff79c1697bae5", "3660a5123717192c", "3a7e49a5fc662800", "45e4fe6035317a29", "463063ca360dd9f8",
    "4b91e9b2e9ab0050", "4f52ca02a4726599", "586475a960ef6afb", "5960d02d83a870ee", "5c0f16bbf49e9b64",
    "72b92a53124ad944", "a3ba0045479167b6", "ad1edca810da8477", "b7d8a7b7b89a3d3c", "c9537f8fb6ef9851",
    "d49ee4183669a161", "de30b315968eccfe", "e752ae4d4ec36776", "e887a0aa04d58f92",
})  # fmt: skip


def names_somebody(name: str) -> bool:
    """Whether `name` is that of a person on the page."""
    return hashlib.sha256(f"kaimen source page {name}".encode()).hexdigest()[:16] in _NAMES
