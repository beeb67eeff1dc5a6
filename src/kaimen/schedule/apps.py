"""The Django application `schedule`."""

from django.apps import AppConfig


class ScheduleConfig(AppConfig):
    """Registers the part."""

    name = "kaimen.schedule"
    label = "schedule"
