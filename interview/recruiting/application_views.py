"""Pages of an application interview: its editor, its invitations, opening and closing it."""

import uuid

from flask import flash, redirect, render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from interview import paging
from interview.errors import RefusedError
from interview.extensions import limiter
from interview.permissions import member_of
from interview.recruiting import applications, invitations, letters
from interview.recruiting.applications import EDITORS
from interview.recruiting.blueprint import CHANGES, FORM_BYTES, MESSAGES, acting, blueprint
from interview.recruiting.forms import (
    ApplicationForm,
    BankPromptForm,
    DeadlineForm,
    InviteForm,
    OwnPromptForm,
)
from interview.recruiting.invitations import Sent
from interview.recruiting.models import ApplicationInterview, ApplicationState
from interview.safety import body_limit


@blueprint.route("/organisations/<int:organisation_id>/new", methods=["GET", "POST"])
@body_limit(FORM_BYTES)
@limiter.limit(CHANGES, methods=["POST"])
def new_application(organisation_id: int) -> str | Response | tuple[str, int]:
    """Make an application interview."""
    organisation = member_of(acting(), organisation_id, *EDITORS).organisation
    form = ApplicationForm()
    if form.validate_on_submit():
        made = applications.create(acting(), organisation_id, form.values())
        return redirect(url_for("recruiting.application", application_id=made.id))
    page = render_template("recruiting/edit.html", organisation=organisation, form=form)
    return (page, 400) if form.is_submitted() else page


@blueprint.route("/applications/<int:application_id>/edit", methods=["GET", "POST"])
@body_limit(FORM_BYTES)
@limiter.limit(CHANGES, methods=["POST"])
def edit_application(application_id: int) -> str | Response | tuple[str, int]:
    """Change a draft."""
    found = applications.find(acting(), application_id, *EDITORS)
    if found.state != ApplicationState.DRAFT:
        return redirect(url_for("recruiting.application", application_id=application_id))
    form = ApplicationForm.of(found)
    status = 400 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            applications.update(acting(), application_id, form.values())
        except RefusedError as error:
            form.form_errors, status = [error.message], error.status
        else:
            flash(_("The changes are saved."), "success")
            return redirect(url_for("recruiting.application", application_id=application_id))
    page = render_template(
        "recruiting/edit.html", organisation=found.organisation, application=found, form=form
    )
    return page, status


@blueprint.get("/applications/<int:application_id>")
def application(application_id: int) -> str:
    """Show an application interview: its questions, and who is invited."""
    return _page(applications.find(acting(), application_id, *EDITORS))


@blueprint.post("/applications/<int:application_id>/bank-prompts")
@body_limit(FORM_BYTES)
@limiter.limit(CHANGES)
def add_bank_prompt(application_id: int) -> Response:
    """Add a question of the bank to a draft."""
    found = applications.find(acting(), application_id, *EDITORS)
    form = BankPromptForm()
    form.offer(applications.bank(found))
    if not form.validate():
        raise RefusedError(_("This question is not in the bank any more. Choose another one."))
    applications.add_bank_prompt(acting(), application_id, form.revision.data)
    return _to_prompts(application_id)


@blueprint.post("/applications/<int:application_id>/own-prompts")
@body_limit(FORM_BYTES)
@limiter.limit(CHANGES)
def add_own_prompt(application_id: int) -> Response | tuple[str, int]:
    """Add a question of the organisation's own to a draft."""
    found = applications.find(acting(), application_id, *EDITORS)
    form = OwnPromptForm()
    if not form.validate():
        return _page(found, own_form=form), 400
    applications.add_own_prompt(
        acting(), application_id, form.text.data, form.competency.data, str(get_locale())
    )
    return _to_prompts(application_id)


@blueprint.post("/applications/<int:application_id>/prompts/<int:position>/remove")
@body_limit(FORM_BYTES)
@limiter.limit(CHANGES)
def remove_prompt(application_id: int, position: int) -> Response:
    """Take a question out of a draft."""
    applications.remove_prompt(acting(), application_id, position)
    return _to_prompts(application_id)


@blueprint.post("/applications/<int:application_id>/prompts/<int:position>/raise")
@body_limit(FORM_BYTES)
@limiter.limit(CHANGES)
def raise_prompt(application_id: int, position: int) -> Response:
    """Ask a question of a draft one place earlier."""
    applications.raise_prompt(acting(), application_id, position)
    return _to_prompts(application_id)


@blueprint.post("/applications/<int:application_id>/open")
@body_limit(FORM_BYTES)
@limiter.limit(CHANGES)
def open_application(application_id: int) -> Response:
    """Open a draft for invitations."""
    applications.open_(acting(), application_id)
    flash(_("The interview is open. Invite your candidates below."), "success")
    return redirect(url_for("recruiting.application", application_id=application_id))


@blueprint.post("/applications/<int:application_id>/close")
@body_limit(FORM_BYTES)
@limiter.limit(CHANGES)
def close_application(application_id: int) -> Response:
    """Take no new answers."""
    applications.close(acting(), application_id)
    flash(_("The interview is closed. What is being answered now may still arrive."), "success")
    return redirect(url_for("recruiting.application", application_id=application_id))


@blueprint.post("/applications/<int:application_id>/deadline")
@body_limit(FORM_BYTES)
@limiter.limit(CHANGES)
def extend_application(application_id: int) -> Response | tuple[str, int]:
    """Set a later deadline."""
    found, form = applications.find(acting(), application_id, *EDITORS), DeadlineForm()
    if not form.validate():
        return _page(found, deadline_form=form), 400
    try:
        applications.extend(acting(), application_id, form.moment)
    except RefusedError as error:
        form.deadline.errors = [error.message]
        return _page(found, deadline_form=form), error.status
    flash(_("The new deadline holds for everybody who is invited."), "success")
    return redirect(url_for("recruiting.application", application_id=application_id))


@blueprint.post("/applications/<int:application_id>/erase")
@body_limit(FORM_BYTES)
@limiter.limit(CHANGES)
def erase_application(application_id: int) -> Response:
    """Throw a draft away."""
    organisation_id = applications.erase_draft(acting(), application_id)
    flash(_("The draft is gone."), "success")
    return redirect(url_for("recruiting.organisation", organisation_id=organisation_id))


@blueprint.post("/applications/<int:application_id>/invitations")
@body_limit(FORM_BYTES)
@limiter.limit(MESSAGES)
def invite(application_id: int) -> str | tuple[str, int]:
    """Invite candidates by e-mail, and show their links to whoever invites."""
    found, form = applications.find(acting(), application_id, *EDITORS), InviteForm()
    if not form.validate():
        return _page(found, invite_form=form), 400
    sent = invitations.invite(acting(), application_id, form.addresses)
    gone = invitations.withdrawn(found, form.addresses)
    left_out = _withdrew(gone) if gone else _("Everybody whom you entered is invited already.")
    if not sent:
        form.emails.errors = [left_out]
        return _page(found, invite_form=form), 409
    if gone:
        flash(left_out, "info")
    return _page(found, sent=sent)


@blueprint.post("/invitations/<uuid:invitation_id>/resend")
@body_limit(FORM_BYTES)
@limiter.limit(MESSAGES)
def resend_invitation(invitation_id: uuid.UUID) -> str:
    """Send a new link to somebody who has not accepted yet."""
    sent = invitations.resend(acting(), invitation_id)
    return _page(sent.invitation.application, sent=[sent])


@blueprint.post("/invitations/<uuid:invitation_id>/revoke")
@body_limit(FORM_BYTES)
@limiter.limit(CHANGES)
def revoke_invitation(invitation_id: uuid.UUID) -> Response:
    """End an invitation that was not accepted."""
    ended = invitations.revoke(acting(), invitation_id)
    flash(_("The invitation is revoked; its link opens nothing any more."), "success")
    return redirect(url_for("recruiting.application", application_id=ended.application_id))


def _withdrew(emails: list[str]) -> str:
    return _(
        "Withdrew from this interview, and are not asked again here: %(emails)s. Should they ask "
        "you to, invite them to another interview.",
        emails=", ".join(emails),
    )


def _to_prompts(application_id: int) -> Response:
    return redirect(
        url_for("recruiting.application", application_id=application_id, _anchor="questions")
    )


def _page(
    found: ApplicationInterview,
    *,
    own_form: OwnPromptForm | None = None,
    invite_form: InviteForm | None = None,
    deadline_form: DeadlineForm | None = None,
    sent: list[Sent] | None = None,
) -> str:
    """Return an interview's page; the links of what was just sent are shown this once."""
    bank_form = BankPromptForm(formdata=None)
    if found.state == ApplicationState.DRAFT:
        bank_form.offer(applications.bank(found))
    return render_template(
        "recruiting/application.html",
        application=found,
        bank_form=bank_form,
        own_form=own_form or OwnPromptForm(formdata=None),
        invite_form=invite_form or InviteForm(formdata=None),
        deadline_form=deadline_form or DeadlineForm(formdata=None),
        followed=invitations.follow(found, paging.requested()),
        unanswered=invitations.UNANSWERED,
        links=[(item.invitation.email, letters.send_invitation(item)) for item in sent or []],
    )
