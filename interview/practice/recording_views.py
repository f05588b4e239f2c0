"""Pages and addresses of recordings: the recorder, the pieces it sends, and playing them back."""

import uuid

from flask import (
    Response,
    current_app,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from interview.accounts.actor import current_candidate
from interview.errors import NotFoundError, RefusedError, wants_json
from interview.limits import Rate, limited
from interview.media.sending import send
from interview.practice import accuracy, presenter, recordings, services
from interview.practice.blueprint import FORM_BYTES, STARTS, SUBMISSIONS, blueprint, context
from interview.practice.forms import DiscardForm, RecordingForm, TranscriptForm
from interview.practice.models import Answer, AnswerState
from interview.practice.recordings import OffsetError
from interview.privacy import quotas
from interview.safety import KIBIBYTE, allow, body_limit

PIECE_BYTES = 1024 * KIBIBYTE
"""Largest piece of a recording; the page sends smaller ones."""

PIECES = Rate("600 per minute", address="12000 per minute")


def _recording_bytes() -> int:
    # Said before the file is read.
    quotas.require_room(current_candidate(), request.content_length or 0)
    settings = current_app.config["SETTINGS"]
    return max(settings.max_recording_bytes, settings.max_video_bytes) + FORM_BYTES


def _transcript_bytes() -> int:
    return 12 * current_app.config["SETTINGS"].max_text_characters + FORM_BYTES


def recorder_page(found: Answer, form: RecordingForm | None = None) -> str:
    """Return the page on which a spoken answer is recorded, with picture or without."""
    is_video = found.question.interview.mode == "video"
    allow(media="'self' blob:", microphone=True, camera=is_video)
    return render_template(
        "practice/answer_record.html",
        is_video=is_video,
        form=form or RecordingForm(),
        failure=presenter.failure(found.failure, found.failure_values),
        accuracy=accuracy.of_hundred(),
        takes_left=services.takes_left(found),
        piece_bytes=PIECE_BYTES,
        max_bytes=recordings.largest(found),
        too_large=recordings.too_large(recordings.largest(found)),
        max_seconds=current_app.config["SETTINGS"].max_recording_seconds,
        **context(found),
    )


@blueprint.get("/answers/<uuid:answer_id>/chunks")
def arrived(answer_id: uuid.UUID) -> Response:
    """Tell how many bytes of which recording have arrived."""
    return _as_json(recordings.arrived(current_candidate(), answer_id))


@blueprint.post("/answers/<uuid:answer_id>/chunks")
@body_limit(PIECE_BYTES)
@limited(PIECES)
def append(answer_id: uuid.UUID) -> Response | tuple[Response, int]:
    """Take the next piece of a recording: the body, at `Upload-Offset` of `Recording-Id`.

    `Recording-Replaces` names what it may take the place of.
    """
    offset = request.headers.get("Upload-Offset", "")
    if not offset.isdecimal() or len(offset) > 12:
        raise RefusedError(_("Something in the request was not as expected."), 400)
    try:
        done = recordings.append(
            current_candidate(),
            answer_id,
            request.headers.get("Recording-Id", ""),
            int(offset),
            request.get_data(cache=False),
            request.content_type or "",
            request.headers.get("Recording-Replaces", ""),
        )
    except OffsetError as error:
        return _as_json(error.arrived), 409
    return _as_json(done)


@blueprint.post("/answers/<uuid:answer_id>/recording")
@body_limit(_recording_bytes)
@limited(SUBMISSIONS)
def hand_in_recording(answer_id: uuid.UUID) -> Response | BaseResponse | tuple[object, int]:
    """Hand in what has arrived in pieces, or an existing file."""
    candidate, form = current_candidate(), RecordingForm()
    if not form.validate():
        found = services.find_answer(candidate, answer_id)
        recordings.own_spoken(candidate, answer_id)
        if found.state != AnswerState.DRAFT:
            return redirect(url_for("practice.answer", answer_id=answer_id))
        return recorder_page(found, form), 400
    file = form.recording.data
    if file:
        recordings.upload(candidate, answer_id, file.stream, file.mimetype)
    else:
        try:
            recordings.hand_in(candidate, answer_id, int(form.total.data))
        except OffsetError as error:
            return _as_json(error.arrived), 409
    if wants_json():
        return jsonify(location=url_for("practice.answer", answer_id=answer_id))
    return redirect(url_for("practice.answer", answer_id=answer_id))


@blueprint.get("/answers/<uuid:answer_id>/recording")
def recording(answer_id: uuid.UUID) -> Response:
    """Play a recording, or the part of it that a range asks for."""
    answer = recordings.own_spoken(current_candidate(), answer_id)
    if answer.recording_key is None or not answer.recording_bytes:
        raise NotFoundError
    return send(answer.recording_key, answer.recording_type or recordings.UNKNOWN_TYPE)


@blueprint.post("/answers/<uuid:answer_id>/discard")
@body_limit(FORM_BYTES)
@limited(STARTS)
def discard(answer_id: uuid.UUID) -> Response | BaseResponse:
    """Throw away what was recorded in a draft, to record it again."""
    form = DiscardForm()
    if not form.validate():
        raise RefusedError(_("Something in the request was not as expected."), 400)
    recordings.discard(current_candidate(), answer_id, form.take.data)
    return redirect(url_for("practice.answer", answer_id=answer_id))


@blueprint.post("/answers/<uuid:answer_id>/transcript")
@body_limit(_transcript_bytes)
@limited(SUBMISSIONS)
def save_transcript(answer_id: uuid.UUID) -> BaseResponse | tuple[str, int]:
    """Keep a typed transcript and have the answer analysed anew with it."""
    candidate, form = current_candidate(), TranscriptForm()
    answer = recordings.own_spoken(candidate, answer_id)
    if not form.validate():
        words = " ".join(str(error) for error in form.transcript.errors)
        return _refused_transcript(answer, form, words), 400
    try:
        recordings.save_transcript(candidate, answer_id, form.transcript.data or "")
    except RefusedError as error:
        return _refused_transcript(answer, form, error.message), error.status
    return redirect(url_for("practice.answer", answer_id=answer_id))


def _refused_transcript(answer: Answer, form: TranscriptForm, words: str) -> str:
    """Say why a transcript is not kept, with what was typed, so that it is not lost."""
    return render_template(
        "practice/transcript_refused.html",
        answer=answer,
        typed=form.transcript.data or "",
        refusal=words,
        is_recording_gone=services.is_recording_gone(answer),
    )


def _as_json(arrived: recordings.Arrived) -> Response:
    return jsonify(recording=arrived.recording, bytes=arrived.bytes)
