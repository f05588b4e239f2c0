"""Pages of the candidate: an invitation's link, what they agree to, and their application."""

import uuid

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.wrappers import Response

from interview.accounts import actor
from interview.columns import now
from interview.errors import NotFoundError, RefusedError
from interview.extensions import limiter
from interview.practice.forms import PlainForm
from interview.recruiting import applying, consenting, letters
from interview.recruiting.blueprint import CHANGES, FORM_BYTES, MESSAGES, link_gone
from interview.recruiting.forms import (
    AcceptForm,
    WithdrawForm,
    WritingForm,
    accept_form,
    choices_form,
)
from interview.recruiting.models import Invitation
from interview.safety import body_limit

blueprint = Blueprint("applying", __name__)

LOOKS = "60 per minute"
"""How often links may be tried, per address of the network."""


@blueprint.get("/invitations/<token>")
@limiter.limit(LOOKS)
def landing(token: str) -> Response:
    """Show who asks, what will be seen by whom and for how long, and ask for consent."""
    try:
        invitation = applying.of_link(token)
    except NotFoundError:
        return link_gone()
    if applying.is_acceptable(invitation):
        return _landing(invitation, token, accept_form(invitation.application))
    if _is_mine(invitation):
        return redirect(url_for("applying.application", invitation_id=invitation.id))
    return _elsewhere(invitation, token)


@blueprint.post("/invitations/<token>/accept")
@body_limit(FORM_BYTES)
@limiter.limit(CHANGES)
def accept(token: str) -> Response:
    """Accept an invitation."""
    invitation = applying.of_link(token)
    if not applying.is_acceptable(invitation):
        return landing(token)
    form = accept_form(invitation.application)
    if not form.validate():
        return _landing(invitation, token, form, 400)
    candidate = actor.ensure_candidate()
    accepted = applying.accept(candidate, token, form.mode.data, form.choices())
    actor.keep_guest(candidate, accepted.kept_until)
    return redirect(url_for("applying.application", invitation_id=accepted.id))


@blueprint.post("/invitations/<token>/resume")
@body_limit(FORM_BYTES)
@limiter.limit(MESSAGES)
def ask_to_resume(token: str) -> Response:
    """Send the invited address a link that opens the application in another browser."""
    found = applying.ask_to_resume(token)
    if found is not None:
        letters.send_resume(*found)
    flash(_("We have sent a link to the invited address. It works for an hour."), "success")
    return redirect(url_for("applying.landing", token=token))


@blueprint.get("/invitations/resume/<token>")
@limiter.limit(LOOKS)
def resume(token: str) -> str | Response:
    """Offer to go on in this browser."""
    try:
        invitation = applying.resumable(token)
    except NotFoundError:
        return link_gone()
    return render_template(
        "recruiting/resume.html", invitation=invitation, token=token, form=PlainForm()
    )


@blueprint.post("/invitations/resume/<token>")
@body_limit(FORM_BYTES)
@limiter.limit(CHANGES)
def go_on(token: str) -> Response:
    """Open a guest's application in this browser, and in no other one any more.

    Whoever is logged in has it in their account from then on.
    """
    invitation = applying.resume(token)
    guest, application = invitation.candidate, invitation.id
    if guest is None or guest.expires_at is None:  # an account's meanwhile
        raise NotFoundError
    if current_user.is_authenticated:
        actor.adopt(current_user, guest)
    else:
        actor.open_workspace(guest, guest.expires_at - now())
    return redirect(url_for("applying.application", invitation_id=application))


@blueprint.get("/applications")
def mine() -> str:
    """List what the candidate applied for."""
    found = applying.of_candidate(actor.current_candidate())
    return render_template("recruiting/mine.html", invitations=found)


@blueprint.get("/applications/<uuid:invitation_id>")
def application(invitation_id: uuid.UUID) -> Response:
    """Show an application: its questions, how far each is, and the deadline."""
    return _application(invitation_id)


@blueprint.post("/applications/<uuid:invitation_id>/choices")
@body_limit(FORM_BYTES)
@limiter.limit(CHANGES)
def choose(invitation_id: uuid.UUID) -> Response:
    """Change what may be made of the answers."""
    invitation = applying.find(actor.current_candidate(), invitation_id)
    form = choices_form(invitation.application)
    if not form.validate():
        raise RefusedError(_("Something in the request was not as expected."), 400)
    applying.choose(actor.current_candidate(), invitation_id, form.choices())
    flash(_("Your choices are changed; they hold at once."), "success")
    return redirect(url_for("applying.application", invitation_id=invitation_id))


@blueprint.post("/applications/<uuid:invitation_id>/writing")
@body_limit(FORM_BYTES)
@limiter.limit(CHANGES)
def switch_to_writing(invitation_id: uuid.UUID) -> Response:
    """Answer in writing instead of speaking."""
    candidate, form = actor.current_candidate(), WritingForm()
    invitation = applying.find(candidate, invitation_id)
    if applying.has_begun(invitation) and not form.validate():
        return _application(invitation_id, writing_form=form, status=400)
    applying.switch_to_writing(candidate, invitation_id)
    flash(_("You answer in writing now."), "success")
    return redirect(url_for("applying.application", invitation_id=invitation_id))


@blueprint.post("/applications/<uuid:invitation_id>/practise")
@body_limit(FORM_BYTES)
@limiter.limit(CHANGES)
def practise(invitation_id: uuid.UUID) -> Response:
    """Practise on a question that nobody else sees."""
    answer = applying.practise(actor.current_candidate(), invitation_id, str(get_locale()))
    return redirect(url_for("practice.answer", answer_id=answer.id))


@blueprint.post("/applications/<uuid:invitation_id>/withdraw")
@body_limit(FORM_BYTES)
@limiter.limit(CHANGES)
def withdraw(invitation_id: uuid.UUID) -> Response:
    """Take an application back and erase what was given."""
    form = WithdrawForm()
    if not form.validate():
        return _application(invitation_id, withdraw_form=form, status=400)
    applying.withdraw(actor.current_candidate(), invitation_id, forget=bool(form.forget.data))
    flash(_("You have withdrawn. Your answers are erased, and nobody can see them."), "success")
    return redirect(url_for("applying.mine"))


def _is_mine(invitation: Invitation) -> bool:
    candidate = actor.current_candidate()
    return candidate is not None and candidate.id == invitation.candidate_id


def _landing(invitation: Invitation, token: str, form: AcceptForm, status: int = 200) -> Response:
    page = render_template(
        "recruiting/landing.html",
        application=invitation.application,
        statements=consenting.statements(invitation.application, invitation.kept_until),
        token=token,
        form=form,
    )
    return make_response(page, status)


def _elsewhere(invitation: Invitation, token: str) -> Response:
    """Say why a link does not open anything here, and what can be done."""
    is_accepted = invitation.state in applying.ACCEPTED and invitation.candidate is not None
    page = render_template(
        "recruiting/elsewhere.html",
        application=invitation.application,
        is_accepted=is_accepted,
        is_guest=is_accepted and invitation.candidate.is_guest,
        token=token,
        form=PlainForm(),
    )
    return make_response(page, 200 if is_accepted else 410)


def _application(
    invitation_id: uuid.UUID,
    *,
    writing_form: WritingForm | None = None,
    withdraw_form: WithdrawForm | None = None,
    status: int = 200,
) -> Response:
    candidate = actor.current_candidate()
    invitation = applying.find(candidate, invitation_id)
    if invitation.interview is None:  # withdrawn
        return redirect(url_for("applying.mine"))
    page = render_template(
        "recruiting/apply.html",
        invitation=invitation,
        application=invitation.application,
        interview=invitation.interview,
        candidate=candidate,
        statements=consenting.statements(invitation.application, invitation.kept_until),
        choices_form=choices_form(invitation.application, invitation.consent),
        missing=applying.missing(invitation),
        has_begun=applying.has_begun(invitation),
        writing_form=writing_form or WritingForm(formdata=None),
        withdraw_form=withdraw_form or WithdrawForm(formdata=None),
    )
    return make_response(page, status)
