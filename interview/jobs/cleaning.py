"""Recordings without anything that is not needed.

A recording is copied, in a process of its own, into a file that holds its sound, for a video its
picture too, and nothing else; that file takes the upload's place.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from flask import current_app

from interview.jobs import leases
from interview.jobs.leases import Lease
from interview.media.store import store

if TYPE_CHECKING:
    from interview.analysis.decode import Limits

GRACE_SECONDS = 15
"""By how much a recording may be longer than the limit."""


def clean_recording(lease: Lease, key: str, mode: str) -> str:
    """Replace an uploaded recording by a copy without anything else; return the copy's key."""
    copy = store.create()
    try:
        with store.local(key) as upload, store.local(copy) as target:
            content_type = _strip(upload, target, mode)
            size = target.stat().st_size
        store.finish(copy, size)
        unneeded = leases.keep_recording(lease, copy, size, content_type)
    except BaseException:
        store.delete(copy)
        raise
    if unneeded:
        store.delete(unneeded)
    return copy


def _strip(source: Path, target: Path, mode: str) -> str:
    """Copy sound, and a video's picture, into a new file; return its type.

    A video without a picture is kept as the sound that it is.
    """
    from interview.analysis.decode import MEDIA_TYPES, VIDEO_TYPES, MediaError, strip

    limits = _limits(mode)
    if mode == "video":
        try:
            return VIDEO_TYPES[strip(source, target, limits, picture=True).container]
        except MediaError as error:
            if error.code != "no_picture":
                raise
    return MEDIA_TYPES[strip(source, target, limits).container]


def _limits(mode: str) -> "Limits":
    from interview.analysis.decode import Limits

    settings = current_app.config["SETTINGS"]
    return Limits(
        max_bytes=settings.max_video_bytes if mode == "video" else settings.max_recording_bytes,
        # The page's clock and a recorder's stop are not the same moment.
        max_seconds=settings.max_recording_seconds + GRACE_SECONDS,
    )
