"""Real Chromium against the real processes: one platform for all journeys."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from interview.settings import ROOT
from tests.browser import chromium
from tests.browser.journeys import Person
from tests.browser.people import add_others
from tests.support.server import Server, free_port, running_server, server_environment

PATIENCE = 60_000
"""Milliseconds: the worker's first answer waits for the model, on a machine that may be busy."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is in this folder."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    path = chromium.find()
    if path is None:
        pytest.skip(chromium.ABSENT)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=chromium.FLAGS)
        yield started
        started.close()


def prepare_instance(folder: Path) -> None:
    """Make an instance with the whole question bank and some other candidates."""
    subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", "prepare"],
        cwd=ROOT,
        env=server_environment(folder, free_port()),
        check=True,
        capture_output=True,
    )
    add_others(folder)


@pytest.fixture(scope="session")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the platform that all journeys use."""
    folder = tmp_path_factory.mktemp("browser") / "instance"
    prepare_instance(folder)
    return folder


@pytest.fixture(scope="session")
def platform(browser: Browser, instance: Path) -> Iterator[Server]:
    """The running platform, web and worker."""
    with running_server(instance, worker=True) as server:
        yield server


def new_context(browser: Browser, platform: Server, **options: object) -> BrowserContext:
    """Return a fresh browser profile that waits long enough."""
    context = browser.new_context(base_url=platform.url, locale="en-GB", **options)
    context.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    return context


def watch(page: Page) -> list[str]:
    """Collect what goes wrong on a page: script errors, refusals of the policy, failed loads."""
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(f"script: {error}"))
    page.on(
        "console",
        lambda message: (
            problems.append(f"console: {message.text}")
            if message.type in ("error", "warning")
            else None
        ),
    )
    page.on("requestfailed", lambda request: problems.append(_failure(request)))
    return problems


def _failure(request: object) -> str:
    return f"load: {request.url} {request.failure}"


@pytest.fixture(scope="session")
def studio(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A platform to record on; its worker has quick models, as these tests are not about them."""
    instance = tmp_path_factory.mktemp("recording") / "instance"
    prepare_instance(instance)
    with running_server(instance, worker=False) as server:
        worker = subprocess.Popen(
            [sys.executable, "-m", "tests.support.worker"], cwd=ROOT, env=server.environment
        )
        yield server
        worker.terminate()
        worker.wait(timeout=30)


@pytest.fixture
def launch(browser: Browser, studio: Server) -> Iterator[Callable[..., BrowserContext]]:
    """`launch(*flags)` starts a Chromium of its own with these flags and returns a profile."""
    started = []

    def start(*flags: str, **options: object) -> BrowserContext:
        own = browser.browser_type.launch(
            executable_path=chromium.find(), args=[*chromium.FLAGS, *flags]
        )
        started.append(own)
        return new_context(own, studio, **options)

    yield start
    for each in started:
        each.close()


@pytest.fixture
def context_options() -> dict[str, object]:
    """Options of the browser profile; a test overrides them by parametrisation."""
    return {}


@pytest.fixture
def refusal() -> str:
    """What the browser logs of a refusal that a test provokes; overridden by parametrisation."""
    return "ERR_ABORTED"


@pytest.fixture
def page(
    browser: Browser, platform: Server, context_options: dict[str, object], refusal: str
) -> Iterator[Page]:
    """A page of a new profile; the test fails when anything goes wrong on it unseen."""
    context = new_context(browser, platform, **context_options)
    page = context.new_page()
    problems = watch(page)
    yield page
    context.close()
    # Leaving a page ends what it was still loading.
    expected = ("ERR_ABORTED", refusal)
    assert [line for line in problems if not any(word in line for word in expected)] == []


@pytest.fixture
def person(page: Page) -> Person:
    """Somebody at the browser."""
    return Person(page)
