"""What a city writes about itself: the pack's head, calendar, roles, areas, places, base map. Pure: no Django."""

from kaimen.register.definitions.areas import AreaDefinition
from kaimen.register.definitions.base_map import BaseMap, MapFeature
from kaimen.register.definitions.calendar import CalendarDefinition, Holiday
from kaimen.register.definitions.head import Emergency, Head
from kaimen.register.definitions.outlines import Outline
from kaimen.register.definitions.places import PlaceDefinition
from kaimen.register.definitions.roles import Role, ScopeKind
from kaimen.register.definitions.staff import StaffColumn, StaffColumns
from kaimen.register.definitions.trials import PROVERS

__all__ = [
    "PROVERS",
    "AreaDefinition",
    "BaseMap",
    "CalendarDefinition",
    "Emergency",
    "Head",
    "Holiday",
    "MapFeature",
    "Outline",
    "PlaceDefinition",
    "Role",
    "ScopeKind",
    "StaffColumn",
    "StaffColumns",
]  # fmt: skip
