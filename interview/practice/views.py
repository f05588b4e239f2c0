"""Pages of the practice rooms: thin, they parse, call a service and render."""

import uuid
from typing import Any

from flask import (
    Response,
    current_app,
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import get_locale
from werkzeug.wrappers import Response as BaseResponse

from interview.accounts.actor import current_candidate, ensure_candidate
from interview.errors import RefusedError, wants_json
from interview.limits import limited
from interview.peers import services as peers
from interview.practice import film, history, presenter, recording_views, services, voice
from interview.practice.blueprint import (
    AUTOSAVES,
    FORM_BYTES,
    STARTS,
    SUBMISSIONS,
    blueprint,
    context,
)
from interview.practice.forms import (
    DocumentForm,
    DraftForm,
    RetakeForm,
    StartForm,
    SubmitForm,
)
from interview.practice.models import Answer, AnswerState
from interview.recruiting import rules
from interview.safety import allow, body_limit


def _text_bytes() -> int:
    """Bytes of the longest text, each character percent-encoded in up to twelve, and the rest."""
    return 12 * current_app.config["SETTINGS"].max_text_characters + FORM_BYTES


def _document_bytes() -> int:
    return current_app.config["SETTINGS"].max_document_bytes + _text_bytes()


@blueprint.route("/text", methods=["GET", "POST"])
@body_limit(FORM_BYTES)
@limited(STARTS, methods=["POST"])
def text() -> BaseResponse:
    """Choose and start a text interview."""
    return _choose("text")


@blueprint.route("/audio", methods=["GET", "POST"])
@body_limit(FORM_BYTES)
@limited(STARTS, methods=["POST"])
def audio() -> BaseResponse:
    """Choose and start an audio interview."""
    return _choose("audio")


@blueprint.route("/video", methods=["GET", "POST"])
@body_limit(FORM_BYTES)
@limited(STARTS, methods=["POST"])
def video() -> BaseResponse:
    """Choose and start a video interview."""
    return _choose("video")


@blueprint.get("/interviews/<uuid:interview_id>")
def interview(interview_id: uuid.UUID) -> str | BaseResponse:
    """Show the questions of one interview and how far each is."""
    found = services.find_interview(current_candidate(), interview_id)
    if invitation := rules.invitation_of(found):
        return redirect(url_for("applying.application", invitation_id=invitation.id))
    return render_template("practice/interview.html", interview=found)


@blueprint.get("/answers/<uuid:answer_id>")
def answer(answer_id: uuid.UUID) -> str | Response:
    """Show an answer as what it is now: a draft, on its way, failed, or its summary."""
    candidate = current_candidate()
    found = services.find_answer(candidate, answer_id)
    if wants_json():
        return jsonify(_as_json(found))
    if found.state == AnswerState.DRAFT and found.question.interview.is_spoken:
        return recording_views.recorder_page(found)
    if found.state == AnswerState.DRAFT:
        return _draft_page(found, _form_of(found), DocumentForm())
    if found.report is None:
        allow(media="'self'")  # a recording that could not be analysed can still be heard
        if found.is_handed_in and rules.is_application(found.question.interview):
            following = services.next_question(found)
            return render_template("recruiting/sent.html", following=following, **context(found))
        again = RetakeForm(keep=True)
        return render_template("practice/answer_working.html", retake_form=again, **context(found))
    return _summary_page(found)


@blueprint.post("/answers/<uuid:answer_id>/draft")
@body_limit(_text_bytes)
@limited(AUTOSAVES)
def save_draft(answer_id: uuid.UUID) -> Response | BaseResponse | tuple[str, int]:
    """Keep a draft, from the page's script or its button."""
    form = DraftForm()
    if not form.validate():
        return _refuse_draft(answer_id, form)
    text, version = form.text.data or "", _version(form)
    try:
        saved = services.save_draft(current_candidate(), answer_id, text, version)
    except services.ChangedError:
        return _both_texts(answer_id, text)
    if wants_json():
        return jsonify(version=saved)
    return redirect(url_for("practice.answer", answer_id=answer_id))


@blueprint.post("/answers/<uuid:answer_id>/submit")
@body_limit(_text_bytes)
@limited(SUBMISSIONS)
def submit(answer_id: uuid.UUID) -> BaseResponse | tuple[str, int]:
    """Hand an answer to the analysis."""
    form = SubmitForm()
    if not form.validate():
        return _refuse_draft(answer_id, form)
    text, version = form.text.data or "", _version(form)
    try:
        services.submit(current_candidate(), answer_id, text, version)
    except services.ChangedError:
        return _both_texts(answer_id, text)
    return redirect(url_for("practice.answer", answer_id=answer_id))


@blueprint.post("/answers/<uuid:answer_id>/document")
@body_limit(_document_bytes)
@limited(SUBMISSIONS)
def upload_document(answer_id: uuid.UUID) -> BaseResponse | tuple[str, int]:
    """Take a document whose text goes into the draft."""
    candidate, form = current_candidate(), DocumentForm()
    found = services.own_written(candidate, answer_id)
    services.require_draft(found)
    draft = DraftForm() if "text" in request.form else _form_of(found)
    if not form.validate() or not draft.validate():
        return _draft_page(found, draft, form), 400
    stream, text = form.document.data.stream, draft.text.data or ""
    try:
        services.upload_document(candidate, answer_id, stream, text, _version(draft))
    except services.ChangedError:
        return _both_texts(answer_id, text)
    return redirect(url_for("practice.answer", answer_id=answer_id))


@blueprint.post("/answers/<uuid:answer_id>/retry")
@body_limit(FORM_BYTES)
@limited(SUBMISSIONS)
def retry(answer_id: uuid.UUID) -> BaseResponse:
    """Try a failed analysis again."""
    services.retry(current_candidate(), answer_id)
    return redirect(url_for("practice.answer", answer_id=answer_id))


@blueprint.post("/answers/<uuid:answer_id>/retake")
@body_limit(FORM_BYTES)
@limited(STARTS)
def retake(answer_id: uuid.UUID) -> BaseResponse:
    """Begin another take of the same question."""
    form = RetakeForm()
    new = services.retake(current_candidate(), answer_id, bool(form.keep.data))
    return redirect(url_for("practice.answer", answer_id=new.id))


@blueprint.get("/progress")
def progress() -> str:
    """Show the history of takes and the measures over time."""
    takes = services.history(current_candidate())
    return render_template("practice/progress.html", page=presenter.progress(takes))


def _choose(mode: str) -> BaseResponse:
    """Offer a mode's questions, or start the interview that was chosen."""
    form = StartForm()
    language = str(get_locale())
    form.offer(mode, language)
    if form.validate_on_submit():
        answer = services.start(
            ensure_candidate(),
            mode,
            form.competency.data or None,
            int(form.count.data),
            language,
        )
        return redirect(url_for("practice.answer", answer_id=answer.id))
    status = 400 if form.is_submitted() else 200
    return make_response(render_template("practice/choose.html", form=form, mode=mode), status)


def _form_of(found: Answer) -> DraftForm:
    """Return the form of a draft as it is saved, whatever was sent."""
    return DraftForm(formdata=None, text=found.text, version=services.draft_version(found))


def _version(form: DraftForm) -> str | None:
    """Return which saved state a text comes from; None where the sender does not say."""
    return form.version.data if "version" in request.form else None


def _draft_page(
    found: Answer, form: DraftForm, document_form: DocumentForm, refused: str | None = None
) -> str:
    """Return the page of a draft; `refused` is another window's text that was not taken."""
    return render_template(
        "practice/answer_draft.html",
        form=form,
        refused=refused,
        document_form=document_form,
        failure=presenter.failure(found.failure, found.failure_values),
        **context(found),
    )


def _both_texts(answer_id: uuid.UUID, text: str) -> tuple[str, int]:
    """Show a draft that was changed elsewhere, and the text that was not taken for that reason."""
    if wants_json():
        raise services.ChangedError
    found = services.own_written(current_candidate(), answer_id)
    return _draft_page(found, _form_of(found), DocumentForm(formdata=None), refused=text), 409


def _refuse_draft(answer_id: uuid.UUID, form: DraftForm) -> BaseResponse | tuple[str, int]:
    """Answer a text that cannot be taken, without losing it."""
    found = services.own_written(current_candidate(), answer_id)
    if wants_json():
        messages = [str(message) for errors in form.errors.values() for message in errors]
        raise RefusedError(" ".join(messages), 400)
    if found.state != AnswerState.DRAFT:
        flash(" ".join(str(error) for error in form.text.errors), "error")
        return redirect(url_for("practice.answer", answer_id=answer_id))
    return _draft_page(found, form, DocumentForm()), 400


def _summary_page(found: Answer) -> Response:
    report = found.report
    assert report is not None  # noqa: S101 - the caller looked
    candidate, prompt_id = current_candidate(), found.question.revision.prompt_id
    mode, body = found.question.interview.mode, report.body
    which = (candidate, mode, prompt_id)
    others = {
        "comparison": peers.compare(*which, body["measures"], pool=report.pool),
        "terms": peers.compare_terms(*which, peers.count_terms(body), pool=report.pool),
    }
    shown = {
        "following": services.next_question(found),
        "retake_form": RetakeForm(),
        **context(found),
    }
    if found.question.interview.is_spoken:
        summary = film.summary if mode == "video" else voice.summary
        return _spoken_summary(found, summary(body, **others), shown)
    page = presenter.summary(body, text=found.text, **others)
    return make_response(render_template("practice/answer_summary.html", page=page, **shown))


def _spoken_summary(
    found: Answer, page: voice.VoicePage | film.FilmPage, shown: dict[str, Any]
) -> Response:
    allow(media="'self'")
    return make_response(
        render_template(
            f"practice/answer_{found.question.interview.mode}_summary.html",
            page=page,
            failure=presenter.failure(found.failure, found.failure_values),
            transcript_limit=current_app.config["SETTINGS"].max_text_characters,
            compared=history.compare_takes(shown["takes"]),
            takes_left=services.takes_left(found),
            **shown,
        )
    )


def _as_json(found: Answer) -> dict[str, object]:
    """Return an answer's state, and its report once there is one."""
    failure = presenter.failure(found.failure, found.failure_values)
    return {
        "id": str(found.id),
        "state": found.state,
        "step": found.step,
        "progress": found.progress,
        "progress_step": found.progress_step,
        "progress_label": presenter.step_label(found.progress_step),
        "failure": failure and {"code": found.failure, "message": str(failure)},
        "prompt": found.question.revision.text,
        "take": found.take,
        "text": found.text,
        "report": found.report.body if found.report else None,
    }
