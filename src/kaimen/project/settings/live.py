"""A real installation: https only, behind one proxy, in real time."""

import os

from django.core.exceptions import ImproperlyConfigured

from kaimen.project.settings.base import *  # noqa: F403

if os.environ.get("KAIMEN_CLOCK"):
    raise ImproperlyConfigured("KAIMEN_CLOCK is for drills: unset it, or no pass and no post ends when it should")

SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
ALLAUTH_TRUSTED_PROXY_COUNT = 1  # wrong passwords are counted for the address the proxy saw, not for the proxy's own
SECURE_HSTS_SECONDS = 31_536_000
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
