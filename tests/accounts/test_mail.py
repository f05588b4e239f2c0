"""Messages: to the log or by SMTP, and where their links lead."""

import logging
import threading

import pytest

from interview.accounts import mail
from tests.accounts.conftest import EMAIL

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
pytestmark = on_sqlite


def test_without_a_mail_server_messages_with_their_links_are_in_the_log(client, make_user, caplog):
    make_user(email=EMAIL)
    with caplog.at_level(logging.INFO, "interview"):
        client.post("/reset", data={"email": EMAIL})
    (line,) = [record for record in caplog.records if record.name == "interview.accounts.mail"]
    assert "http://localhost:8000/reset/" in line.getMessage()
    assert EMAIL in line.getMessage()


@pytest.mark.settings(public_url="https://interview.example.org/")
def test_links_start_with_the_public_address_whatever_the_request_says(client, make_user, mailbox):
    make_user(email=EMAIL)
    client.post("/reset", data={"email": EMAIL}, headers={"Host": "evil.example.org"})
    assert "https://interview.example.org/reset/" in mailbox[0].body
    assert "evil" not in mailbox[0].body


@pytest.mark.settings(mail_server="mail.example.org")
def test_a_slow_mail_server_does_not_keep_the_page_waiting(
    app, client, make_user, monkeypatch, wait_for
):
    make_user(email=EMAIL)
    answered, sent = threading.Event(), []

    def slow(self, messages):
        answered.wait(10)
        sent.extend(messages)

    app.extensions["mailman"].backend = "interview.accounts.mail"
    monkeypatch.setattr(mail.EmailBackend, "send_messages", slow)
    assert client.post("/reset", data={"email": EMAIL}).status_code == 200
    assert sent == []
    answered.set()
    wait_for(lambda: sent)
    assert sent[0].to == [EMAIL]


@pytest.mark.settings(mail_server="mail.example.org")
def test_a_failing_mail_server_is_noted_without_the_address(
    app, client, make_user, monkeypatch, wait_for, caplog
):
    make_user(email=EMAIL)

    def fail(self, messages):
        raise OSError(f"no route for {EMAIL}")

    app.extensions["mailman"].backend = "interview.accounts.mail"
    monkeypatch.setattr(mail.EmailBackend, "send_messages", fail)
    with caplog.at_level(logging.INFO, "interview"):
        assert client.post("/reset", data={"email": EMAIL}).status_code == 200
        wait_for(lambda: "could not be sent" in caplog.text)
    assert EMAIL not in caplog.text


@pytest.mark.settings(mail_server="mail.example.org")
def test_with_a_mail_server_no_address_and_no_link_is_logged(
    client, make_user, mailbox, caplog, wait_for
):
    make_user(email=EMAIL)
    with caplog.at_level(logging.DEBUG, "interview"):
        client.post("/reset", data={"email": EMAIL})
        wait_for(lambda: mailbox)
    assert EMAIL not in caplog.text
    assert "/reset/." not in caplog.text
