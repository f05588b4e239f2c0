"""Pages of the admins' room: overview, help and policy. The others are in modules of their own."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import LazyString, format_decimal, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from interview.accounts import people
from interview.admin import (  # noqa: F401 - each registers its pages
    announcement_views,
    announcements,
    audit_views,
    glass_views,
    health,
    organisation_views,
    people_views,
    policy,
    question_views,
    queue_views,
)
from interview.admin.blueprint import FORM_BYTES, blueprint
from interview.admin.forms import PolicyForm
from interview.pages import render_markdown
from interview.questions import bank
from interview.safety import body_limit
from interview.settings import ROOT

HELP = ROOT / "docs" / "admin.md"

PLACES: tuple[tuple[str, str, LazyString, LazyString], ...] = (
    (
        "questions",
        "admin.questions",
        _l("Question bank"),
        _l("Write, translate, tag and retire questions; import and export them."),
    ),
    (
        "people",
        "admin.people",
        _l("People"),
        _l("Accounts and their roles, who may log in, invitations to make an account."),
    ),
    (
        "organisations",
        "admin.organisations",
        _l("Organisations"),
        _l("Who asks candidates to apply, with their members and owners."),
    ),
    (
        "policy",
        "admin.rules",
        _l("Policy"),
        _l("Who may make an account, how long practice is kept, emotions and recruiters."),
    ),
    (
        "queue",
        "admin.queue",
        _l("Queue"),
        _l("What waits, what failed and why, workers, storage and models."),
    ),
    (
        "announcements",
        "admin.announcement_list",
        _l("Announcements"),
        _l("A message at the head of every page."),
    ),
    (
        "audit",
        "admin.audit_log",
        _l("Audit log"),
        _l("Who saw, shared, exported, changed and erased what."),
    ),
    (
        "glass",
        "admin.break_glass",
        _l("Break the glass"),
        _l("Open one answer for a stated reason that its candidate will read."),
    ),
)
LIMITS = (
    "guest_hours",
    "max_text_characters",
    "max_document_bytes",
    "max_recording_bytes",
    "max_recording_seconds",
    "unfinished_recording_hours",
    "max_attempts",
)


@blueprint.app_context_processor
def _sections() -> dict[str, object]:
    sections = [
        ("overview", "admin.overview", _("Overview")),
        *((name, endpoint, title) for name, endpoint, title, _about in PLACES),
    ]
    return {
        "admin_sections": lambda: sections,
        "pairs": lambda items: [(item, item) for item in items],
    }


@blueprint.get("")
def overview() -> str:
    """Say what there is to look after, and how things stand."""
    standing = _standing()
    places = [
        (endpoint, title, about, standing.get(name)) for name, endpoint, title, about in PLACES
    ]
    return render_template("admin/overview.html", places=places)


@blueprint.get("/help")
def help_page() -> str:
    """Explain what each page of the room does."""
    return render_template(
        "admin/help.html", document=render_markdown(HELP.read_text(encoding="utf-8"))
    )


@blueprint.route("/policy", methods=["GET", "POST"])
@body_limit(FORM_BYTES)
def rules() -> Response | str | tuple[str, int]:
    """Show and change the instance's rules."""
    if request.method == "GET":
        return _rules(PolicyForm.of(policy.current()))
    form = PolicyForm()
    if not form.validate():
        return _rules(form), 400
    changed = policy.change(**form.values(policy.current()))
    flash(_("The policy is saved.") if changed else _("Nothing was changed."), "success")
    return redirect(url_for("admin.rules"))


def _rules(form: PolicyForm) -> str:
    settings = current_app.config["SETTINGS"]
    limits = {name: format_decimal(getattr(settings, name)) for name in LIMITS}
    return render_template("admin/rules.html", form=form, limits=limits)


def _standing() -> dict[str, str]:
    """Return how the parts of the room stand, in a few words each."""
    questions, accounts = bank.find(bank.Filters())[1], people.find()[1]
    counts, shown = health.state().counts, len(announcements.shown())
    is_open = policy.current().signup == "open"
    return {
        "questions": ngettext("%(num)s question", "%(num)s questions", questions),
        "people": ngettext("%(num)s account", "%(num)s accounts", accounts),
        "policy": _("Anybody may make an account.") if is_open else _("Accounts by invitation."),
        "queue": _(
            "%(waiting)s waiting, %(failed)s failed",
            waiting=counts["queued"],
            failed=counts["failed"],
        ),
        "announcements": ngettext("%(num)s shown now", "%(num)s shown now", shown),
    }
