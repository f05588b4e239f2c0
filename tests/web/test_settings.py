"""Settings: what is refused at the start, and their documentation."""

import os
import stat

import pytest

from interview.cli import works_without_secret
from interview.config import flask_config
from interview.settings import (
    LOCAL_FILE,
    ROOT,
    Settings,
    SettingsError,
    load_settings,
    prepare_local_run,
)
from interview.settings_table import table
from tests.support.databases import SECRET


@pytest.fixture
def environment(monkeypatch, tmp_path):
    """A good production environment; `environment(NAME=value)` changes it and loads it."""

    def load(**values: str) -> Settings:
        good = {
            "SECRET_KEY": SECRET,
            "PUBLIC_URL": "https://interviews.example.org",
            "INSTANCE_DIR": str(tmp_path),
        }
        for name, value in {**good, **values}.items():
            monkeypatch.setenv(name, value)
        return load_settings()

    return load


def test_a_production_environment_with_secret_and_address_is_accepted(environment):
    settings = environment()
    assert settings.environment == "production"
    assert settings.secure


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("SECRET_KEY", "", "SECRET_KEY must be set"),
        ("SECRET_KEY", "short", "at least 32 characters"),
        ("PUBLIC_URL", "", "PUBLIC_URL must be set"),
        ("PUBLIC_URL", "interviews.example.org", "PUBLIC_URL must start with http"),
        ("DATABASE_URL", "mysql://localhost/x", "DATABASE_URL must be a sqlite: or postgresql:"),
        ("QUEUE_URL", "amqp://localhost", "QUEUE_URL must be"),
        ("QUEUE_URL", "redis://localhost:six", "QUEUE_URL must be"),
        ("RATELIMIT_STORAGE_URL", "rediss", "RATELIMIT_STORAGE_URL must be a memory:// or redis:"),
        ("RATELIMIT_STORAGE_URL", "redis://h:six", "RATELIMIT_STORAGE_URL must be"),
        ("MAIL_SERVER", "smtp.example.org", "MAIL_SENDER must be set"),
        ("LANGUAGES", "en,en-GB", "LANGUAGES: 'en-GB' is no language"),
        ("LANGUAGES", "xx", "LANGUAGES: 'xx' is no language"),
        ("LANGUAGES", " , ", "LANGUAGES must name at least one language"),
        ("PORT", "eighty", "PORT: Input should be a valid integer"),
        ("PORT", "70000", "PORT: Input should be less than or equal to 65535"),
        ("ENVIRONMENT", "staging", "ENVIRONMENT: Input should be 'production', 'local' or 'test'"),
        ("MAX_TEXT_CHARACTERS", "60001", "MAX_TEXT_CHARACTERS: Input should be less than or equal"),
        ("LEASE_SECONDS", "0", "LEASE_SECONDS: Input should be greater than 0"),
        ("LOG_FORMAT", "xml", "LOG_FORMAT: Input should be 'text' or 'json'"),
    ],
)
def test_an_environment_that_cannot_be_used_is_refused_and_the_setting_named(
    environment, name, value, message
):
    with pytest.raises(SettingsError, match="The settings cannot be used") as refusal:
        environment(**{name: value})
    assert message in str(refusal.value)


MAIL = {"MAIL_SERVER": "smtp.example.org", "MAIL_SENDER": "interviews@example.org"}


def test_mail_can_go_over_tls_from_the_first_byte(environment):
    settings = environment(**MAIL, MAIL_PORT="465", MAIL_USE_SSL="true")
    config = flask_config(settings)
    assert (config["MAIL_USE_SSL"], config["MAIL_USE_TLS"]) == (True, False)


def test_mail_uses_starttls_unless_told_otherwise(environment):
    config = flask_config(environment(**MAIL))
    assert (config["MAIL_USE_SSL"], config["MAIL_USE_TLS"]) == (False, True)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"MAIL_PORT": "465"}, "MAIL_PORT 465 needs MAIL_USE_SSL=true"),
        ({"MAIL_USE_SSL": "true", "MAIL_USE_TLS": "true"}, "cannot both be true"),
    ],
)
def test_ways_of_sending_mail_that_cannot_work_are_refused(environment, values, message):
    with pytest.raises(SettingsError, match=message):
        environment(**MAIL, **values)


def test_a_language_of_a_country_is_accepted(environment):
    assert environment(LANGUAGES="en_GB").languages == ("en_GB",)


def test_every_mistake_is_named_at_once(environment):
    with pytest.raises(SettingsError) as refusal:
        environment(PORT="eighty", LOG_FORMAT="xml")
    assert "PORT" in str(refusal.value)
    assert "LOG_FORMAT" in str(refusal.value)


def test_a_refusal_does_not_repeat_the_secret(environment):
    with pytest.raises(SettingsError) as refusal:
        environment(SECRET_KEY="hunter2")
    assert "hunter2" not in str(refusal.value)


def test_a_local_run_makes_a_secret_once_that_only_its_owner_can_read(tmp_path, monkeypatch):
    monkeypatch.setenv("INSTANCE_DIR", str(tmp_path))
    monkeypatch.setenv("ENVIRONMENT", "")
    path = prepare_local_run()
    first = load_settings()
    assert prepare_local_run() == path == tmp_path / LOCAL_FILE
    assert load_settings().secret_key == first.secret_key
    assert len(first.secret_key) >= 32
    assert first.environment == "local"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_environment_wins_over_the_file_of_a_local_run(tmp_path, monkeypatch):
    monkeypatch.setenv("INSTANCE_DIR", str(tmp_path))
    monkeypatch.setenv("ENVIRONMENT", "")
    prepare_local_run()
    monkeypatch.setenv("PORT", "9000")
    monkeypatch.setenv("SECRET_KEY", SECRET)
    assert load_settings().secret_key == SECRET
    assert load_settings().port == 9000


def test_production_in_a_folder_of_a_local_run_takes_nothing_from_it(
    environment, tmp_path, monkeypatch
):
    monkeypatch.setenv("ENVIRONMENT", "")
    prepare_local_run(tmp_path)
    monkeypatch.setenv("ENVIRONMENT", "")
    with pytest.raises(SettingsError, match="SECRET_KEY must be set") as refusal:
        environment(SECRET_KEY="")
    assert "set ENVIRONMENT=local to use it" in str(refusal.value)
    with pytest.raises(SettingsError, match="PUBLIC_URL must be set"):
        environment(PUBLIC_URL="")
    assert environment().environment == "production"


def test_processes_that_a_local_run_starts_are_of_the_same_run(tmp_path, monkeypatch):
    monkeypatch.setenv("ENVIRONMENT", "")
    prepare_local_run(tmp_path)
    assert os.environ["ENVIRONMENT"] == "local"


def test_an_address_of_postgresql_needs_no_driver(environment):
    for url in ("postgres://u@h/d", "postgresql://u@h/d", "postgresql+psycopg://u@h/d"):
        assert environment(DATABASE_URL=url).database == "postgresql+psycopg://u@h/d"


def test_several_languages_are_split_at_commas(environment):
    assert environment(LANGUAGES="en, de,fr").languages == ("en", "de", "fr")


@pytest.mark.parametrize(
    ("line", "free"),
    [
        (["flask", "train", "text", "--data", "x"], True),
        (["flask", "--app", "app", "settings"], True),
        (["flask", "worker"], False),
        (["flask", "users", "create", "x@example.org"], False),
        (["gunicorn", "app:app"], False),
    ],
)
def test_only_commands_without_sessions_and_stored_data_run_without_a_secret(line, free):
    assert works_without_secret(line) is free


def test_the_page_of_settings_is_up_to_date():
    assert (ROOT / "docs" / "settings.md").read_text() == table(), (
        "run: flask --app app settings > docs/settings.md"
    )


def test_the_command_prints_the_page_of_settings(runner):
    assert runner.invoke(args=["settings"]).output == table()


def test_every_setting_is_described():
    assert all(field.description for field in Settings.model_fields.values())


def test_every_text_that_the_settings_let_in_can_be_analysed():
    from interview.analysis.text.pipeline import MAXIMUM_CHARACTERS

    limits = Settings.model_fields["max_text_characters"].metadata
    assert max(limit.le for limit in limits if hasattr(limit, "le")) == MAXIMUM_CHARACTERS
