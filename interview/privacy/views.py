"""Pages of privacy: what is kept and for how long, copies of it, and erasing it."""

import uuid

from flask import (
    Blueprint,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_security import current_user, logout_user, verify_password
from werkzeug.wrappers import Response

from interview.accounts import actor
from interview.errors import NotFoundError
from interview.extensions import limiter, security
from interview.media.sending import send
from interview.privacy import archive, exports, groups, services
from interview.privacy import overview as overviews
from interview.privacy.forms import (
    EraseAccountForm,
    EraseWorkspaceForm,
    PlainForm,
    SelfDescriptionForm,
)
from interview.privacy.models import ExportState
from interview.recruiting import ownership
from interview.safety import KIBIBYTE, body_limit

blueprint = Blueprint("privacy", __name__)

FORM_BYTES = 16 * KIBIBYTE
EXPORTS = "10 per hour"
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
        if waiting := ownership.to_hand_over(user):
            form.sure.errors = [ownership.refusal(waiting)]
            return _page(form), 409
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


@blueprint.post("/privacy/exports")
@body_limit(FORM_BYTES)
@limiter.limit(EXPORTS)
def request_export() -> Response:
    """Have an archive made of everything that is kept of this person."""
    candidate = actor.current_candidate()
    if candidate is None:
        raise NotFoundError
    exports.request(candidate)
    return redirect(url_for("privacy.overview", _anchor="copy"))


@blueprint.get("/privacy/exports/<uuid:export_id>")
def export_state(export_id: uuid.UUID) -> Response:
    """Tell how far an archive is."""
    export = exports.find(actor.current_candidate(), export_id)
    return jsonify(state=export.state, progress=export.progress)


@blueprint.get("/privacy/exports/<uuid:export_id>/archive")
def download_export(export_id: uuid.UUID) -> Response:
    """Send the archive, or the part of it that a range asks for."""
    export = exports.find(actor.current_candidate(), export_id)
    if export.state != ExportState.READY or export.file_key is None:
        raise NotFoundError
    response = send(export.file_key, "application/zip", archive.name_of(export))
    if request.range is None:
        exports.note_download(export)
    return response


@blueprint.post("/privacy/exports/<uuid:export_id>/erase")
@body_limit(FORM_BYTES)
def erase_export(export_id: uuid.UUID) -> Response:
    """Erase an archive before its time."""
    exports.erase(actor.current_candidate(), export_id)
    flash(_("The copy of your data is erased. Everything else is as it was."), "success")
    return redirect(url_for("privacy.overview", _anchor="copy"))


@blueprint.route("/privacy/groups", methods=["GET", "POST"])
@body_limit(FORM_BYTES)
def describe() -> Response | str | tuple[str, int]:
    """Ask, as a favour, which groups the person belongs to."""
    candidate = actor.current_candidate()
    found = groups.find(candidate)
    known = {"sex": found.sex or "", "ethnicity": found.ethnicity or ""} if found else {}
    form = SelfDescriptionForm(data=known)
    if form.validate_on_submit():
        groups.save(candidate, form.sex.data, form.ethnicity.data)
        flash(_("Thank you, that is saved. Change or erase it here at any time."), "success")
        return redirect(url_for("privacy.describe"))
    page = render_template("privacy/groups.html", form=form, candidate=candidate, found=found)
    return (page, 400) if form.is_submitted() else page


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
    return render_template(
        "privacy/overview.html",
        form=form,
        plain_form=PlainForm(),
        candidate=candidate,
        page=overviews.of(candidate),
        to_hand_over=ownership.to_hand_over(current_user),
    )
