"""The command `kaimen`."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run one management command with this installation's settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kaimen.project.settings.live")
    execute_from_command_line(["kaimen", *sys.argv[1:]])
