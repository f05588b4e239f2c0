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
        browser = playwright.chromium.launch(executable_path=path, args=chromium.FLAGS)
        with running_server(instance, worker=True) as platform:
            context = new_context(
                browser, platform, viewport=DESK, device_scale_factor=1.5, reduced_motion="reduce"
            )
            take(Person(context.new_page()))
            context.close()
        browser.close()


def take(person: Person) -> None:
    """Go through the pages and picture them."""
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


if __name__ == "__main__":
    main()
