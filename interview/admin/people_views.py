"""Pages of people: accounts, their roles, and invitations to make one."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from interview import paging
from interview.accounts import people as accounts
from interview.accounts import signup
from interview.accounts.models import ROLES
from interview.accounts.views import INVITATION, public_link
from interview.admin import policy
from interview.admin.blueprint import FORM_BYTES, acting_admin, blueprint
from interview.admin.forms import ROLE_WORDS, RoleForm
from interview.errors import RefusedError
from interview.permissions import every_membership
from interview.safety import body_limit

ACTIVE = {"yes": True, "no": False}


@blueprint.get("/people")
def people() -> str:
    """List the accounts that fit the filters."""
    text, role = request.args.get("text", "").strip(), request.args.get("role", "")
    active, number = request.args.get("active", ""), paging.requested()
    role = role if role in ROLES else ""
    found, total = accounts.find(text, role, ACTIVE.get(active), number)
    return render_template(
        "admin/people.html",
        people=found,
        total=total,
        page=number,
        pages=-(-total // accounts.PAGE),
        kept={"text": text, "role": role, "active": active},
        roles=ROLE_WORDS,
    )


@blueprint.get("/people/<int:user_id>")
def person(user_id: int) -> str:
    """Show an account with its roles and organisations; what it practised is not shown."""
    user = accounts.get(user_id)
    return render_template(
        "admin/person.html", person=user, roles=ROLE_WORDS, memberships=every_membership(user)
    )


@blueprint.post("/people/<int:user_id>/grant")
@body_limit(FORM_BYTES)
def grant_role(user_id: int) -> Response:
    """Give an account a role."""
    user = accounts.grant(user_id, _role())
    flash(_("%(email)s has the role now.", email=user.email), "success")
    return redirect(url_for("admin.person", user_id=user_id))


@blueprint.post("/people/<int:user_id>/revoke")
@body_limit(FORM_BYTES)
def revoke_role(user_id: int) -> Response:
    """Take a role from an account, from its next request on."""
    role = _role()
    user = accounts.revoke(user_id, role)
    flash(_("%(email)s no longer has the role.", email=user.email), "success")
    if role == accounts.ADMIN and user_id == acting_admin().id:
        return redirect(url_for("pages.home"))
    return redirect(url_for("admin.person", user_id=user_id))


@blueprint.post("/people/<int:user_id>/deactivate")
@body_limit(FORM_BYTES)
def deactivate(user_id: int) -> Response:
    """Log an account out everywhere and keep it out; everything in it stays."""
    user = accounts.set_active(user_id, active=False)
    flash(_("%(email)s cannot log in any more.", email=user.email), "success")
    return redirect(url_for("admin.person", user_id=user_id))


@blueprint.post("/people/<int:user_id>/activate")
@body_limit(FORM_BYTES)
def activate(user_id: int) -> Response:
    """Let an account log in again."""
    user = accounts.set_active(user_id, active=True)
    flash(_("%(email)s can log in again.", email=user.email), "success")
    return redirect(url_for("admin.person", user_id=user_id))


@blueprint.get("/people/invitations")
def signup_invitations() -> str:
    """List the invitations that can still be used."""
    return _invitations()


@blueprint.post("/people/invitations")
@body_limit(FORM_BYTES)
def invite() -> str:
    """Make an invitation and show its link, this once."""
    token = signup.invite(acting_admin())
    return _invitations(link=public_link("security.register", **{INVITATION: token}))


@blueprint.post("/people/invitations/<int:invitation_id>/revoke")
@body_limit(FORM_BYTES)
def revoke_signup_invitation(invitation_id: int) -> Response:
    """Take an unused invitation back."""
    signup.revoke(invitation_id)
    flash(_("The invitation is taken back; its link no longer works."), "success")
    return redirect(url_for("admin.signup_invitations"))


def _invitations(link: str | None = None) -> str:
    return render_template(
        "admin/signup_invitations.html",
        invitations=signup.pending(),
        link=link,
        days=signup.VALID.days,
        by_invitation=policy.current().signup == "invitation",
    )


def _role() -> str:
    form = RoleForm()
    if not form.validate_on_submit():
        raise RefusedError(_("Choose one of the roles."), 400)
    return str(form.role.data)
