"""One settings module; the environment decides (README, "Configuration")."""

import base64
import hashlib
from urllib.parse import parse_qsl, unquote, urlparse

from config import examples
from config.environment import (
    BASE_DIR,
    VAR_DIR,
    flag,
    generated_secret,
    items,
    number,
    text,
)
from config.logs import logging_config
from config.navigation import CONSOLE_NAVIGATION as CONSOLE_NAVIGATION
from config.runtime.places import Places
from config.schedule import SCHEDULE

LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

DEBUG = flag("DEBUG")
SECRET_KEY = text("SECRET_KEY") or generated_secret(VAR_DIR / "secret-key")
SECRET_KEY_IS_GIVEN = bool(text("SECRET_KEY"))
PUBLIC_URL = text("PUBLIC_URL", f"http://127.0.0.1:{number('PORT', 8000)}")
PRODUCTION = urlparse(PUBLIC_URL).hostname not in LOCAL_HOSTS
HTTPS = PUBLIC_URL.startswith("https://")
ALLOWED_HOSTS = items("ALLOWED_HOSTS", urlparse(PUBLIC_URL).hostname or "") + LOCAL_HOSTS
CSRF_TRUSTED_ORIGINS = items("CSRF_TRUSTED_ORIGINS", PUBLIC_URL)

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "template_partials",
    "django_htmx",
    "django_filters",
    "import_export",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "config",
    "core.companies",
    "core.events",
    "core.ledger",
    "core.jobs",
    "core.notifications",
    "core.console",
    "core.api",
    "partners",
    "settlements",
    "invoices",
    "payouts",
]

MIDDLEWARE = [
    "config.middleware.request_log",
    "config.middleware.security_headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "core.console.middleware.chosen_language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.console.context.frame",
            ],
        },
    }
]


def database_from_url(url: str) -> dict[str, object]:
    """postgresql://user:password@host:port/name?sslmode=…, or ?host=/socket/folder."""
    parts = urlparse(url)
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "jeongsan",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": options.pop("port", str(parts.port or "")),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": "-c lock_timeout=10s", "prepare_threshold": 2, **options},
    }


EMBEDDED = Places(VAR_DIR)
EMBEDDED_DATABASE = not text("DATABASE_URL")
DATABASES = {"default": database_from_url(text("DATABASE_URL", EMBEDDED.database_url))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "companies.User"
LOGIN_URL = "/console/login"
LOGIN_REDIRECT_URL = "/console/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", "한국어"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "templates" / "locale"]
TIME_ZONE = "Asia/Seoul"
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 60
MEDIA_ROOT = VAR_DIR / "media"
MAIL_DIR = VAR_DIR / "mail"
SANDBOX_DIR = VAR_DIR / "sandbox"
PAYOUT_RECALL_SECONDS = number("PAYOUT_RECALL_SECONDS", 30)

ETAX_PROVIDER = text("ETAX_PROVIDER", "sandbox")

CELERY_BROKER_URL = text("CELERY_BROKER_URL", EMBEDDED.broker_url)
RINGS_WORKERS = flag("RINGS_WORKERS", True)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = SCHEDULE

REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "core.api.schema.WireSchema",
    "UNAUTHENTICATED_USER": None,
}
API_EXAMPLES = examples.API_EXAMPLES
SPECTACULAR_SETTINGS = {
    "TITLE": "정산 API",
    "VERSION": "1.0.0",
    "DESCRIPTION": "PortOne 파트너 정산 API와 호환됩니다. 공식 SDK의 주소만 바꾸면 됩니다.",
    "OAS_VERSION": "3.1.0",
    "DEFAULT_GENERATOR_CLASS": "core.api.schema.WireGenerator",
    "POSTPROCESSING_HOOKS": [],
}


def _derived_key(purpose: str) -> bytes:
    return hashlib.sha256(f"{purpose}:{SECRET_KEY}".encode()).digest()


def _field_keys() -> dict[str, bytes]:
    """FIELD_KEYS=id:base64,… newest first; without it a key derived from SECRET_KEY."""
    pairs = (item.split(":", 1) for item in items("FIELD_KEYS"))
    return {name: base64.b64decode(key) for name, key in pairs} or {"k0": _derived_key("field")}


FIELD_KEYS = _field_keys()
FIELD_KEYS_ARE_GIVEN = bool(items("FIELD_KEYS"))
SEARCH_KEY = _derived_key("search")
LINK_KEY = _derived_key("link")

WEBHOOKS_MAY_REACH_PRIVATE_ADDRESSES = flag("WEBHOOKS_MAY_REACH_PRIVATE_ADDRESSES")
WEBHOOK_LOG_DAYS = number("WEBHOOK_LOG_DAYS", 90)

HOLDER_CHECK = text("HOLDER_CHECK", "sandbox")
BUSINESS_REGISTRY = text("BUSINESS_REGISTRY", "sandbox")
COMPANY_DIRECTORY = text("COMPANY_DIRECTORY", "sandbox")
NTS_SERVICE_KEY = text("NTS_SERVICE_KEY")
POPBILL_LINK_ID = text("POPBILL_LINK_ID")
POPBILL_SECRET_KEY = text("POPBILL_SECRET_KEY")
POPBILL_TEST = flag("POPBILL_TEST")

EMAIL_HOST = text("SMTP_HOST")
EMAIL_PORT = number("SMTP_PORT", 587)
EMAIL_HOST_USER = text("SMTP_USER")
EMAIL_HOST_PASSWORD = text("SMTP_PASSWORD")
EMAIL_USE_TLS = flag("SMTP_TLS", True)
EMAIL_TIMEOUT = 20
EMAIL_BACKEND = "django.core.mail.backends.{}.EmailBackend".format(
    "smtp" if EMAIL_HOST else "filebased"
)
EMAIL_FILE_PATH = str(MAIL_DIR)
MAIL_DOMAIN = text("MAIL_DOMAIN", "jeongsan.localhost")
DEFAULT_FROM_EMAIL = text("MAIL_FROM", f"no-reply@{MAIL_DOMAIN}")

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
BEHIND_PROXY = flag("BEHIND_PROXY")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
# A test order of 100 products, discounts and fees (settlements.console.trial_forms) has 1,700.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
API_FILE_MAX_BYTES = number("API_FILE_MAX_BYTES", 1024 * 1024 * 1024)
API_REQUESTS_PER_SECOND = number("API_REQUESTS_PER_SECOND", 500)
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

LOGGING = logging_config()
