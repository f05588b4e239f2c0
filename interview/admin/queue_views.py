"""Pages of the queue's health: what waits, what failed and why, workers, store and models."""

import uuid

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response

from interview.admin import health
from interview.admin.blueprint import FORM_BYTES, blueprint
from interview.admin.forms import CauseForm
from interview.errors import RefusedError
from interview.jobs import presence
from interview.practice import labels, presenter
from interview.safety import body_limit

KINDS = {
    "audio": _l("Recordings of sound"),
    "video": _l("Recordings with picture"),
    "text": _l("Recordings of written answers"),
    "document": _l("Documents that wait to be read"),
    "export": _l("Copies of people’s own data, to download"),
    "database": _l("Database"),
}


@blueprint.get("/queue")
def queue() -> str:
    """Show how the queue is, what failed and why, and what is used."""
    return render_template(
        "admin/queue.html",
        state=health.state(),
        states=labels.STATES,
        modes=labels.MODES,
        workers=presence.workers(),
        causes=health.causes(),
        failed=health.failed(),
        explain=presenter.failure,
        storage=health.storage(),
        kinds=KINDS,
        free_bytes=health.free_bytes(),
        models=health.models(),
        pipelines=health.pipelines(),
    )


@blueprint.post("/queue/answers/<uuid:answer_id>/retry")
@body_limit(FORM_BYTES)
def retry_answer(answer_id: uuid.UUID) -> Response:
    """Try one failed analysis again."""
    health.retry(answer_id)
    flash(_("It is tried again."), "success")
    return redirect(url_for("admin.queue"))


@blueprint.post("/queue/retry")
@body_limit(FORM_BYTES)
def retry_cause() -> Response:
    """Try again all that failed for one cause."""
    form = CauseForm()
    if not form.validate_on_submit():
        raise RefusedError(_("Choose a cause."), 400)
    count = health.retry_all(str(form.cause.data))
    flash(
        ngettext("%(num)s answer is tried again.", "%(num)s answers are tried again.", count),
        "success",
    )
    return redirect(url_for("admin.queue"))
