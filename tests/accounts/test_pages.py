"""The account pages as a screen reader and a password manager meet them."""

from html.parser import HTMLParser

import pytest

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Page(HTMLParser):
    """The controls, labels and ids of a page."""

    def __init__(self, text):
        super().__init__()
        self.controls, self.labelled, self.ids = {}, set(), set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.ids.add(found.get("id"))
        if tag == "label":
            self.labelled.add(found.get("for"))
        if tag == "input" and found.get("type") != "hidden":
            self.controls[found["name"]] = found


def account_page(path, client, login, make_user):
    browser = login(make_user()) if path == "/change" else client
    return browser, Page(browser.get(path).text)


PAGES = {
    "/login": {"email": "username", "password": "current-password", "remember": None},
    "/register": {"email": "email", "password": "new-password", "password_confirm": "new-password"},
    "/reset": {"email": "email"},
    "/confirm": {"email": "email"},
    "/change": {
        "password": "current-password",
        "new_password": "new-password",
        "new_password_confirm": "new-password",
    },
}


@pytest.mark.parametrize("path", PAGES)
def test_every_control_has_a_label_and_tells_what_may_be_filled_in(client, login, make_user, path):
    _, page = account_page(path, client, login, make_user)
    filled = {name: control.get("autocomplete") for name, control in page.controls.items()}
    assert filled == PAGES[path]
    assert {control["id"] for control in page.controls.values()} <= page.labelled


@pytest.mark.parametrize("path", ["/reset", "/confirm"])
@pytest.mark.parametrize(
    ("email", "message"), [("", "Enter your e-mail address"), ("ada", "not an e-mail address")]
)
def test_what_is_no_address_is_told(client, path, email, message):
    answer = client.post(path, data={"email": email}).text
    assert message in answer
    assert "on its way" not in answer


@pytest.mark.parametrize("path", ["/login", "/register", "/change"])
def test_errors_are_tied_to_their_controls(client, login, make_user, path):
    browser, _ = account_page(path, client, login, make_user)
    page = Page(browser.post(path, data={}).text)
    wrong = [c for c in page.controls.values() if c.get("aria-invalid") == "true"]
    if path == "/login":  # which of the two was wrong is not told
        assert wrong == []
    else:
        assert wrong
    for control in wrong:
        assert set(control["aria-describedby"].split()) <= page.ids


@pytest.mark.parametrize("path", PAGES)
def test_account_pages_are_not_kept_by_caches_and_load_nothing_from_elsewhere(
    client, login, make_user, path
):
    browser, _ = account_page(path, client, login, make_user)
    answer = browser.get(path)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "http://" not in answer.text.replace("http://www.w3.org", "")
    assert "https://" not in answer.text
