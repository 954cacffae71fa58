"""Django's settings, made from the configuration that `instance.configuration` has read and checked."""

import environ

from instance import __version__
from instance.configuration import ROOT, read
from instance.database_urls import direct_options

CONFIGURATION = read()
VERSION = __version__
SOFTWARE = "preau"

DEBUG = False
DEVELOPMENT = CONFIGURATION.development
SECRET_KEY = CONFIGURATION.secret_key
KEYS_SECRET = CONFIGURATION.keys_secret
HOST = CONFIGURATION.host
ORIGIN = CONFIGURATION.origin
FORMER_HOSTS = CONFIGURATION.former_hosts  # see federation/names.py
ACCOUNT_DOMAIN = CONFIGURATION.account_domain
NETWORK_NAME = CONFIGURATION.network_name
PUBLIC_POSTS = CONFIGURATION.public_posts
FEDERATION = CONFIGURATION.federation
WORK = CONFIGURATION.work
ADMIN_EMAIL, SMTP = CONFIGURATION.admin_email, CONFIGURATION.smtp
EMAIL_HOST, EMAIL_PORT, EMAIL_TIMEOUT = SMTP.host, SMTP.port, 8
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = SMTP.user, SMTP.password
EMAIL_USE_SSL, EMAIL_USE_TLS = SMTP.tls, SMTP.starttls
PROXIES = CONFIGURATION.proxies
METRICS_TOKEN = CONFIGURATION.metrics_token
LOG_LEVEL = CONFIGURATION.log_level
ALLOW_PRIVATE = DEVELOPMENT
SIGNATURE_WINDOW = CONFIGURATION.signature_window
INBOX_DEPTH = CONFIGURATION.inbox_depth
KEEP = CONFIGURATION.keep
HOUSE_RATE, HOUSE_BURST = CONFIGURATION.house_rate, CONFIGURATION.house_rate * 20
ALLOWED_HOSTS = [each.split(":")[0] for each in (HOST, *FORMER_HOSTS)]
CSRF_TRUSTED_ORIGINS = [ORIGIN]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "oauth2_provider",
    "federation",
    "actors",
    "outbox",
    "inbox",
    "instance",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "instance.monitoring.timed",
    "instance.middleware.strict_headers",
    "instance.middleware.present_name",
    "instance.monitoring.by_address",
    "instance.maintenance.closed",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "instance.middleware.own_language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "instance.middleware.readable_address",
]
MIDDLEWARE_FOR_MACHINES = [
    "django.middleware.security.SecurityMiddleware",
    "instance.monitoring.timed",
    "instance.middleware.strict_headers",
    "instance.maintenance.closed",
    "django.middleware.common.CommonMiddleware",
    "instance.middleware.readable_address",
]
ROOT_URLCONF = "instance.urls"
WSGI_APPLICATION = "instance.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                ("django.template.loaders.cached.Loader", ["django.template.loaders.filesystem.Loader"]),
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "instance.web.context.house",
            ],
            "builtins": ["instance.templatetags.preau", "django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]
TEMPLATES[0].pop("APP_DIRS")

DATABASES = {"default": environ.Env.db_url_config(CONFIGURATION.database_url)}
SQLITE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
if SQLITE:
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-4000;",
    }
else:  # each process has few statements of its own, asked again and again: the server plans them once
    DATABASES["default"]["ENGINE"] = "instance.postgresql"
    DATABASES["default"].setdefault("OPTIONS", {}).update(server_side_binding=True, prepare_threshold=5)
DIRECT = {}  # what differs of the server itself, for those who need a session of their own (ADR 21)
if CONFIGURATION.database_direct_url:
    DIRECT = environ.Env.db_url_config(CONFIGURATION.database_direct_url)
    DIRECT = {name: DIRECT.get(name, "") for name in ("HOST", "PORT", "USER", "PASSWORD")} | {
        "OPTIONS": direct_options(DIRECT.get("OPTIONS", {}), DATABASES["default"]["OPTIONS"]),
        "DISABLE_SERVER_SIDE_CURSORS": False,
    }
    # Through a pooler, a transaction finds no session again in which anything was prepared, opened or set.
    DATABASES["default"]["OPTIONS"] = {**DATABASES["default"]["OPTIONS"], "prepare_threshold": None}
    DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True
# A connection serves many requests: opening one costs more than most of what is asked through it.
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = not SQLITE
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "actors.Agent"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("login", "name")},
    },
]
OAUTH2_PROVIDER_APPLICATION_MODEL = "instance.Application"
OAUTH2_PROVIDER_ACCESS_TOKEN_MODEL = "oauth2_provider.AccessToken"  # noqa: S105  a model
TOKEN_LIFE = 365 * 24 * 3600
OAUTH2_PROVIDER = {  # why: docs/decisions/0014-oauth.md
    "ACCESS_TOKEN_EXPIRE_SECONDS": TOKEN_LIFE,
    "REFRESH_TOKEN_EXPIRE_SECONDS": TOKEN_LIFE,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "PKCE_REQUIRED": False,  # every application has a secret; older ones know nothing else
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],  # unused: `instance.redirects` decides
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,  # only a checksum of a token is kept
}
OAUTH2_PROVIDER_ID_TOKEN_MODEL = "oauth2_provider.IDToken"  # noqa: S105  the same
OAUTH2_PROVIDER_REFRESH_TOKEN_MODEL = "oauth2_provider.RefreshToken"  # noqa: S105  the same
OAUTH2_PROVIDER_GRANT_MODEL = "oauth2_provider.Grant"
OAUTH2_PROVIDER_DEVICE_GRANT_MODEL = "oauth2_provider.DeviceGrant"
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
SESSION_COOKIE_AGE = 30 * 24 * 3600
SESSION_COOKIE_NAME = "preau"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEVELOPMENT
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "instance.web.errors.csrf_failure"

LANGUAGE_CODE = "fr"  # of the sources: what no catalogue holds is in it
LANGUAGE = CONFIGURATION.language
LANGUAGES = [("fr", "Français"), ("en", "English")]
LOCALE_PATHS = [ROOT / "locale"]
TIME_ZONE = "Europe/Paris"
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [ROOT / "static"]
DATA = CONFIGURATION.data
STATIC_ROOT = DATA / "static"
MEDIA_ROOT = DATA / "media"
TALLIES = DATA / "tallies"
MAINTENANCE = DATA / "maintenance"  # while this file exists, every door is closed and work rests
BACKUPS = DATA / "sauvegardes"  # unless `preau backup --to` names another place
MEDIA_BUCKET, BACKUP_BUCKET = CONFIGURATION.media, CONFIGURATION.backups
WHITENOISE_USE_FINDERS = DEVELOPMENT
WHITENOISE_AUTOREFRESH = False
STORAGES = {
    "default": {
        "BACKEND": "instance.bucket_media.BucketMedia"
        if MEDIA_BUCKET
        else "django.core.files.storage.FileSystemStorage"
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEVELOPMENT
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
FILE_UPLOAD_PERMISSIONS = 0o640

REDIS_URL = CONFIGURATION.redis_url
CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_connect_timeout": 2,
    "socket_timeout": 10,
    "max_retries": 0,  # a request must not wait for a broker that is down: rows wait, and the sweep finds them
    "interval_start": 0,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BEAT_SCHEDULE = {"sweep": {"task": "preau.sweep", "schedule": 10.0}}
