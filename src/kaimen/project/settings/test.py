"""Tests: real SQLite files in a folder of their own, fast password hashing, mail kept in memory."""

import os
import tempfile

os.environ.setdefault("KAIMEN_DATA", tempfile.mkdtemp(prefix="kaimen-test-"))

from kaimen.project.settings.base import *  # noqa: E402, F403
from kaimen.project.settings.base import DATA, DATABASES, INSTALLED_APPS  # noqa: E402

SYNTHETIC = True
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA / "files"}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
INSTALLED_APPS = [*INSTALLED_APPS, "kaimen.demo"]
DATABASES = {
    name: database | {"TEST": {"NAME": DATA / f"test-{name}.sqlite3"}, "CONN_MAX_AGE": 0}
    for name, database in DATABASES.items()
}
