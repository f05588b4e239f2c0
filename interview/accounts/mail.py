"""E-mail: sent by SMTP beside the request, or written to the log when there is no mail server."""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from flask import Flask, current_app
from flask_mailman import EmailMessage
from flask_mailman.backends.base import BaseEmailBackend
from flask_security import MailUtil

log = logging.getLogger(__name__)

# A mail server takes its time, and only for addresses that have an account: sending inside the
# request would tell which ones do. Waiting messages are still sent when the process ends.
_senders = ThreadPoolExecutor(max_workers=2, thread_name_prefix="mail")


class EmailBackend(BaseEmailBackend):
    """Writes messages to the log, links included: that is how a local run shows them."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Log each message and return how many there were."""
        for message in email_messages:
            log.info(
                "e-mail to %s (no mail server is set, so it is only shown here)\n%s\n\n%s",
                ", ".join(message.to),
                message.subject,
                message.body,
            )
        return len(email_messages)


class Mailer(MailUtil):
    """What Flask-Security normalises addresses with and sends its messages by."""

    def normalize(self, email: str) -> str:
        """Return the address in the one form in which it is stored and looked up."""
        return str(super().normalize(email)).lower()

    def validate(self, email: str) -> str:
        """Check the address's form only: nothing is asked from the network."""
        return self.normalize(email)

    def send_mail(
        self,
        template: str,
        subject: str,
        recipient: str | tuple[str, str],
        sender: str | tuple[str, str],
        body: str | None,
        html: str | None,
        **kwargs: Any,
    ) -> None:
        """Send one message, in plain text."""
        _deliver(EmailMessage(str(subject), body, str(sender), [recipient]))


def send(subject: str, recipient: str, body: str) -> None:
    """Send one of the platform's own messages, in plain text."""
    _deliver(EmailMessage(subject, body, current_app.config["MAIL_DEFAULT_SENDER"], [recipient]))


def _deliver(message: EmailMessage) -> None:
    if current_app.config["SETTINGS"].mail_server:
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        _senders.submit(_send, app, message)
    else:
        message.send()


def _send(app: Flask, message: EmailMessage) -> None:
    with app.app_context():
        try:
            message.send()
        except Exception as error:
            # Not the traceback: a mail server's answer can hold the address.
            log.error("an e-mail could not be sent: %s", type(error).__name__)
