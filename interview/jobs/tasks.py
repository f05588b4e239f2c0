"""What workers do: read documents, analyse answers, look after what was left behind.

A recording is cleaned (`cleaning`) before anything is analysed.

The heavy libraries are imported inside the functions: the web process imports this module too.
"""

import contextlib
import logging
import threading
import uuid
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huey import crontab
from sqlalchemy.exc import SQLAlchemyError

from interview.columns import now
from interview.extensions import db
from interview.jobs import leases, presence
from interview.jobs.cleaning import clean_recording
from interview.jobs.leases import Lease
from interview.jobs.queue import queue
from interview.media.store import store
from interview.practice.models import Answer, Step
from interview.recruiting import rules
from interview.recruiting.rules import Permitted

if TYPE_CHECKING:
    from interview.analysis.audio.emotion import SpeechEmotionModel
    from interview.analysis.audio.transcript import Recogniser
    from interview.analysis.report import AudioReport, VideoReport
    from interview.analysis.text.bigfive import BigFiveModel
    from interview.analysis.text.pipeline import TraitModel
    from interview.analysis.video.emotion import FaceModel

log = logging.getLogger(__name__)
RENEWALS_PER_LEASE = 3


def enqueue(answer_id: uuid.UUID) -> None:
    """Hint to the workers that an answer waits; called after its commit.

    A queue that cannot be reached loses nothing: the sweep finds the answer.
    """
    try:
        work(str(answer_id))
    except Exception:
        log.exception("the queue did not take the hint; the sweep will find the answer")


@queue.task()
def work(answer_id: str) -> None:
    """Do what a queued answer waits for, once, whoever else got the same hint."""
    with queue.app.app_context():
        lease = leases.claim(uuid.UUID(answer_id))
        if lease is None:
            return
        with _heartbeat(lease):
            if lease.step is Step.EXTRACT:
                _extract(lease)
            else:
                _answer(lease)


@queue.periodic_task(crontab(minute="*/10"))
def erase_expired_guests() -> None:
    """Erase guests' workspaces whose time is over."""
    from interview.privacy import retention

    with queue.app.app_context():
        retention.erase_expired_guests(now())


@queue.periodic_task(crontab(minute="45"))
def erase_old_applications() -> None:
    """Erase what candidates gave for applications whose time is over, and organisations left."""
    from interview.recruiting import retention

    with queue.app.app_context():
        retention.erase_due(now())
        retention.erase_left()


@queue.periodic_task(crontab(minute="30"))
def erase_what_is_over() -> None:
    """Erase what is kept no longer: by policy, unfinished, expired, and files that nobody needs."""
    from interview.privacy import exports, retention

    with queue.app.app_context():
        retention.erase_unfinished_recordings(now())
        retention.erase_old_recordings(now())
        retention.erase_old_answers(now())
        exports.expire(now())
        retention.erase_lost_files(now())


def enqueue_export(export_id: uuid.UUID) -> None:
    """Hint to the workers that an export waits; called after its commit."""
    try:
        make_export(str(export_id))
    except Exception:
        log.exception("the queue did not take the hint; the sweep will find the export")


@queue.task()
def make_export(export_id: str) -> None:
    """Make the archive of a person's data, once, whoever else got the same hint."""
    from interview.privacy import exports

    with queue.app.app_context():
        exports.make(uuid.UUID(export_id))


def sweep() -> int:
    """Give a new hint to every answer and export that was left behind; return how many there were.

    Answers that merely wait in a long queue get none, or a few after a very long time: as a rule
    only an empty queue has lost hints.
    """
    unneeded = leases.give_up()
    answers = leases.sweep(hints_lost=queue.storage.queue_size() == 0)
    for answer_id in answers:
        enqueue(answer_id)
    if answers:
        log.info("%s answers had been left behind and were queued again", len(answers))
    for key in unneeded:
        store.delete(key)
    return len(answers) + _sweep_exports()


def _sweep_exports() -> int:
    from interview.privacy import exports

    left_behind = exports.sweep()
    for export_id in left_behind:
        enqueue_export(export_id)
    return len(left_behind)


def _extract(lease: Lease) -> None:
    from interview.analysis.text.documents import DocumentError, Limits, extract

    settings = queue.app.config["SETTINGS"]
    answer = db.session.get_one(Answer, lease.answer_id)
    limits = Limits(
        max_bytes=settings.max_document_bytes, max_characters=settings.max_text_characters
    )
    try:
        with store.local(answer.document_key or "") as path:
            document = extract(path, limits)
        key = leases.finish_extraction(lease, document.text)
    except DocumentError as error:
        key = leases.fail(lease, error.code, dict(error.values))
    except Exception:
        log.exception("reading a document failed")
        db.session.rollback()
        key = leases.fail(lease, "internal")
    if key:
        store.delete(key)


def _answer(lease: Lease) -> None:
    """Make of an answer what may be made of it.

    A change of consent meanwhile ends the lease, so that nothing is stored that is not wanted.
    """
    interview = db.session.get_one(Answer, lease.answer_id).question.interview
    permitted = rules.permitted(interview)
    if not permitted.analysis:
        _keep(lease)
    elif interview.mode == "text":
        _analyse_text(lease, permitted)
    else:
        _analyse_recording(lease, permitted)


def _keep(lease: Lease) -> None:
    """Clean a recording, and make no report of it."""
    from interview.analysis.decode import MediaError

    answer = db.session.get_one(Answer, lease.answer_id)
    try:
        if answer.recording_key and not answer.recording_clean:
            _progress(lease)("cleaning", 0.0)
            clean_recording(lease, answer.recording_key, answer.question.interview.mode)
        leases.finish_without_report(lease)
    except MediaError as error:
        leases.fail(lease, f"recording_{error.code}", dict(error.values))
    except Exception:
        log.exception("keeping an answer failed")
        db.session.rollback()
        leases.fail(lease, "internal")


def _progress(lease: Lease) -> Callable[[str, float], None]:
    """Return what an analysis calls with its step and how far it is, 0 to 1."""

    def progress(step: str, fraction: float) -> None:
        leases.renew(lease, step, round(100 * fraction))

    return progress


def _analyse_text(lease: Lease, permitted: Permitted) -> None:
    from interview.analysis.text.pipeline import analyse_text

    text = db.session.get_one(Answer, lease.answer_id).text
    progress = _progress(lease)
    try:
        # The first answer of a worker also waits for the model to be read.
        progress("loading", 0.0)
        report = analyse_text(text, model=_trait_model(permitted), progress=progress)
        leases.finish_analysis(lease, report.to_dict())
    except Exception:
        log.exception("analysing an answer failed")
        db.session.rollback()
        leases.fail(lease, "internal")


def _analyse_recording(lease: Lease, permitted: Permitted) -> None:
    from interview.analysis.decode import MediaError

    answer = db.session.get_one(Answer, lease.answer_id)
    mode = answer.question.interview.mode
    transcript, key, clean = answer.text, answer.recording_key or "", answer.recording_clean
    progress = _progress(lease)
    try:
        progress("loading", 0.0)
        if not clean:
            progress("cleaning", 0.0)
            key = clean_recording(lease, key, mode)
        analyse = _analysis_of(mode, permitted)
        with store.local(key) as path:
            report = analyse(
                path,
                text_model=_trait_model(permitted) if transcript.strip() or recogniser() else None,
                transcript=transcript,
                recogniser=recogniser(),
                progress=progress,
            )
        leases.finish_analysis(lease, report.to_dict())
    except MediaError as error:
        leases.fail(lease, f"recording_{error.code}", dict(error.values))
    except Exception:
        log.exception("analysing a recording failed")
        db.session.rollback()
        leases.fail(lease, "internal")


def _trait_model(permitted: Permitted) -> "TraitModel":
    from interview.analysis.text.pipeline import NoTraits

    return text_model() if permitted.traits else NoTraits()


def _analysis_of(mode: str, permitted: Permitted) -> Callable[..., "AudioReport | VideoReport"]:
    """Return the analysis of a mode's recordings, with models of emotions only where allowed."""
    heard = speech_model() if permitted.emotions else None
    if mode == "video":
        from interview.analysis.video.pipeline import analyse_video

        seen = face_model() if permitted.emotions else None
        return partial(analyse_video, face_model=seen, speech_model=heard)
    from interview.analysis.audio.pipeline import analyse_audio

    return partial(analyse_audio, speech_model=heard)


@cache
def speech_model() -> "SpeechEmotionModel":
    """Return the model of emotions in speech, read once per process."""
    from interview.analysis.audio.emotion import SpeechEmotionModel

    return SpeechEmotionModel.load(queue.app.config["SETTINGS"].models_dir / "speech")


@cache
def face_model() -> "FaceModel":
    """Return the model of faces, read once per process."""
    from interview.analysis.video.emotion import FaceModel

    return FaceModel.load(queue.app.config["SETTINGS"].models_dir / "faces")


@cache
def recogniser() -> "Recogniser | None":
    """Return the operator's speech recogniser, if there is one, read once per process."""
    from interview.analysis.audio.transcript import Recogniser

    folder = queue.app.config["SETTINGS"].recogniser_dir
    return Recogniser.load(Path(folder) if folder else None)


@cache
def text_model() -> "BigFiveModel":
    """Return the text model, read once per process."""
    from interview.analysis.text.bigfive import BigFiveModel

    return BigFiveModel.load(queue.app.config["SETTINGS"].models_dir / "text")


@contextlib.contextmanager
def _heartbeat(lease: Lease) -> Iterator[None]:
    """Renew a lease from a thread of its own while the block runs."""
    done = threading.Event()
    pause = queue.app.config["SETTINGS"].lease_seconds / RENEWALS_PER_LEASE

    def beat() -> None:
        with queue.app.app_context():
            while not done.wait(pause):
                try:
                    if not leases.renew(lease):
                        return
                except Exception:
                    log.exception("renewing a lease failed")

    thread = threading.Thread(target=beat, name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def run_worker(threads: int) -> None:
    """Work until told to stop; what was left behind is looked for at once and regularly."""
    app: Any = queue.app
    stopped = threading.Event()
    pause = app.config["SETTINGS"].lease_seconds / 2
    me = uuid.uuid4()

    def look_after() -> None:
        while True:
            try:
                with app.app_context():
                    sweep()
                    presence.beat(me, threads)
            except Exception:
                log.exception("the sweep failed")
            if stopped.wait(pause):
                return

    sweeper = threading.Thread(target=look_after, name="sweep", daemon=True)
    sweeper.start()
    consumer = queue.create_consumer(
        workers=threads, worker_type="thread", max_delay=1.0, graceful_signal="TERM"
    )
    try:
        consumer.run()
    finally:
        stopped.set()
        sweeper.join(timeout=5)
        with contextlib.suppress(SQLAlchemyError), app.app_context():
            presence.leave(me)
