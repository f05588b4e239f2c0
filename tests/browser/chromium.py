"""Which Chromium drives the browser tests; `python -m tests.browser.chromium` sees to one."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ABSENT = (
    "there is no Chromium: install the package chromium, or name a browser in CHROMIUM, or run "
    "`.venv/bin/playwright install chromium`"
)


def find() -> str | None:
    """Return the browser's path: $CHROMIUM, one of the system's, or Playwright's own."""
    if named := os.environ.get("CHROMIUM"):
        return named
    for name in NAMES:
        if path := shutil.which(name):
            return path
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def main() -> None:
    """Let Playwright fetch its browser where there is none; without it the tests are skipped."""
    if find() is None:
        command = [sys.executable, "-m", "playwright", "install", "chromium"]
        done = subprocess.run(command, capture_output=True, check=False)
        if done.returncode != 0:
            print(f"The browser tests will be skipped: {ABSENT}.")


if __name__ == "__main__":
    main()
