"""Django's settings. What an operator may change is read in `env`; the rest is one way for everybody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import structlog
from csp.constants import NONCE

from tanghulu.config import env

PACKAGE = Path(__file__).resolve().parent.parent

DATA = env.data_directory()
DEMO = env.flag("TANGHULU_DEMO")
HOST = env.text("TANGHULU_HOST", "localhost:8000")
HTTPS = env.flag("TANGHULU_HTTPS")
# Where phones reach this server and where they get its certificate; `up --lan` sets both.
PHONES = env.address("TANGHULU_PHONES", "https")
WELCOME = env.address("TANGHULU_WELCOME", "http")
# What phones are shown there, for its days to be counted; empty where nothing of ours shows one.
PHONES_CERTIFICATE = env.text("TANGHULU_PHONES_CERT", "")
# With these files the web server speaks HTTPS itself. Then no header can say so, and none is believed.
CERTIFICATE = env.certificate()
PROXIES = env.number("TANGHULU_PROXIES", 1 if HTTPS and not CERTIFICATE else 0, low=0, high=9)
# For tests that end the process at a named point; see tanghulu.gateways.pauses.
PAUSE_AT = env.text("TANGHULU_PAUSE_AT", "")
PAUSE_MARKER = env.text("TANGHULU_PAUSE_MARKER", str(DATA / "paused"))

SECRET_KEY = env.secret_key(DATA)
DEBUG = False
_BEHIND_PROXY = HTTPS and CERTIFICATE is None
_ONLY_HTTPS = HTTPS or CERTIFICATE is not None
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *(env.host_of(address) for address in (HOST, PHONES) if address)]
CSRF_TRUSTED_ORIGINS = [f"https://{HOST}"] if HTTPS else []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.dingtalk",
    "django_htmx",
    "tanghulu.apps.tenancy",
    "tanghulu.apps.directory",
    "tanghulu.apps.notices",
    "tanghulu.apps.evidence",
    "tanghulu.apps.flows",
    "tanghulu.apps.photos",
    "tanghulu.apps.jobs",
    "tanghulu.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tanghulu.web.middleware.Polls",
    # These stand aside for requests that bring a bearer token to the API: see tanghulu.web.middleware.
    "tanghulu.web.middleware.Sessions",
    "tanghulu.web.middleware.Language",
    "tanghulu.web.middleware.Tidy",
    "tanghulu.web.middleware.Csrf",
    "tanghulu.web.middleware.Accounts",
    "tanghulu.web.middleware.Presence",
    "tanghulu.web.middleware.Messages",
    "tanghulu.web.middleware.Readable",
    # The sign-in library looks for its own middleware by name, so this one cannot stand aside; it costs little.
    "allauth.account.middleware.AccountMiddleware",
    "tanghulu.web.middleware.Htmx",
    "tanghulu.web.middleware.Policy",
    "tanghulu.web.middleware.ApiScope",
    "tanghulu.web.middleware.Refusals",
]

ROOT_URLCONF = "tanghulu.config.urls"
WSGI_APPLICATION = "tanghulu.config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "tanghulu.web.frame.frame",
            ],
        },
    }
]

DATABASES = {"default": env.database(DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# What must be known to every process, such as that a code has been used. A migration makes the table.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "tanghulu_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# --- people -----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "directory.Account"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    # Lets nobody in unless this is a demo.
    "tanghulu.apps.directory.demo_door.DemoDoor",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "tanghulu.web.passwords.NotTheCurrentOne"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "tanghulu.web.sign_in.ClosedDoor"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_PREVENT_ENUMERATION = True
# Tries are counted in the database instead: see tanghulu.apps.directory.throttle.
ACCOUNT_RATE_LIMITS = False
MFA_RATE_LIMITS = False
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
ACCOUNT_SESSION_REMEMBER = True
SOCIALACCOUNT_ADAPTER = "tanghulu.web.company_account.KnownPeople"
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
# A form that is sent elsewhere is stopped by the content policy, so the way to the issuer is a link.
SOCIALACCOUNT_LOGIN_ON_GET = True
OIDC_NAME = env.text("TANGHULU_OIDC_NAME", "OpenID Connect") if env.text("TANGHULU_OIDC_ISSUER", "") else ""
OIDC_TRUSTS_EMAIL = env.flag("TANGHULU_OIDC_TRUST_EMAIL")
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {
    "openid_connect": {
        "provider_class": "tanghulu.web.company_account.CompanyAccounts",
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "company",
                "name": OIDC_NAME,
                "client_id": env.text("TANGHULU_OIDC_CLIENT_ID", ""),
                "secret": env.text("TANGHULU_OIDC_SECRET", ""),
                "settings": {"server_url": env.text("TANGHULU_OIDC_ISSUER", "").rstrip("/"), "fetch_userinfo": False},
            }
        ]
        if OIDC_NAME
        else [],
    },
    "dingtalk": {
        "provider_class": "tanghulu.web.dingtalk.DingTalk",
        "APPS": env.dingtalk(),
    },
}
DINGTALK = bool(SOCIALACCOUNT_PROVIDERS["dingtalk"]["APPS"])
MFA_ADAPTER = "tanghulu.web.second_factor.SecondFactor"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Tanghulu"
MFA_TOTP_TOLERANCE = 1  # phones whose clock is up to half a minute off
MFA_FORMS = {
    "authenticate": "tanghulu.web.second_factor.CodeForm",
    "reauthenticate": "tanghulu.web.second_factor.CodeAgainForm",
    "activate_totp": "tanghulu.web.second_factor.FirstCodeForm",
    "add_webauthn": "tanghulu.web.second_factor.NewPasskeyForm",
}

SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = _ONLY_HTTPS
CSRF_COOKIE_SECURE = _ONLY_HTTPS
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "tanghulu.web.errors.csrf_failure"

# --- language and time ------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体"), ("zh-hant", "繁體"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = _ONLY_HTTPS
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
USE_TZ = True
TIME_ZONE = "UTC"
# What a reader sees where a tenant says nothing else.
DISPLAY_TIME_ZONE = "Asia/Shanghai"

# --- files ------------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = [PACKAGE / "web" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "tanghulu.web.static_files.HashedWherePresent"},
}
WHITENOISE_USE_FINDERS = True
# Photos are read as a stream by their own handler; nothing else that is posted is larger than this.
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024

# --- safety in the browser --------------------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# Never with a certificate of our own: a browser that remembers would let nobody in once it no longer trusts it, on any
# port of that host.
SECURE_HSTS_SECONDS = 31_536_000 if _BEHIND_PROXY else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _BEHIND_PROXY else None
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        # The number stands in the header only of pages that show it: see components/style_number.html.
        "style-src": ["'self'", NONCE],
        "img-src": ["'self'", "blob:", "data:"],
        "media-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'"],
        "manifest-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "report-uri": "/policy/violation/",
    }
}

# --- logging ----------------------------------------------------------------------------------------------------------
_SHARED: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]
_RENDERER: structlog.typing.Processor = (
    structlog.dev.ConsoleRenderer(colors=False) if DEMO else structlog.processors.JSONRenderer()
)
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "structlog.stdlib.ProcessorFormatter",
            "foreign_pre_chain": _SHARED,
            "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, _RENDERER],
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        # A refusal is an answer, not an incident: only what failed inside is logged.
        "django.request": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
    },
}
structlog.configure(
    processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)
