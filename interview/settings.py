"""Every setting of the platform: read from the environment, validated when the program starts.

`docs/settings.md` is generated from the descriptions in this file (``flask settings``).
"""

import os
import re
import secrets
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from babel import Locale, UnknownLocaleError
from pydantic import Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
"""The folder that holds `app.py`."""

LOCAL_FILE = "local.env"
"""Written into the instance folder by a local run and read by local runs only: production in the
same folder must not take its secret, nor run as `local`, because the file happens to lie there."""

MEBIBYTE = 1024 * 1024
GIBIBYTE = 1024 * MEBIBYTE


class SettingsError(RuntimeError):
    """The environment holds a setting that cannot be used; the message says which and why."""


class Settings(BaseSettings):
    """The platform's settings. Field names in capitals are the environment variables."""

    model_config = SettingsConfigDict(extra="ignore", env_ignore_empty=True, frozen=True)

    environment: Literal["production", "local", "test"] = Field(
        "production",
        description="`production` insists on a secret and an explicit public address; `local` is "
        "what `make run` sets.",
    )
    secret_key: str = Field(
        "",
        description="Signs sessions and links. At least 32 characters; required in production, "
        "made and kept in the instance folder by a local run.",
    )
    instance_dir: Path = Field(
        ROOT / "instance", description="Folder for everything that the platform writes."
    )
    database_url: str = Field(
        "",
        description="`sqlite:///…` or `postgresql+psycopg://…`; SQLite in the instance folder when "
        "empty.",
    )
    queue_url: str = Field(
        "",
        description="`sqlite:///…`, `redis://…` or `postgresql://…`; SQLite in the instance folder "
        "when empty.",
    )
    ratelimit_storage_url: str = Field(
        "memory://",
        description="Where rate limits are counted. `redis://…` as soon as there is more than one "
        "web process.",
    )
    media_url: str = Field(
        "",
        description="Where files are kept: `s3://BUCKET/PREFIX?endpoint=https://…&region=…`, with "
        "credentials in the environment as boto3 reads them (`AWS_ACCESS_KEY_ID`, …); the "
        "instance folder when empty. See docs/privacy.md.",
    )
    models_dir: Path = Field(ROOT / "models", description="Folder of the trained models.")
    host: str = Field("127.0.0.1", description="Address that `python app.py` listens on.")
    port: int = Field(8000, ge=1, le=65535, description="Port that `python app.py` listens on.")
    public_url: str = Field(
        default_factory=lambda values: f"http://localhost:{values['port']}",
        description="The address people use: must be set in production, "
        "`http://localhost:PORT` otherwise. With `https://` cookies are secure and HSTS is sent.",
    )
    trusted_proxies: int = Field(
        0, ge=0, le=8, description="How many reverse proxies in front set `X-Forwarded-*`."
    )
    mail_server: str = Field(
        "", description="SMTP host. Empty: messages are printed to the log instead of sent."
    )
    mail_port: int = Field(587, ge=1, le=65535, description="SMTP port.")
    mail_use_tls: bool = Field(
        True, description="STARTTLS for SMTP, as port 587 wants; not used with `MAIL_USE_SSL`."
    )
    mail_use_ssl: bool = Field(
        False, description="TLS from the first byte for SMTP, as port 465 wants."
    )
    mail_username: str = Field("", description="SMTP user.")
    mail_password: str = Field("", description="SMTP password.")
    mail_sender: str = Field(
        "no-reply@localhost",
        description="Sender of the platform's e-mail; must be set in production with a "
        "`MAIL_SERVER`.",
    )
    lease_seconds: float = Field(
        60.0,
        gt=0,
        description="How long a worker may be silent before its answer goes to another worker.",
    )
    max_attempts: int = Field(
        3, ge=1, description="After so many workers died on an answer it is marked failed."
    )
    guest_hours: float = Field(
        24.0, gt=0, description="How long a guest's workspace is kept without registration."
    )
    max_document_bytes: int = Field(
        10 * MEBIBYTE, ge=1024, description="Largest document that may be uploaded, in bytes."
    )
    max_text_characters: int = Field(
        20_000,
        ge=1000,
        le=60_000,  # what the analysis of a text takes: `MAXIMUM_CHARACTERS` of its pipeline
        description="Longest typed answer, in characters.",
    )
    max_recording_bytes: int = Field(
        200 * MEBIBYTE, ge=MEBIBYTE, description="Largest recording without picture, in bytes."
    )
    max_video_bytes: int = Field(
        500 * MEBIBYTE, ge=MEBIBYTE, description="Largest recording with picture, in bytes."
    )
    max_recording_seconds: int = Field(
        600, ge=10, description="Longest recording, in seconds; the page stops there by itself."
    )
    recogniser_dir: str = Field(
        "",
        description="Folder of a Whisper model for CTranslate2. With it and the package "
        "faster-whisper, recordings are transcribed; empty: candidates may type a transcript.",
    )
    unfinished_recording_hours: float = Field(
        168.0,
        gt=0,
        description="How long a recording that was begun and never handed in is kept.",
    )
    signup: Literal["open", "invitation"] = Field(
        "open",
        description="Who may make an account: anybody, or whoever has an admin's invitation. "
        "Admins may change it while the platform runs, like the next four.",
    )
    recruiter_emotions: bool = Field(
        False,
        description="Whether estimates of emotions may reach recruiters where the candidate "
        "agrees, too. The admins' page of the policy says why it is off.",
    )
    retention_days: int = Field(
        0,
        ge=0,
        le=3650,
        description="After so many days an account's practice answers are erased; 0: kept until "
        "they erase them.",
    )
    recording_days: int = Field(
        0,
        ge=0,
        le=3650,
        description="After so many days recordings of practice answers are erased, their reports "
        "kept; 0: as long as their answers.",
    )
    quota_bytes: int = Field(
        2 * GIBIBYTE,
        ge=0,
        description="How much one person's files may take up, in bytes; 0: no limit.",
    )
    answers_per_day: int = Field(
        200,
        ge=0,
        le=100_000,
        description="How many answers one person may hand in within 24 hours; 0: no limit.",
    )
    export_days: int = Field(
        7, ge=1, description="How long a person's archive of their own data can be downloaded."
    )
    languages: Annotated[tuple[str, ...], NoDecode] = Field(
        ("en",),
        description="Languages offered, comma separated, such as `en` or `en_GB`; each needs a "
        "catalogue in `interview/translations`.",
    )
    log_format: Literal["text", "json"] = Field("text", description="Shape of the log lines.")

    @model_validator(mode="before")
    @classmethod
    def _split_languages(cls, values: dict) -> dict:
        languages = values.get("languages")
        if isinstance(languages, str):
            names = tuple(name.strip() for name in languages.split(",") if name.strip())
            values = {**values, "languages": names}
        return values

    @model_validator(mode="after")
    def _check_together(self) -> Self:
        if len(self.secret_key) < 32:
            raise ValueError(
                "SECRET_KEY must be set to at least 32 characters, for example the output of "
                "`python -c 'import secrets; print(secrets.token_urlsafe(48))'`"
            )
        if self.environment == "production" and "public_url" not in self.model_fields_set:
            raise ValueError("PUBLIC_URL must be set to the address that people use")
        if not self.public_url.startswith(("http://", "https://")):
            raise ValueError("PUBLIC_URL must start with http:// or https://")
        if self.media_url and not re.match(r"s3://[^/?]+", self.media_url):
            raise ValueError("MEDIA_URL must be an s3: address with the name of a bucket")
        self._check_addresses()
        self._check_mail()
        self._check_languages()
        return self

    def _check_addresses(self) -> None:
        for name, kinds, words in (
            ("database_url", ("sqlite:", "postgres"), "a sqlite: or postgresql:"),
            ("queue_url", ("sqlite:", "redis", "postgres"), "a sqlite:, redis: or postgresql:"),
            (
                "ratelimit_storage_url",
                ("memory://", "redis://", "rediss://", "redis+"),
                "a memory:// or redis://",
            ),
        ):
            value = getattr(self, name)
            if value and not (value.startswith(kinds) and _has_usable_port(value)):
                raise ValueError(f"{name.upper()} must be {words} address")

    def _check_mail(self) -> None:
        if not self.mail_server:
            return
        if self.environment == "production" and "mail_sender" not in self.model_fields_set:
            raise ValueError(
                "MAIL_SENDER must be set to an address that MAIL_SERVER sends for: most mail "
                "servers refuse no-reply@localhost"
            )
        if self.mail_port == 465 and not self.mail_use_ssl:
            raise ValueError("MAIL_PORT 465 needs MAIL_USE_SSL=true")
        if self.mail_use_ssl and self.mail_use_tls and "mail_use_tls" in self.model_fields_set:
            raise ValueError("MAIL_USE_SSL and MAIL_USE_TLS cannot both be true")

    def _check_languages(self) -> None:
        if not self.languages:
            raise ValueError("LANGUAGES must name at least one language")
        for name in self.languages:
            try:
                Locale.parse(name)
            except (ValueError, UnknownLocaleError):
                raise ValueError(
                    f"LANGUAGES: {name!r} is no language that is known here; they are written "
                    "like en, de or en_GB"
                ) from None

    @property
    def database(self) -> str:
        """The database's address with the default filled in."""
        url = self.database_url or f"sqlite:///{self.instance_dir.resolve() / 'interview.db'}"
        # Hosting services hand out addresses without a driver; ours is psycopg.
        for prefix in ("postgres://", "postgresql://"):
            if url.startswith(prefix):
                return "postgresql+psycopg://" + url.removeprefix(prefix)
        return url

    @property
    def queue(self) -> str:
        """The queue's address with the default filled in."""
        return self.queue_url or f"sqlite:///{self.instance_dir.resolve() / 'queue.db'}"

    @property
    def media_dir(self) -> Path:
        """Folder of uploaded files; with a bucket, of those that are being written."""
        return self.instance_dir / "media"

    @property
    def secure(self) -> bool:
        """Whether people reach the platform over TLS."""
        return self.public_url.startswith("https://")


def _has_usable_port(url: str) -> bool:
    """Whether the client of Redis can read the port; other addresses may name several hosts."""
    if not url.startswith(("redis://", "rediss://")):
        return True
    try:
        _port = urlsplit(url).port
    except ValueError:
        return False
    return True


def load_settings(**overrides: object) -> Settings:
    """Return the settings of the environment (for a local run, also of its file).

    Raises SettingsError with one line per mistake.
    """
    instance = Path(str(overrides.get("instance_dir") or _environment_instance_dir()))
    local = instance / LOCAL_FILE
    is_local = (overrides.get("environment") or os.environ.get("ENVIRONMENT")) == "local"
    try:
        return Settings(
            _env_file=local if is_local and local.is_file() else None,  # type: ignore[call-arg]
            **overrides,  # type: ignore[arg-type]
        )
    except ValidationError as error:
        hint = "" if is_local or not local.is_file() else _HINT.format(local)
        raise SettingsError(_explain(error) + hint) from None


_HINT = "\n{} is of a local run: set ENVIRONMENT=local to use it."


def prepare_local_run(instance: Path | None = None) -> Path:
    """Make this process a local run, with a folder and a fresh secret in its file, made once.

    Return the file. Processes that this one starts are of the same local run.
    """
    os.environ["ENVIRONMENT"] = os.environ.get("ENVIRONMENT") or "local"
    instance = instance or _environment_instance_dir()
    instance.mkdir(parents=True, exist_ok=True)
    path = instance / LOCAL_FILE
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(f"SECRET_KEY={secrets.token_urlsafe(48)}\n")
    return path


def _environment_instance_dir() -> Path:
    return Path(os.environ.get("INSTANCE_DIR") or ROOT / "instance")


def _explain(error: ValidationError) -> str:
    lines = []
    for problem in error.errors():
        name = str(problem["loc"][0]).upper() if problem["loc"] else ""
        message = problem["msg"].removeprefix("Value error, ")
        lines.append(f"{name}: {message}" if name else message)
    return "The settings cannot be used:\n  " + "\n  ".join(lines)
