"""What the recruiters' views share: blueprint, limits, who is acting, and dead links."""

from flask import Blueprint, Response, make_response, render_template
from flask_security import current_user

from interview.accounts.models import User
from interview.permissions import may_recruit
from interview.recruiting import labels
from interview.safety import KIBIBYTE

blueprint = Blueprint("recruiting", __name__, url_prefix="/recruiting")

FORM_BYTES = 64 * KIBIBYTE
CHANGES = "60 per minute"
MESSAGES = "10 per minute; 100 per hour"
"""How often messages may be sent, per address of the network."""


def acting() -> User:
    """Return the account that sends the request; without one, nobody's permissions."""
    user: User = current_user._get_current_object()
    return user


def link_gone() -> Response:
    """Answer a link that opens nothing. Whether it ended or never was looks the same."""
    return make_response(render_template("recruiting/link_gone.html"), 404)


@blueprint.app_context_processor
def _recruiting_helpers() -> dict[str, object]:
    return {
        "is_recruiting": lambda: may_recruit(acting()),
        "may_recruit": may_recruit,
        "role_names": labels.ROLE_NAMES,
        "mode_names": labels.MODES,
        "application_states": labels.APPLICATION_STATES,
        "invitation_states": labels.INVITATION_STATES,
    }
