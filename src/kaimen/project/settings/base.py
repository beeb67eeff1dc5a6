"""What every installation shares. Each setting a deployer may change is an environment variable `KAIMEN_…`."""

import os
from pathlib import Path

from kaimen.kit.secret_file import kept

ROOT = Path(__file__).resolve().parents[4]
DATA = Path(os.environ.get("KAIMEN_DATA") or ROOT / "var").resolve()
DATA.mkdir(mode=0o700, parents=True, exist_ok=True)  # names of people stand in the databases: the owner's alone
KEYS = DATA / "keys"
BUILD = ROOT / "build"


def _secret_key() -> str:
    return kept(KEYS / "django", lambda: os.urandom(32).hex().encode()).decode()


SECRET_KEY = os.environ.get("KAIMEN_SECRET_KEY") or _secret_key()
DEBUG = False
ALLOWED_HOSTS = os.environ.get("KAIMEN_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("KAIMEN_ORIGINS", "").split(",") if o]
SYNTHETIC = False  # True only where every person is made up: the demonstration and tests

INSTALLED_APPS = [
    "kaimen.ui",
    "kaimen.ledger",
    "kaimen.schedule",
    "kaimen.register",
    "kaimen.notify",
    "kaimen.status",
    "kaimen.gate",
    "kaimen.cases",
    "kaimen.incidents",
    "kaimen.visits",
    "kaimen.residence",
    "kaimen.board",
    "kaimen.web",
    "kaimen.project",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_tasks",
    "django_tasks_db",
    "django.forms",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kaimen.ui.security.SecurityHeaders",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "kaimen.ui.language.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "kaimen.register.post_held.PostHeld",
]

ROOT_URLCONF = "kaimen.project.urls"
WSGI_APPLICATION = "kaimen.project.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kaimen.ui.page.page",
            ],
            "builtins": ["kaimen.ui.templatetags.ui", "django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]
FORM_RENDERER = "kaimen.ui.forms.Renderer"

_SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 10,
        "init_command": (
            "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA cache_size=-65536;"
            "PRAGMA temp_store=MEMORY;PRAGMA journal_size_limit=67108864;"
        ),
    },
}
# Gate events stand in a file of their own, with one writer: a morning peak never holds the desk's lock.
DATABASES = {
    "default": _SQLITE | {"NAME": DATA / "kaimen.sqlite3", "CONN_MAX_AGE": None},
    "events": _SQLITE | {"NAME": DATA / "events.sqlite3", "CONN_MAX_AGE": None},
}
DATABASE_ROUTERS = ["kaimen.project.routers.EventsRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "register.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "kaimen.web.accounts.Adapter"
ACCOUNT_FORMS = {
    "login": "kaimen.web.account_forms.SignIn",
    "change_password": "kaimen.web.account_forms.ChangePassword",
    "reauthenticate": "kaimen.web.account_forms.ConfirmPassword",
}
ACCOUNT_SESSION_REMEMBER = False  # a closed browser is signed out: counters and gates share machines
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
# Codes sent for one address; requests of a laboratory (hundreds of results in each). The rest as allauth has it.
ACCOUNT_RATE_LIMITS = {"join": "20/m/ip,200/h/ip", "evidence": "120/m/ip"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ADAPTER = "kaimen.web.accounts.MfaAdapter"
MFA_TOTP_ISSUER = "Kaimen"
MFA_FORMS = {
    "authenticate": "kaimen.web.account_forms.OneTimeCode",
    "reauthenticate": "kaimen.web.account_forms.ConfirmCode",
    "activate_totp": "kaimen.web.account_forms.SwitchOnCodes",
}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "web:start"
LOGOUT_REDIRECT_URL = "web:home"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
LANGUAGE_COOKIE_NAME = "kaimen_language"
FORMAT_MODULE_PATH = ["kaimen.ui.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = BUILD / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "kaimen.ui.static_files.NodeModules",
]
STATICFILES_DIRS: list[Path] = []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA / "files"}},
    "staticfiles": {"BACKEND": "kaimen.ui.static_files.Storage"},
}

# Processes share what they count: wrong passwords are limited for the house, not for one worker of it.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DATA / "cache",
        # Beyond so many, a third is thrown away by chance: at Django's 300, trying many names would wipe the counts.
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True  # who came in with a code, too
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "kaimen.ui.errors.form_too_old"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# An upload above this is cut off while it arrives, with an answer in words (R: 100 MB uploads).
KAIMEN_UPLOAD_LIMIT = 10 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = KAIMEN_UPLOAD_LIMIT
DATA_UPLOAD_MAX_NUMBER_FIELDS = 25_000  # a firm of 20,000 confirms who comes tomorrow with one field a person
FILE_UPLOAD_HANDLERS = ["kaimen.ui.uploads.Bounded", "django.core.files.uploadhandler.TemporaryFileUploadHandler"]

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = os.environ.get("KAIMEN_MAIL_HOST", "")  # none: e-mail is logged as not sent, for want of a server
EMAIL_PORT = int(os.environ.get("KAIMEN_MAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("KAIMEN_MAIL_USER", "")
_mail_password = os.environ.get("KAIMEN_MAIL_PASSWORD_FILE")  # a file: what stands in the environment, others see
EMAIL_HOST_PASSWORD = Path(_mail_password).read_text("utf-8").strip() if _mail_password else ""
_mail_tls = os.environ.get("KAIMEN_MAIL_TLS", "none")
if _mail_tls not in ("none", "starttls", "tls"):
    raise ValueError(f"KAIMEN_MAIL_TLS is {_mail_tls!r}; it is none, starttls (port 587) or tls (port 465)")
if _mail_password and _mail_tls == "none":
    raise ValueError("KAIMEN_MAIL_PASSWORD_FILE would go out unencrypted; set KAIMEN_MAIL_TLS to starttls or tls")
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail_tls == "starttls", _mail_tls == "tls"
EMAIL_TIMEOUT = 20
KAIMEN_SMS_STAND_IN = False  # True: text messages are shown on the demonstration's outbox page, and go nowhere
DEFAULT_FROM_EMAIL = os.environ.get("KAIMEN_FROM", "kaimen@localhost")

# What the log is called in its checkpoints; it adds a word of its own, so that no two databases have one log.
KAIMEN_LOG_NAME = os.environ.get("KAIMEN_LOG_NAME") or ALLOWED_HOSTS[0].strip("[].*") or "localhost"

# Another city's or province's health-code service; none: nobody is asked. What it says is shown at counters only.
KAIMEN_HEALTH_CODE_URL = os.environ.get("KAIMEN_HEALTH_CODE_URL", "")
_health_code_token = os.environ.get("KAIMEN_HEALTH_CODE_TOKEN_FILE")
HEALTH_CODE_TOKEN = Path(_health_code_token).read_text("utf-8").strip() if _health_code_token else ""

# The node that decides for the scan page. The web server asks it; the browser never speaks to it.
KAIMEN_NODE_URL = os.environ.get("KAIMEN_NODE_URL", "http://127.0.0.1:8700")
# Places whose gates another node decides for: PLACE=URL, with commas between.
KAIMEN_NODE_URLS = dict(one.split("=", 1) for one in os.environ.get("KAIMEN_NODE_URLS", "").split(",") if "=" in one)
KAIMEN_NODE_TOKEN_FILE = KEYS / "node-client-token"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
