"""What the views of the admins' room share: blueprint, who may enter, and limits."""

from flask import Blueprint, redirect, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from interview import permissions
from interview.accounts.models import User
from interview.safety import KIBIBYTE

blueprint = Blueprint("admin", __name__, url_prefix="/admin")

FORM_BYTES = 64 * KIBIBYTE


@blueprint.before_request
def _let_admins_in() -> Response | None:
    """Ask whoever is not logged in to do so; to all others but admins there is nothing here."""
    if request.method == "GET" and not current_user.is_authenticated:
        return redirect(url_for("security.login", next=request.path))
    permissions.require_admin(current_user)
    return None


@blueprint.app_context_processor
def _admin_helpers() -> dict[str, object]:
    return {"acts_as_admin": lambda: permissions.is_admin(current_user)}


def acting_admin() -> User:
    """Return the admin who sent the request."""
    user: User = current_user._get_current_object()
    return user
