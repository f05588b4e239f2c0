"""The Dockerfile, compose.yaml and what the image gets, read as files."""

import fnmatch
import re

import pytest
import yaml

from interview.settings import ROOT, Settings

SERVICES = {"prepare", "web", "worker", "postgres", "redis"}
NOT_SETTINGS = {"POSTGRES_PASSWORD", "BIND"}
OTHERS = {
    "TMPDIR",
    "WEB_CONCURRENCY",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
}
"""What Python, gunicorn and boto3 read."""

OF_THE_CONTAINER = {"INSTANCE_DIR", "MODELS_DIR", "HOST", "PORT"}
"""Settings that the image decides."""


@pytest.fixture(scope="module")
def compose() -> dict:
    return yaml.safe_load((ROOT / "compose.yaml").read_text())


@pytest.fixture(scope="module")
def dockerfile() -> list[str]:
    """The Dockerfile's instructions, continued lines joined, without comments."""
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def stages(lines: list[str]) -> list[list[str]]:
    found: list[list[str]] = []
    for line in lines:
        if line.startswith("FROM "):
            found.append([])
        found[-1].append(line)
    return found


def test_compose_runs_web_worker_postgresql_redis_and_a_preparation(compose):
    assert set(compose["services"]) == SERVICES


def test_web_and_worker_start_after_the_preparation_succeeded(compose):
    for name in ("web", "worker"):
        needs = compose["services"][name]["depends_on"]
        assert needs["prepare"]["condition"] == "service_completed_successfully"
        assert needs["postgres"]["condition"] == "service_healthy"
        assert needs["redis"]["condition"] == "service_healthy"


def test_compose_holds_no_secret_and_says_which_one_is_missing():
    text = (ROOT / "compose.yaml").read_text()
    for name in ("SECRET_KEY", "POSTGRES_PASSWORD", "PUBLIC_URL"):
        uses = re.findall(r"\$\{" + name + r"([^}]*)\}", text)
        assert uses
        assert all(use.startswith(":?set " + name) for use in uses)


def test_compose_sets_only_settings_that_exist(compose):
    known = {name.upper() for name in Settings.model_fields}
    for name in ("prepare", "web", "worker"):
        assert set(compose["services"][name]["environment"]) <= known | OTHERS
    asked = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "compose.yaml").read_text()))
    assert asked <= known | NOT_SETTINGS


def test_every_setting_reaches_the_containers(compose):
    known = {name.upper() for name in Settings.model_fields}
    for name in ("prepare", "web", "worker"):
        environment = compose["services"][name]["environment"]
        assert set(environment) == (known - OF_THE_CONTAINER) | OTHERS


def test_a_setting_that_compose_does_not_decide_is_passed_on_as_it_is(compose):
    environment = compose["services"]["web"]["environment"]
    decided = {"ENVIRONMENT", "SECRET_KEY", "PUBLIC_URL", "DATABASE_URL", "QUEUE_URL"}
    decided |= {"RATELIMIT_STORAGE_URL", "LOG_FORMAT", "TMPDIR"}
    assert {name for name, value in environment.items() if value is not None} == decided


def test_docker_waits_longer_for_the_web_to_stop_than_gunicorn_for_its_requests(compose):
    gunicorn: dict = {}
    exec((ROOT / "gunicorn.conf.py").read_text(), gunicorn)
    grace = compose["services"]["web"]["stop_grace_period"]
    assert int(grace.removesuffix("s")) > gunicorn["graceful_timeout"]


def test_large_uploads_are_written_to_the_disk_and_not_into_the_memory(compose):
    service = compose["services"]["web"]
    volume = service["volumes"][0].partition(":")[2]
    assert service["environment"]["TMPDIR"] == volume
    assert service["tmpfs"] != volume


def test_several_web_processes_share_queue_and_rate_limits(compose):
    environment = compose["services"]["web"]["environment"]
    assert environment["QUEUE_URL"].startswith("redis://redis")
    assert environment["RATELIMIT_STORAGE_URL"].startswith("redis://redis")
    assert environment["QUEUE_URL"] != environment["RATELIMIT_STORAGE_URL"]


def test_web_and_worker_share_the_uploads_and_postgresql_keeps_its_data(compose):
    services = compose["services"]
    assert services["web"]["volumes"] == services["worker"]["volumes"] == ["data:/data"]
    assert services["postgres"]["volumes"][0].startswith("postgres:")
    assert set(compose["volumes"]) == {"data", "postgres"}


def test_containers_of_the_platform_have_no_more_rights_than_needed(compose):
    for name in ("prepare", "web", "worker"):
        service = compose["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]


def test_only_the_web_is_reachable_from_outside_and_only_on_this_machine_by_default(compose):
    assert {name for name, service in compose["services"].items() if "ports" in service} == {"web"}
    assert compose["services"]["web"]["ports"] == ["${BIND:-127.0.0.1:8000}:8000"]


def test_the_image_is_built_in_stages_and_runs_without_root(dockerfile):
    build, final = stages(dockerfile)
    assert any("pip install" in line for line in build)
    assert not any("pip install" in line for line in final)
    users = [line for line in final if line.startswith("USER ")]
    assert users == ["USER interview"]
    assert final.index(users[0]) < final.index(
        'CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]'
    )


def test_the_image_checks_its_health_without_further_tools(dockerfile):
    check = next(line for line in dockerfile if line.startswith("HEALTHCHECK"))
    assert "/healthz" in check
    assert '"python"' in check
    assert "curl" not in check


def test_everything_copied_into_the_image_exists_and_passes_the_dockerignore(dockerfile):
    kept = [
        line.removeprefix("!")
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    ]
    copied = [
        source
        for line in dockerfile
        if line.startswith("COPY ") and "--from" not in line
        for source in line.split()[1:-1]
    ]
    assert copied
    for source in copied:
        assert (ROOT / source).exists(), source
        assert any(fnmatch.fnmatch(source, pattern) for pattern in kept), source
