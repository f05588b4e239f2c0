"""The recording of a spoken answer: it arrives in pieces or whole, and is handed in.

The database says how much of a recording has arrived (`Answer.recording_bytes`). A piece is
first written to the disk, then its arrival is noted, only if nothing else arrived meanwhile; so
whatever the server has confirmed is there, and a piece sent twice does no harm.
"""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _

from interview.accounts.models import Candidate
from interview.columns import now
from interview.errors import NotFoundError, RefusedError
from interview.extensions import db
from interview.jobs import tasks
from interview.media.store import TooLargeError, store
from interview.permissions import own
from interview.practice import services
from interview.practice.models import Answer, AnswerState, Step
from interview.privacy import quotas
from interview.recruiting import rules

SOUNDS = ("audio/webm", "audio/mp4", "audio/ogg", "audio/mpeg", "audio/wav", "audio/flac")
FILMS = ("video/webm", "video/mp4", "video/quicktime", "video/ogg", "video/x-matroska")
TYPES: Mapping[str, tuple[str, ...]] = {"audio": SOUNDS, "video": (*FILMS, *SOUNDS)}
"""What a recording of a mode may call itself until the worker has found out what it is."""

UNKNOWN_TYPE = "application/octet-stream"
_TYPE_ALIASES = {
    "audio/x-wav": "audio/wav",
    "audio/wave": "audio/wav",
    "audio/vnd.wave": "audio/wav",
    "audio/x-m4a": "audio/mp4",
    "audio/m4a": "audio/mp4",
    "audio/mp3": "audio/mpeg",
    "audio/x-flac": "audio/flac",
    "video/x-m4v": "video/mp4",
    "application/ogg": "audio/ogg",
}
_ID = re.compile(r"(?P<take>[0-9]{1,4})-(?:[0-9a-f]{8,32}|(?P<file>file-)[0-9a-f]{8,24})")
_NOTHING = {
    "recording_key": None,
    "recording_id": None,
    "recording_type": None,
    "recording_bytes": 0,
    "recording_clean": False,
}


@dataclass(frozen=True, slots=True)
class Arrived:
    """How much of which recording has arrived; `recording` is the browser's name of it."""

    recording: str | None
    bytes: int


class OffsetError(Exception):
    """A piece does not continue what has arrived."""

    def __init__(self, arrived: Arrived) -> None:
        super().__init__("the piece does not continue what has arrived")
        self.arrived = arrived


def own_spoken(candidate: Candidate | None, answer_id: uuid.UUID) -> Answer:
    """Return the candidate's answer in a spoken interview; NotFoundError for any other."""
    answer = own(Answer, answer_id, candidate)
    if not answer.question.interview.is_spoken:
        raise NotFoundError
    return answer


def arrived(candidate: Candidate | None, answer_id: uuid.UUID) -> Arrived:
    """Return how much of an answer's recording has arrived."""
    return _arrived(own_spoken(candidate, answer_id))


def append(
    candidate: Candidate | None,
    answer_id: uuid.UUID,
    recording: str,
    offset: int,
    piece: bytes,
    content_type: str,
    replaces: str = "",
) -> Arrived:
    """Keep the next piece of a draft's recording; return how much has arrived with it.

    `recording` is a name that the browser made up, after the number of the take and a hyphen; that
    of an existing file goes on with "file-". The first piece of a file takes the place of what it
    names in `replaces`, and that of a recording the place of such a file. Another recording only
    gives way when it is discarded, which counts as a take.

    Raises OffsetError when the piece is not the next one, and RefusedError when the answer is no
    draft or its recording would become too large.
    """
    answer = own_spoken(candidate, answer_id)
    if answer.state != AnswerState.DRAFT:
        raise RefusedError(_("This answer has already been handed in."))
    rules.require_time_for(answer)
    limit = largest(answer)
    if offset + len(piece) > limit:
        raise RefusedError(too_large(limit), 413)
    quotas.require_room(candidate, offset + len(piece) - answer.recording_bytes)
    if offset == 0 and answer.recording_id != recording:
        is_a_file_involved = _is_file(recording) or _is_file(replaces)
        may_replace = is_a_file_involved and replaces == answer.recording_id
        if may_replace or answer.recording_bytes == 0:
            _begin(answer, recording, content_type, may_replace=may_replace)
    if answer.recording_key is None or _arrived(answer) != Arrived(recording, offset):
        raise OffsetError(_arrived(answer))
    try:
        store.write_at(answer.recording_key, offset, piece)
    except FileNotFoundError:  # discarded or erased meanwhile
        db.session.refresh(answer)
        raise OffsetError(_arrived(answer)) from None
    noted = db.session.scalar(
        sa.update(Answer)
        .where(
            Answer.id == answer_id,
            Answer.state == AnswerState.DRAFT,
            Answer.recording_id == recording,
            Answer.recording_bytes == offset,
        )
        .values(recording_bytes=offset + len(piece), saved_at=now())
        .returning(Answer.id)
        .execution_options(synchronize_session=False)
    )
    db.session.commit()
    if noted is None:
        raise OffsetError(_arrived(answer))
    return Arrived(recording, offset + len(piece))


def hand_in(candidate: Candidate | None, answer_id: uuid.UUID, size: int) -> None:
    """Hand a draft's recording of `size` bytes to the analysis; a second time does nothing more.

    Raises OffsetError when not all of it, or more, has arrived.
    """
    answer = own_spoken(candidate, answer_id)
    if answer.is_handed_in:
        return
    rules.require_time_for(answer)
    if answer.recording_key is None or answer.recording_bytes != size:
        raise OffsetError(_arrived(answer))
    services.require_hand_in(answer)
    store.finish(answer.recording_key, size)
    services.change(
        answer,
        [AnswerState.DRAFT],
        Answer.recording_bytes == size,
        submitted_at=now(),
        **services.queued(Step.ANALYSE),
    )
    rules.note_handed_in(answer)
    db.session.commit()
    tasks.enqueue(answer_id)


def upload(
    candidate: Candidate | None, answer_id: uuid.UUID, stream: BinaryIO, content_type: str
) -> None:
    """Hand an existing file to the analysis, in the place of anything recorded before.

    Raises RefusedError when it is empty or too large.
    """
    answer = own_spoken(candidate, answer_id)
    if answer.is_handed_in:
        return
    rules.require_time_for(answer)
    services.require_hand_in(answer)
    limit = largest(answer)
    try:
        key = store.save(stream, limit)
    except TooLargeError:
        raise RefusedError(too_large(limit), 413) from None
    size = store.size(key)
    replaced = answer.recording_key
    try:
        if size == 0:
            raise RefusedError(_("This file is empty. Choose another one."), 400)
        services.change(
            answer,
            [AnswerState.DRAFT],
            **_NOTHING
            | {"recording_key": key, "recording_type": plain_type(content_type, _mode(answer))}
            | {"recording_bytes": size, "submitted_at": now(), "saved_at": now()},
            **services.queued(Step.ANALYSE),
        )
        rules.note_handed_in(answer)
        db.session.commit()
    except BaseException:
        store.delete(key)
        raise
    if replaced:
        store.delete(replaced)
    tasks.enqueue(answer_id)


def discard(candidate: Candidate | None, answer_id: uuid.UUID, take: int) -> None:
    """Throw away what was recorded in a draft and count another take; once for each `take`.

    Raises RefusedError when the prompt allows no more takes.
    """
    answer = own_spoken(candidate, answer_id)
    if answer.take != take:
        return
    services.require_another_take(answer)
    rules.require_new_takes(answer.question.interview)
    key = answer.recording_key
    services.change(
        answer,
        [AnswerState.DRAFT],
        Answer.take == take,
        take=take + 1,
        failure=None,
        failure_values=None,
        **_NOTHING,
    )
    db.session.commit()
    if key:
        store.delete(key)


def save_transcript(candidate: Candidate | None, answer_id: uuid.UUID, transcript: str) -> None:
    """Keep what was said as its candidate typed it, and have the answer analysed anew.

    Raises RefusedError when its recording is erased, or the answer is in no state for it.
    """
    answer = own_spoken(candidate, answer_id)
    if services.is_recording_gone(answer):
        raise RefusedError(
            _("The recording is erased, so this answer cannot be analysed anew any more.")
        )
    rules.require_time(answer.question.interview)
    services.change(
        answer,
        [AnswerState.ANALYSED, AnswerState.FAILED, AnswerState.KEPT],
        Answer.recording_key.is_not(None),
        text=transcript,
        saved_at=now(),
        **services.queued(Step.ANALYSE),
    )
    db.session.commit()
    tasks.enqueue(answer_id)


def plain_type(content_type: str | None, mode: str) -> str:
    """Return one of a mode's `TYPES` for what a browser calls a recording, or one nothing plays.

    A film of which only the sound is kept is called by the name of its sound.
    """
    base = (content_type or "").partition(";")[0].strip().lower()
    base = _TYPE_ALIASES.get(base, base)
    if mode == "audio":
        base = base.replace("video/", "audio/")
    return base if base in TYPES[mode] else UNKNOWN_TYPE


def _is_file(recording: str) -> bool:
    """Whether this is the name of an existing file, not of something recorded on the page."""
    name = _ID.fullmatch(recording)
    return name is not None and name["file"] is not None


def _begin(answer: Answer, recording: str, content_type: str, *, may_replace: bool) -> None:
    """Give a draft an empty file for this recording.

    Unless it `may_replace` what is there, only one of which nothing has arrived.
    """
    name = _ID.fullmatch(recording)
    if name is None:
        raise RefusedError(_("Something in the request was not as expected."), 400)
    if int(name["take"]) != answer.take:
        raise OffsetError(_arrived(answer))
    replaced, key = answer.recording_key, store.create()
    begun = db.session.scalar(
        sa.update(Answer)
        .where(
            Answer.id == answer.id,
            Answer.state == AnswerState.DRAFT,
            Answer.take == answer.take,
            sa.true() if may_replace else Answer.recording_bytes == 0,
            Answer.recording_key.is_(None)
            if replaced is None
            else Answer.recording_key == replaced,
        )
        .values(
            recording_key=key,
            recording_id=recording,
            recording_type=plain_type(content_type, _mode(answer)),
            recording_bytes=0,
            saved_at=now(),
            failure=None,
            failure_values=None,
        )
        .returning(Answer.id)
        .execution_options(synchronize_session=False)
    )
    db.session.commit()
    unneeded = key if begun is None else replaced
    if unneeded:
        store.delete(unneeded)
    db.session.refresh(answer)


def _mode(answer: Answer) -> str:
    return answer.question.interview.mode


def largest(answer: Answer) -> int:
    """Return how many bytes a recording of the answer's mode may have."""
    settings = current_app.config["SETTINGS"]
    largest = {"audio": settings.max_recording_bytes, "video": settings.max_video_bytes}
    return int(largest[_mode(answer)])


def _arrived(answer: Answer) -> Arrived:
    return Arrived(answer.recording_id, answer.recording_bytes)


def too_large(limit: int) -> str:
    """Say that a recording has more than `limit` bytes."""
    return _("A recording may have up to %(size)s MB; this one is larger.", size=limit // 1024**2)
