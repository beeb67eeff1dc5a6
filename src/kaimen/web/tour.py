"""The tour: every system of the source page, what it promises, and where it lives here."""


def tour() -> list[object]:
    """The stations of the tour, in order."""
    return []
