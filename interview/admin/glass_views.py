"""Pages on which an admin, for a stated reason, opens one answer that nobody shared with them."""

import uuid

from flask import Response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from interview.admin import glass
from interview.admin.blueprint import FORM_BYTES, acting_admin, blueprint
from interview.admin.forms import GlassForm
from interview.errors import NotFoundError
from interview.media import addresses
from interview.recruiting.disclosure import Part, disclose
from interview.recruiting.playing import play
from interview.safety import allow, body_limit

SHOWN = (Part.RECORDING, Part.TRANSCRIPT, Part.DELIVERY, Part.WORDS)
"""What is shown: what was said and done. Estimates of traits and emotions are not."""


@blueprint.app_context_processor
def _glass() -> dict[str, object]:
    return {"broken_glass_of": glass.of_candidate}


@blueprint.route("/glass", methods=["GET", "POST"])
@body_limit(FORM_BYTES)
def break_glass() -> BaseResponse | str | tuple[str, int]:
    """Open one answer for half an hour, saying why; show who did so before."""
    form = GlassForm()
    if not form.is_submitted():
        return _page(form)
    if form.validate():
        try:
            opened = glass.break_(acting_admin(), form.answer.data or "", form.reason.data or "")
            return redirect(url_for("admin.seen_answer", answer_id=opened.answer_id))
        except NotFoundError:
            form.answer.errors = [_("There is no such answer, or it is not handed in yet.")]
    return _page(form), 400


@blueprint.get("/glass/<uuid:answer_id>")
def seen_answer(answer_id: uuid.UUID) -> str:
    """Show an answer that this admin has opened, to read and to hear only."""
    admin = acting_admin()
    opened, answer = glass.see(admin, answer_id)
    allow(media="'self'")
    return render_template(
        "admin/seen_answer.html",
        glass=opened,
        revision=answer.question.revision,
        shown=disclose(answer, SHOWN),
        media=url_for(
            "admin.seen_recording", signed=addresses.sign(answer_id, f"admin:{admin.id}")
        ),
    )


@blueprint.get("/glass/recording/<signed>")
def seen_recording(signed: str) -> Response:
    """Play the recording of an answer that this admin has opened."""
    admin = acting_admin()
    answer_id = addresses.read(signed, f"admin:{admin.id}")
    return play(glass.opened(admin, answer_id)[1])


def _page(form: GlassForm) -> str:
    return render_template(
        "admin/glass.html",
        form=form,
        looks=glass.recent(),
        minutes=glass.OPEN_FOR.seconds // 60,
    )
