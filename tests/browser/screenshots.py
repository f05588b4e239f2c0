"""Pictures of the running product for the documentation: `make screenshots`.

An instance of its own is made, served with its worker, and used like by a person.
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from interview.settings import ROOT
from tests.browser import chromium
from tests.browser.conftest import new_context, prepare_instance
from tests.browser.journeys import Person
from tests.browser.recorder import FAKE, Recorder
from tests.support import camera
from tests.support.server import running_server
from tests.support.texts import LONG_ANSWER

IMAGES = ROOT / "docs" / "images"
DESK = {"width": 1200, "height": 900}


def main() -> None:
    """Write the pictures."""
    path = chromium.find()
    if path is None:
        sys.exit(f"No pictures: {chromium.ABSENT}.")
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        instance = Path(folder) / "instance"
        prepare_instance(instance)
        flags = [*chromium.FLAGS, *FAKE, *camera.studio(Path(folder))]
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        with running_server(instance, worker=True) as platform:
            context = new_context(
                browser, platform, viewport=DESK, device_scale_factor=1.5, reduced_motion="reduce"
            )
            take(Person(context.new_page()))
            film(Recorder(context.new_page(), "video"))
            context.close()
        browser.close()


def take(person: Person) -> None:
    """Write an answer and picture what becomes of it."""
    page = person.page
    person.start(about="Problem solving")
    person.write(LONG_ANSWER)
    person.see_it_saved()
    person.hand_in()
    person.see_summary()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=IMAGES / "summary.png")
    page.locator("#traits").scroll_into_view_if_needed()
    page.locator("#traits").screenshot(path=IMAGES / "traits.png")


def film(recorder: Recorder) -> None:
    """Film an answer and picture what becomes of it."""
    page = recorder.page
    recorder.open()
    recorder.record(16)
    recorder.hand_in()
    page.wait_for_load_state("networkidle")
    page.wait_for_function("() => document.querySelector('video').readyState >= 2")
    page.locator("#listen").scroll_into_view_if_needed()
    page.locator("#listen").screenshot(path=IMAGES / "film.png")


if __name__ == "__main__":
    main()
