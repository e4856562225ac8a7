"""Settings, all from the environment (deploy/ has the list). `minori up` and the tests fill it for themselves."""

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from minori.local.addresses import celery_broker_url, database_settings
from minori.local.secrets_file import secret_key
from minori.problems import Problem

BASE_DIR = Path(__file__).resolve().parents[2]
HOME = Path(os.environ.get("MINORI_HOME", BASE_DIR / "var" / "local"))

DEBUG = False
MINORI_DEMO = os.environ.get("MINORI_DEMO") == "1"
SECRET_KEY = os.environ.get("MINORI_SECRET_KEY") or secret_key(HOME)
ALLOWED_HOSTS = os.environ.get("MINORI_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
BASE_URL = os.environ.get("MINORI_URL", "http://127.0.0.1:8000").rstrip("/")
SECURE = BASE_URL.startswith("https://")

# ---- databases: the app's login is the desk; the owner's login is known to workers and commands only ----
_NOWHERE = "postgresql://minori_app@/minori?host=/nowhere"


def _database(url: str) -> dict[str, Any]:
    return {
        "ENGINE": "minori.tenancy.backend",
        **database_settings(url),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {"default": _database(os.environ.get("DATABASE_APP_URL") or _NOWHERE)}
if os.environ.get("DATABASE_URL"):
    DATABASES["owner"] = _database(os.environ["DATABASE_URL"])
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = os.environ.get("REDIS_URL") or "unix:///nowhere?db=0"
CELERY_BROKER_URL = celery_broker_url(REDIS_URL)

# ---- two sides of the hatch ----
SHARED_APPS = [
    "django_tenants",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "django_cotton.apps.SimpleAppConfig",
    "minori.ui",
    "minori.tenancy",
    "minori.audit",
    "minori.accounts",
    "minori.organizations",
    "minori.programmes",
    "minori.registry",
    "minori.filings",
    "minori.administration",
    "minori.houses",
    "minori.calendars",
    "minori.documents",
    "minori.mail",
    "reporting.setup",
    "reporting.common",
    "reporting.own",
    "reporting.review",
    "reporting.portfolio",
    "reporting.reading",
    "reporting.summaries",
    "reporting.profiles",
    "reporting.signals",
    "reporting.remarks",
    "reporting.charts",
    "reporting.exports",
    "reporting.reminding",
    "reporting.handover",
    "workers",
    "allauth",
    "allauth.account",
]
TENANT_APPS = ["tenants.frameworks", "tenants.reports", "tenants.evidence"]
INSTALLED_APPS = SHARED_APPS + TENANT_APPS
TENANT_MODEL = "organizations.Organization"
TENANT_DOMAIN_MODEL = "organizations.Domain"
TENANT_LIMIT_SET_CALLS = True
ROOM_DOORKEEPER = "tenants.access.let_in"

# ---- requests ----
ROOT_URLCONF = "minori.urls"
WSGI_APPLICATION = "minori.wsgi.application"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "minori.health.middleware.HealthFirst",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "minori.ui.middleware.DatabaseAway",
    "minori.ui.middleware.UnreadableFiling",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "minori.ui.middleware.WithoutNul",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "minori.accounts.middleware.PersonMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "minori.accounts.middleware.KeptMiddleware",
    "minori.tenancy.middleware.RoomMiddleware",  # last: nothing of the session is read inside a room
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "django.templatetags.i18n",
                "django.templatetags.static",
                "minori.ui.templatetags.ui_tags",
                "minori.ui.templatetags.kept_tags",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.template.context_processors.csrf",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
FORM_RENDERER = "minori.ui.forms.Renderer"
CSRF_FAILURE_VIEW = "minori.ui.errors.csrf_failure"
COTTON_ISOLATE_BY_DEFAULT = True
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"  # a room cannot read sessions

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 30 if SECURE else 0
SECURE_REFERRER_POLICY = "same-origin"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

# ---- people ----
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["minori.accounts.backends.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "account_login"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_ADAPTER = "minori.accounts.adapter.Adapter"
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation or a code proves the address
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = 3
ACCOUNT_LOGIN_TIMEOUT = 45 * 60
ACCOUNT_RATE_LIMITS = {
    "request_login_code": "30/m/ip,300/h/ip,4/m/key,15/h/key,40/d/key",
    "confirm_login_code": "60/m/ip,10/m/key,40/h/key,200/d/key",
    "login_failed": "30/m/ip,5/5m/key,50/d/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("MINORI_PROXIES", "0"))  # limits count people, not the proxy
CACHES = {
    # the one thing kept in it are counts of attempts: in the database, so that all web processes count together
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_attempts",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

# ---- words, days, files ----
LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語"), ("en", "English")]
USE_I18N = USE_TZ = True
TIME_ZONE = "Asia/Tokyo"
STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("MINORI_STATIC", HOME / "static"))
WHITENOISE_USE_FINDERS = os.environ.get("MINORI_STATIC") is None
EDITIONS_DIR = Path(os.environ.get("MINORI_EDITIONS", HOME / "editions"))  # further form editions
FILES_DIR = Path(os.environ.get("MINORI_FILES", HOME / "files"))
FILES_S3_BUCKET = os.environ.get("MINORI_FILES_S3_BUCKET", "")


def _files() -> dict[str, Any]:
    """On this machine, or in the bucket that is named."""
    if not FILES_S3_BUCKET:
        return {"BACKEND": "minori.filings.stores.LocalStore"}
    from minori.local.object_storage import s3_options

    options = s3_options(
        bucket=FILES_S3_BUCKET,
        endpoint=os.environ.get("MINORI_FILES_S3_ENDPOINT", ""),
        region=os.environ.get("MINORI_FILES_S3_REGION", ""),
        key=os.environ.get("MINORI_FILES_S3_KEY", ""),
        secret=os.environ.get("MINORI_FILES_S3_SECRET", ""),
        prefix=os.environ.get("MINORI_FILES_S3_PREFIX", ""),
    )
    return {"BACKEND": "minori.filings.object_store.S3Store", "OPTIONS": options}


STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "evidence": _files(),
}

# ---- mail ----
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = os.environ.get("MINORI_SMTP_HOST", "127.0.0.1")
EMAIL_PORT = int(os.environ.get("MINORI_SMTP_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("MINORI_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("MINORI_SMTP_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("MINORI_SMTP_TLS") == "1"
EMAIL_TIMEOUT = 20
# A mail service instead of SMTP: its name as django-anymail has it, and its settings as MINORI_ANYMAIL_… (see deploy/)
MAIL_SERVICE = os.environ.get("MINORI_MAIL_SERVICE", "")
ANYMAIL: dict[str, Any] = {
    name.removeprefix("MINORI_ANYMAIL_"): value
    for name, value in os.environ.items()
    if name.startswith("MINORI_ANYMAIL_") and value
} | {"IGNORE_UNSUPPORTED_FEATURES": True, "REQUESTS_TIMEOUT": EMAIL_TIMEOUT}
if MAIL_SERVICE:
    if not MAIL_SERVICE.isidentifier() or find_spec(f"anymail.backends.{MAIL_SERVICE}") is None:
        _wrong = f"MINORI_MAIL_SERVICE names “{MAIL_SERVICE}”, which is no service that django-anymail knows."
        raise Problem(
            _wrong, "Write it as django-anymail does: postmark, mailgun, sendgrid, amazon_ses, brevo …"
        )
    INSTALLED_APPS += ["anymail"]
    EMAIL_BACKEND = f"anymail.backends.{MAIL_SERVICE}.EmailBackend"
MAIL_PER_SECOND = float(os.environ.get("MINORI_MAIL_PER_SECOND", "10"))  # at most, to one mail server
MAIL_LEFT_OF = "tenants.reports.left.left_of"  # asked for what is left to fill in (minori.mail.left)
HEARTBEAT_URL = os.environ.get("MINORI_HEARTBEAT_URL", "")  # asked for after every sweep that went well
DEFAULT_FROM_EMAIL = SERVER_EMAIL = os.environ.get("MINORI_MAIL_FROM", "Minori <minori@localhost>")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("MINORI_LOG", "INFO")},
}
SILENCED_SYSTEM_CHECKS = [
    "security.W004",  # HSTS is set where the address is https
    "security.W008",  # the proxy in front redirects to https (deploy/)
]
