"""Pages of privacy: what is kept and for how long, and erasing it."""

import uuid

from flask import Blueprint, current_app, flash, redirect, render_template, session, url_for
from flask_babel import gettext as _
from flask_security import current_user, logout_user, verify_password
from werkzeug.wrappers import Response

from interview.accounts import actor
from interview.extensions import limiter, security
from interview.privacy import services
from interview.privacy.forms import EraseAccountForm, EraseWorkspaceForm
from interview.safety import KIBIBYTE, body_limit

blueprint = Blueprint("privacy", __name__)

FORM_BYTES = 16 * KIBIBYTE
TRIES = "10 per minute; 50 per hour"
"""How often a password may be tried, per address of the network."""


@blueprint.get("/privacy")
def overview() -> str:
    """Tell what is kept, where and for how long; offer to erase it."""
    return _page(_erase_form())


@blueprint.post("/answers/<uuid:answer_id>/erase")
@body_limit(FORM_BYTES)
def erase_answer(answer_id: uuid.UUID) -> Response:
    """Erase one take."""
    interview_id = services.erase_answer(actor.current_candidate(), answer_id)
    flash(_("The answer is erased."), "success")
    if interview_id is None:
        return redirect(url_for("practice.progress"))
    return redirect(url_for("practice.interview", interview_id=interview_id))


@blueprint.post("/interviews/<uuid:interview_id>/erase")
@body_limit(FORM_BYTES)
def erase_interview(interview_id: uuid.UUID) -> Response:
    """Erase an interview with all its answers."""
    services.erase_interview(actor.current_candidate(), interview_id)
    flash(_("The interview is erased, with all its answers."), "success")
    return redirect(url_for("practice.progress"))


@blueprint.post("/privacy/erase")
@body_limit(FORM_BYTES)
@limiter.limit(TRIES)
def erase_everything() -> Response | tuple[str, int]:
    """Erase everything that is kept of this person: an account, or a guest's workspace."""
    form = _erase_form()
    if not form.validate_on_submit() or not _password_fits(form):
        return _page(form), 400
    if current_user.is_authenticated:
        user = current_user._get_current_object()
        _end_session()  # first, as it still asks who it was
        services.erase_account(user)
        flash(_("Your account and everything in it are erased."), "success")
    else:
        guest = actor.current_candidate()
        if guest is not None:
            services.erase_workspace(guest)
        flash(_("Everything you did here is erased."), "success")
    actor.drop_cookie()
    return redirect(url_for("pages.home"))


def _erase_form() -> EraseWorkspaceForm:
    return EraseAccountForm() if current_user.is_authenticated else EraseWorkspaceForm()


def _password_fits(form: EraseWorkspaceForm) -> bool:
    if not isinstance(form, EraseAccountForm):
        return True
    password = security.password_util.normalize(form.password.data or "")
    if verify_password(password, current_user.password):
        return True
    form.password.errors = [_("This is not your password.")]
    return False


def _end_session() -> None:
    """Log out, and keep nothing in the session but the order to remove its cookies."""
    logout_user()
    for key in set(session) - {"_remember"}:
        session.pop(key)


def _page(form: EraseWorkspaceForm) -> str:
    candidate = actor.current_candidate()
    hours = current_app.config["SETTINGS"].unfinished_recording_hours
    return render_template(
        "privacy/overview.html",
        form=form,
        candidate=candidate,
        kept=services.count_kept(candidate),
        guest_hours=current_app.config["SETTINGS"].guest_hours,
        unfinished_days=f"{hours / 24:g}",
        mail_in_log=not current_app.config["SETTINGS"].mail_server,
    )
