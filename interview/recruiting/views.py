"""Pages of organisations and their members."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_security import auth_required
from werkzeug.wrappers import Response

from interview.errors import NotFoundError, RefusedError
from interview.extensions import limiter
from interview.permissions import may_recruit, member_of, memberships
from interview.practice.forms import PlainForm
from interview.recruiting import application_views, invitations, letters, organisations, ownership
from interview.recruiting.blueprint import (
    CHANGES,
    FORM_BYTES,
    MESSAGES,
    acting,
    blueprint,
    link_gone,
)
from interview.recruiting.forms import CloseForm, MemberForm, OrganisationForm, RoleForm
from interview.recruiting.models import MemberRole
from interview.safety import body_limit

__all__ = ["application_views", "blueprint"]


@blueprint.get("")
@auth_required("session")
def overview() -> str:
    """Show the account's organisations with their application interviews."""
    return _overview(OrganisationForm())


@blueprint.post("/organisations")
@body_limit(FORM_BYTES)
@limiter.limit(CHANGES)
def create_organisation() -> Response | tuple[str, int]:
    """Make an organisation."""
    form = OrganisationForm()
    if not form.validate():
        return _overview(form), 400
    made = organisations.create(acting(), form.name.data)
    flash(_("The organisation is there. Next, make an interview."), "success")
    return redirect(url_for("recruiting.organisation", organisation_id=made.id))


@blueprint.get("/organisations/<int:organisation_id>")
def organisation(organisation_id: int) -> str:
    """Show an organisation: its application interviews and members."""
    return _organisation(organisation_id, MemberForm())


@blueprint.post("/organisations/<int:organisation_id>/name")
@body_limit(FORM_BYTES)
@limiter.limit(CHANGES)
def rename_organisation(organisation_id: int) -> Response | tuple[str, int]:
    """Give an organisation another name."""
    form = OrganisationForm()
    member_of(acting(), organisation_id, MemberRole.OWNER)
    if not form.validate():
        return _organisation(organisation_id, MemberForm(formdata=None), name_form=form), 400
    organisations.rename(acting(), organisation_id, form.name.data)
    flash(_("The organisation has the new name."), "success")
    return redirect(url_for("recruiting.organisation", organisation_id=organisation_id))


@blueprint.route("/organisations/<int:organisation_id>/close", methods=["GET", "POST"])
@body_limit(FORM_BYTES)
@limiter.limit(MESSAGES, methods=["POST"])
def close_organisation(organisation_id: int) -> Response | str | tuple[str, int]:
    """Say what ends with an organisation and, once that is confirmed, close it."""
    form = CloseForm()
    ending = ownership.ending(acting(), organisation_id)
    if not form.validate_on_submit():
        page = render_template("recruiting/close.html", ending=ending, form=form)
        return (page, 400) if form.is_submitted() else page
    letters.send_closing(ownership.close(acting(), organisation_id))
    flash(_("The organisation is closed."), "success")
    return redirect(url_for("recruiting.overview"))


@blueprint.post("/organisations/<int:organisation_id>/members")
@body_limit(FORM_BYTES)
@limiter.limit(MESSAGES)
def invite_member(organisation_id: int) -> str | tuple[str, int]:
    """Invite a member by e-mail, and show the link to whoever invited."""
    form = MemberForm()
    if not form.validate():
        return _organisation(organisation_id, form), 400
    try:
        email, token = organisations.invite(
            acting(), organisation_id, form.email.data, MemberRole(form.role.data)
        )
    except RefusedError as error:
        form.email.errors = [error.message]
        return _organisation(organisation_id, form), error.status
    found, _membership = organisations.find(acting(), organisation_id)
    link = letters.send_membership(found, email, token)
    return _organisation(organisation_id, MemberForm(formdata=None), link=link, email=email)


@blueprint.post("/members/<int:membership_id>/role")
@body_limit(FORM_BYTES)
@limiter.limit(CHANGES)
def change_role(membership_id: int) -> Response:
    """Give a member another role."""
    form = RoleForm()
    if not form.validate():
        raise RefusedError(_("Something in the request was not as expected."), 400)
    member = organisations.change_role(acting(), membership_id, MemberRole(form.role.data))
    flash(_("The role is changed; it holds at once."), "success")
    return redirect(url_for("recruiting.organisation", organisation_id=member.organisation_id))


@blueprint.post("/members/<int:membership_id>/remove")
@body_limit(FORM_BYTES)
@limiter.limit(CHANGES)
def remove_member(membership_id: int) -> Response:
    """End a membership, one's own or another's."""
    organisation_id = organisations.remove(acting(), membership_id)
    flash(_("The membership has ended."), "success")
    try:
        organisations.find(acting(), organisation_id)
    except NotFoundError:
        return redirect(url_for("pages.home"))
    return redirect(url_for("recruiting.organisation", organisation_id=organisation_id))


@blueprint.get("/join/<token>")
@auth_required("session")
def join(token: str) -> str | Response:
    """Show what somebody is asked to be a member of."""
    try:
        offered = organisations.pending(token)
    except NotFoundError:
        return link_gone()
    return render_template(
        "recruiting/join.html", membership=offered, token=token, form=PlainForm()
    )


@blueprint.post("/join/<token>")
@auth_required("session")
@body_limit(FORM_BYTES)
@limiter.limit(CHANGES)
def accept_membership(token: str) -> Response:
    """Become a member."""
    joined = organisations.join(acting(), token)
    flash(_("You are a member of %(name)s now.", name=joined.name), "success")
    return redirect(url_for("recruiting.organisation", organisation_id=joined.id))


def _overview(form: OrganisationForm) -> str:
    if not may_recruit(acting()):
        raise NotFoundError
    mine = memberships(acting())
    return render_template(
        "recruiting/overview.html",
        memberships=mine,
        counts=invitations.counts([each.organisation_id for each in mine]),
        form=form,
    )


def _organisation(
    organisation_id: int,
    form: MemberForm,
    *,
    name_form: OrganisationForm | None = None,
    link: str | None = None,
    email: str | None = None,
) -> str:
    found, membership = organisations.find(acting(), organisation_id)
    return render_template(
        "recruiting/organisation.html",
        organisation=found,
        membership=membership,
        counts=invitations.counts([organisation_id]),
        roles=list(MemberRole),
        form=form,
        name_form=name_form or OrganisationForm(formdata=None, name=found.name),
        link=link,
        email=email,
    )
