"""Pages of announcements, and the button with which a reader puts one away."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from interview.admin import announcements
from interview.admin.blueprint import FORM_BYTES, blueprint
from interview.admin.forms import AnnouncementForm
from interview.columns import now
from interview.safety import body_limit

public = Blueprint("announcements", __name__)

PUT_AWAY = "put_away"
REMEMBERED = 50
"""How many announcements a browser remembers to have put away."""


@public.app_context_processor
def _announcements() -> dict[str, object]:
    return {
        "announcements": lambda: announcements.shown(session.get(PUT_AWAY, ())),
        "announced": announcements.render,
    }


@public.post("/announcements/<int:number>/put-away")
@body_limit(FORM_BYTES)
def put_away(number: int) -> Response:
    """Show an announcement no more in this browser, and go back to where it was read."""
    away = [item for item in session.get(PUT_AWAY, []) if item != number]
    session[PUT_AWAY] = [*away, number][-REMEMBERED:]
    back = urlsplit(request.form.get("back", ""))
    inside = back.path.startswith("/") and not back.path.startswith("//")
    return redirect(back.path if inside and not back.netloc else url_for("pages.home"))


@blueprint.get("/announcements")
def announcement_list() -> str:
    """List the announcements, and offer to make one."""
    begin = now().replace(second=0, microsecond=0)
    return _page(AnnouncementForm(starts_at=begin, ends_at=begin + timedelta(days=1)))


@blueprint.post("/announcements")
@body_limit(FORM_BYTES)
def announce() -> Response | tuple[str, int]:
    """Make an announcement."""
    form = AnnouncementForm()
    if not form.validate_on_submit():
        return _page(form), 400
    _save(form)
    flash(_("The announcement is made."), "success")
    return redirect(url_for("admin.announcement_list"))


@blueprint.route("/announcements/<int:number>", methods=["GET", "POST"])
@body_limit(FORM_BYTES)
def announcement(number: int) -> Response | str | tuple[str, int]:
    """Show an announcement and change it."""
    found = announcements.get(number)
    form = AnnouncementForm(obj=found)
    if request.method == "GET":
        return _page(form, number)
    if not form.validate_on_submit():
        return _page(form, number), 400
    _save(form, number)
    flash(_("The announcement is saved."), "success")
    return redirect(url_for("admin.announcement_list"))


@blueprint.post("/announcements/<int:number>/remove")
@body_limit(FORM_BYTES)
def remove_announcement(number: int) -> Response:
    """Remove an announcement."""
    announcements.remove(number)
    flash(_("The announcement is removed."), "success")
    return redirect(url_for("admin.announcement_list"))


def _save(form: AnnouncementForm, number: int | None = None) -> None:
    starts_at, ends_at = (_in_utc(field.data) for field in (form.starts_at, form.ends_at))
    text = (form.text.data or "").strip()
    announcements.save(text, starts_at, ends_at, urgent=form.urgent.data, number=number)


def _in_utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)


def _page(form: AnnouncementForm, number: int | None = None) -> str:
    return render_template(
        "admin/announcements.html",
        form=form,
        number=number,
        items=announcements.all_(),
        moment_now=now(),
    )
