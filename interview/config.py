"""What Flask and its extensions are told, derived from the platform's settings."""

from interview.database import engine_options
from interview.safety import DEFAULT_BODY_BYTES
from interview.settings import Settings


def flask_config(settings: Settings) -> dict[str, object]:
    """Return the configuration that Flask and its extensions read."""
    return {
        "SETTINGS": settings,
        "SECRET_KEY": settings.secret_key,
        "TESTING": settings.environment == "test",
        "MAX_CONTENT_LENGTH": DEFAULT_BODY_BYTES,
        "MAX_FORM_PARTS": 50,
        "SESSION_COOKIE_SECURE": settings.secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "REMEMBER_COOKIE_SECURE": settings.secure,
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
        "SQLALCHEMY_DATABASE_URI": settings.database,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(settings.database),
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the session: an answer may take an evening
        "RATELIMIT_STORAGE_URI": settings.ratelimit_storage_url,
        "RATELIMIT_HEADERS_ENABLED": True,
        # Where the limits are counted may be out of reach; pages stay, and each process counts
        # for itself meanwhile.
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,
        "RATELIMIT_STORAGE_OPTIONS": _storage_options(settings.ratelimit_storage_url),
        "BABEL_DEFAULT_LOCALE": settings.languages[0],
        "MAIL_BACKEND": "smtp" if settings.mail_server else "interview.accounts.mail",
        "MAIL_SERVER": settings.mail_server,
        "MAIL_PORT": settings.mail_port,
        "MAIL_USE_TLS": settings.mail_use_tls and not settings.mail_use_ssl,
        "MAIL_USE_SSL": settings.mail_use_ssl,
        "MAIL_USERNAME": settings.mail_username or None,
        "MAIL_PASSWORD": settings.mail_password or None,
        "MAIL_DEFAULT_SENDER": settings.mail_sender,
        "MAIL_TIMEOUT": 10,
    }


def _storage_options(url: str) -> dict[str, object]:
    """Return how long Redis may keep a request waiting, in seconds."""
    if not url.startswith("redis"):
        return {}
    return {"socket_connect_timeout": 1, "socket_timeout": 2}
