"""Pages of organisations: which there are, who is in them, and new ones."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from interview.accounts import services as accounts
from interview.accounts.models import User
from interview.admin.blueprint import FORM_BYTES, acting_admin, blueprint
from interview.admin.forms import OrganisationForm, OwnerForm
from interview.errors import RefusedError
from interview.recruiting import letters, oversight
from interview.safety import body_limit


@blueprint.route("/organisations", methods=["GET", "POST"])
@body_limit(FORM_BYTES)
def organisations() -> Response | str | tuple[str, int]:
    """List the organisations, and make one for an account."""
    form = OrganisationForm()
    if form.validate_on_submit() and (owner := _owner(form)):
        made = oversight.make((form.name.data or "").strip(), owner)
        flash(_("%(name)s is there now.", name=made.name), "success")
        return redirect(url_for("admin.organisation", organisation_id=made.id))
    page = render_template("admin/organisations.html", standings=oversight.standings(), form=form)
    return (page, 400) if form.is_submitted() else page


@blueprint.route("/organisations/<int:organisation_id>", methods=["GET", "POST"])
@body_limit(FORM_BYTES)
def organisation(organisation_id: int) -> Response | str | tuple[str, int]:
    """Show an organisation's members, and appoint an owner."""
    found, form = oversight.get(organisation_id), OwnerForm()
    status = 400 if form.is_submitted() else 200
    if form.validate_on_submit() and (owner := _owner(form)):
        try:
            told = oversight.appoint(acting_admin(), organisation_id, owner)
        except RefusedError as error:
            form.email.errors, status = [error.message], error.status
        else:
            letters.send_appointment(found, owner.email, told)
            flash(_("%(email)s is an owner now.", email=owner.email), "success")
            return redirect(url_for("admin.organisation", organisation_id=organisation_id))
    return render_template("admin/organisation.html", organisation=found, form=form), status


def _owner(form: OwnerForm) -> User | None:
    """Return the account that the form names, or note at its field that there is none."""
    owner = accounts.find_user(form.email.data or "")
    if owner is None:
        form.email.errors = [_("There is no account with this address.")]
    return owner
