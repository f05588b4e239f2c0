"""Why the analysis of an answer or the reading of a document failed, in words."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from interview.practice.labels import always


def _megabytes(limit: float) -> str:
    return format_decimal(limit / 1024**2, "0.#")


FAILURES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "unsupported": always(
        _l("This kind of file cannot be read. Please use PDF, Word (.docx) or plain text.")
    ),
    "empty": always(_l("No text was found in this document.")),
    "scanned": always(
        _l(
            "This PDF holds pictures of pages, as a scanner makes them, and no text. Export it "
            "from your word processor, or paste the text."
        )
    ),
    "encrypted": always(
        _l("This document is locked with a password. Save it without one, then try again.")
    ),
    "broken": always(
        _l("This document is damaged and cannot be read. Save or export it anew, then try again.")
    ),
    "too_many_pages": lambda values: ngettext(
        "This document has more than %(num)s page. Send only the part that matters.",
        "This document has more than %(num)s pages. Send only the part that matters.",
        values.get("limit", 0),
    ),
    "too_large": lambda values: _(
        "This document is too large; up to %(size)s MB can be read.",
        size=_megabytes(values.get("limit", 0)),
    ),
    "too_long": lambda values: _(
        "This document holds too much text; up to %(limit)s characters can be read.",
        limit=format_decimal(values.get("limit", 0)),
    ),
    "timeout": always(
        _l("Reading this document took too long. Export it as a plain PDF, or paste the text.")
    ),
    "recording_unreadable": always(
        _l("This file is not a recording that can be read, or it is damaged. Record it anew.")
    ),
    "recording_no_sound": always(_l("This file holds no sound. Please choose another one.")),
    "recording_no_speech_track": always(
        _l("This file has no sound track that can be read. Please choose another one.")
    ),
    "recording_too_long": lambda values: _(
        "This recording is too long; up to %(minutes)s minutes can be analysed.",
        minutes=format_decimal(values.get("limit", 0) / 60, "0.#"),
    ),
    "recording_too_large": lambda values: _(
        "This recording is too large; up to %(size)s MB can be taken.",
        size=_megabytes(values.get("limit", 0)),
    ),
    "recording_timeout": always(
        _l("Opening this recording took too long. Save it in another format, or record it anew.")
    ),
    "recording_too_many_tracks": lambda values: ngettext(
        "This file has more than %(num)s track. Save it as an ordinary recording, then try again.",
        "This file has more than %(num)s tracks. Save it as an ordinary recording, then try again.",
        values.get("limit", 0),
    ),
    "recording_no_picture": always(
        _l("This file holds no moving picture. Please choose a video, or record one.")
    ),
    "recording_too_many_pixels": lambda values: _(
        "The picture of this video is too large; up to %(limit)s million pixels can be read. "
        "Record it at a lower resolution, such as Full HD.",
        limit=format_decimal(values.get("limit", 0) / 1e6, "0.#"),
    ),
    "recording_too_many_pictures": lambda values: _(
        "This video holds more than %(limit)s single pictures. Record it with fewer pictures a "
        "second, or answer more briefly.",
        limit=format_decimal(values.get("limit", 0)),
    ),
    "recording_too_short": always(
        _l("This recording is too short to hold an answer. Please record it again.")
    ),
    "crashed": always(
        _l("The analysis stopped several times without an answer. Your answer is safe.")
    ),
    "internal": always(
        _l("Something went wrong on our side. Your answer is safe; please try again.")
    ),
}
"""Why an analysis or a document failed, in words that the person can act on."""

LASTING = frozenset(
    {
        "recording_unreadable",
        "recording_no_sound",
        "recording_no_speech_track",
        "recording_too_long",
        "recording_too_large",
        "recording_too_many_tracks",
        "recording_no_picture",
        "recording_too_many_pixels",
        "recording_too_many_pictures",
        "recording_too_short",
    }
)
"""Causes that lie in the recording: analysing the same one again ends in the same way."""
