"""Django's settings; what differs between machines comes from `place.py`."""

from __future__ import annotations

import os
from datetime import timedelta

from tideover.casework import place

DEBUG = os.environ.get("TIDEOVER_DEBUG") == "1"
SECRET_KEY = place.secret_key()
SEAL_KEYS = place.seal_keys()
MARK_KEY = place.mark_key()
MARK_KEY_IS_STATED = place.mark_key_is_stated()
WORKSPACE = place.workspace()
PORTAL_HOSTS = place.portal_hosts()
MOST_AT_ONCE = place.at_once()
ALLOWED_HOSTS = place.hosts()
# Served in the clear only on this machine itself.
SECURE = os.environ.get("TIDEOVER_PLAIN_HTTP") != "1"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "tideover.casework.access",  # before allauth, whose pages it replaces
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "tideover.casework.cases",
    "tideover.casework.payments",
    "tideover.casework.outreach",
    "tideover.casework.console",
    "tideover.casework.api",
    "tideover.casework.portal",
]
MIDDLEWARE = [
    "tideover.casework.whence.Whence",
    "tideover.casework.crowding.Crowding",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tideover.casework.access.doorkeeper.Doorkeeper",
    "tideover.casework.portal.gate.Gate",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "tideover.casework.urls"
WSGI_APPLICATION = "tideover.casework.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tideover.casework.access.menu.menu",
            ]
        },
    }
]
DATABASES = {"default": place.database()}
# Counts of who tries too often. A few hundred, which is Django's own bound, are soon forgotten.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("nl", "Nederlands"), ("es", "Español"), ("fr", "Français")]
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = place.static()
WHITENOISE_USE_FINDERS = True  # a few files of our own: nothing has to be collected first

SECURE_CONTENT_TYPE_NOSNIFF = True
# Nothing to other sites. With no-referrer a browser also hides where a form of our own comes from
# (Origin: null), and the check against forged forms would refuse it.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
FILE_UPLOAD_MAX_MEMORY_SIZE = 6_000_000  # a paper is sealed from memory
_MASKED = {"filters": ["masked"]}
LOGGING = {
    "version": 1, "disable_existing_loggers": False,
    "filters": {"masked": {"()": "tideover.casework.portal.masking.Masked"}},
    "loggers": {"django.request": _MASKED, "django.security.csrf": _MASKED},
}  # fmt: skip

# --- who may come in -----------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first, so that who is locked out gets no answer
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator")
] + [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    }
]
LOGIN_URL, LOGIN_REDIRECT_URL = "account_login", "console:start"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "tideover.casework.access.adapter.StaffAccounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True  # as long as the cookie says, and no longer
ACCOUNT_CHANGE_EMAIL = False
# against guessing from many places at once; from one place axes is stricter
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip,20/300s/key"}
MFA_ADAPTER = "tideover.casework.access.adapter.SecondFactors"
MFA_FORMS = {
    "add_webauthn": "tideover.casework.access.keys.AddKey",
    "authenticate_webauthn": "tideover.casework.access.keys.AnswerOfKey",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE  # a key also works at http://localhost
SECOND_FACTOR = place.second_factor()
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
# by name and place together: whoever knows a name cannot shut its owner out from elsewhere
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_CALLABLE = "tideover.casework.access.adapter.name_tried"
AXES_LOCKOUT_TEMPLATE = "access/locked.html"
AXES_VERBOSE = AXES_ENABLE_ADMIN = False  # its log would name people
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
CSRF_COOKIE_HTTPONLY = True
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"], "style-src": ["'self'"], "script-src": ["'self'"],
        "img-src": ["'self'", "data:"],  # the code that an authenticator app scans
        "font-src": ["'self'"], "connect-src": ["'self'"], "form-action": ["'self'"],
        "base-uri": ["'none'"], "frame-ancestors": ["'none'"], "object-src": ["'none'"],
    }
}  # fmt: skip
