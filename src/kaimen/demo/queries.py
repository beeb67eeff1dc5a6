"""What the demonstration shows of itself."""

from dataclasses import dataclass

from kaimen.demo.models import SampleProgress
from kaimen.register.models import Area, Employment, Organisation, Place


@dataclass(frozen=True)
class Facts:
    """The line under the street."""

    buildings: int
    groups: int
    people: int
    firms: int


def facts() -> Facts:
    """How large the district is, counted now."""
    return Facts(
        buildings=Place.objects.filter(kind=Place.Kind.BUILDING).count(),
        groups=Area.objects.filter(level=Area.Level.GRID).count(),
        people=Employment.objects.count(),
        firms=Organisation.objects.filter(kind=Organisation.Kind.FIRM).count(),
    )


def progress() -> SampleProgress | None:
    """How far the sample has come; None before it began."""
    return SampleProgress.objects.first()
