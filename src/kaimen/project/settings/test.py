"""Tests: real SQLite files in a folder of their own, fast password hashing, mail kept in memory."""

import os
import tempfile
from pathlib import Path
from typing import Any

from kaimen.project.settings import test_folder


def _own_folder() -> str:
    """A folder for this process alone: each worker of pytest-xdist has its own, below that of the whole run."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    given = os.environ.get("KAIMEN_DATA") or str(test_folder.own(Path(tempfile.gettempdir())))
    return given if not worker or Path(given).name == worker else str(Path(given) / worker)


os.environ["KAIMEN_DATA"] = _own_folder()

from kaimen.project.settings.base import *  # noqa: E402, F403
from kaimen.project.settings.base import DATA, DATABASES, INSTALLED_APPS  # noqa: E402

SYNTHETIC = True
KAIMEN_SMS_STAND_IN = True
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
EMAIL_HOST = "localhost"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA / "files"}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
INSTALLED_APPS = [*INSTALLED_APPS, "kaimen.demo"]


def _for_tests(name: str, database: dict[str, Any]) -> dict[str, Any]:
    """The same database in a file for tests. No power is cut in a test, so nothing waits for the disk."""
    commands = database["OPTIONS"]["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    return database | {
        "TEST": {"NAME": DATA / f"test-{name}.sqlite3"},
        "CONN_MAX_AGE": 0,
        "OPTIONS": database["OPTIONS"] | {"init_command": commands},
    }


DATABASES = {name: _for_tests(name, database) for name, database in DATABASES.items()}
