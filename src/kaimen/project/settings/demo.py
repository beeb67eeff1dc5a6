"""The demonstration: synthetic people, one-click personas, a stand-in for SMS with an outbox page."""

from kaimen.project.settings.base import *  # noqa: F403
from kaimen.project.settings.base import INSTALLED_APPS

SYNTHETIC = True
KAIMEN_SMS_STAND_IN = True
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = [*INSTALLED_APPS, "kaimen.demo"]
