"""The sound of a recording: decoded, or copied into a file of its own."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .containers import (
    RefusedError,
    check_length,
    coding,
    copied,
    decoded,
    describe,
    open_file,
    packets,
    seconds_of,
)

RATE = 16_000
TARGETS = {
    "opus": ("webm", {"cues_to_front": "1"}),
    "vorbis": ("webm", {"cues_to_front": "1"}),
    "aac": ("mp4", {"movflags": "faststart"}),
    "mp3": ("mp3", {"id3v2_version": "0"}),
    "mp3float": ("mp3", {"id3v2_version": "0"}),
    "flac": ("flac", {}),
    **{
        f"pcm_{kind}": ("wav", {})
        for kind in ("u8", "s16le", "s24le", "s32le", "f32le", "f64le", "alaw", "mulaw")
    },
}
"""Every coding that is read, the container that browsers play it in, and how that is written."""
RATES = range(4_000, 384_001)
CHANNELS = range(1, 33)
CHUNK = 1 << 20
"""Samples after which decoded sound is handed on."""


def find_track(container: Any, limits: dict[str, Any]) -> Any:
    """Return the best sound track that can be read within the limits."""
    track = container.streams.best("audio")
    if track is None:
        raise RefusedError("no_sound")
    if coding(track) not in TARGETS:
        raise RefusedError("unreadable", cause=f"codec {coding(track)}")
    context = track.codec_context
    if context.sample_rate not in RATES or context.channels not in CHANNELS:
        raise RefusedError("unreadable", cause=f"{context.sample_rate} Hz x {context.channels}")
    check_length(seconds_of(container) or 0.0, limits)
    return track


def resampled(container: Any, track: Any) -> Iterator[bytes]:
    """Yield the sound as mono 32-bit floats at ``RATE``."""
    import av

    def new() -> Any:
        return av.AudioResampler(format="flt", layout="mono", rate=RATE)

    def raw(pieces: list[Any]) -> bytes:
        # the plane's buffer is longer than its samples
        return b"".join(bytes(piece.planes[0])[: piece.samples * 4] for piece in pieces)

    resampler, shape = new(), None
    for frame in decoded(track, packets(container, track)):
        own = (frame.format.name, frame.layout.name, frame.sample_rate)
        if shape not in (None, own):
            # Joined recordings change their rate or their channels on the way.
            yield raw(resampler.resample(None))
            resampler = new()
        shape = own
        frame.pts = None
        yield raw(resampler.resample(frame))
    if shape is not None:
        yield raw(resampler.resample(None))


def read(path: Path, limits: dict[str, Any], descriptor: str) -> dict[str, Any]:
    """Decode a file's sound into an open file, a chunk at a time."""
    total = 0
    with (
        open_file(path, limits, TARGETS) as container,
        os.fdopen(int(descriptor), "wb", CHUNK) as target,
    ):
        track = find_track(container, limits)
        for piece in resampled(container, track):
            total += len(piece) // 4
            check_length(total / RATE, limits)
            target.write(piece)
    if total < limits["min_seconds"] * RATE:
        raise RefusedError("too_short", limit=limits["min_seconds"])
    return {"samples": total}


def strip(path: Path, limits: dict[str, Any], target: str) -> dict[str, Any]:
    """Copy the packets of the sound into a new container."""
    import av

    with open_file(path, limits, TARGETS) as container:
        track = find_track(container, limits)
        kind, options = TARGETS[coding(track)]
        # bitexact: no name of the software and no random identifiers in the file
        options = {**options, "fflags": "+bitexact"}
        with av.open(f"file:{target}", "w", format=kind, options=options) as output:
            seconds = 0.0
            for seconds, packet in copied(container, track, add_copy(output, track)):
                check_length(seconds, limits)
                output.mux(packet)
    if seconds < limits["min_seconds"]:
        raise RefusedError("too_short", limit=limits["min_seconds"])
    with open_file(Path(target), limits, TARGETS) as written:
        return describe(written) | {"duration": seconds}


def add_copy(output: Any, track: Any) -> Any:
    """Add a sound track like another one to a new file, without comments."""
    copy = output.add_stream_from_template(track)
    if coding(track) == "vorbis":
        copy.codec_context.extradata = without_comments(track.codec_context.extradata)
    return copy


def without_comments(headers: bytes) -> bytes:
    """Empty the comment header (title, artist, place …) of Vorbis' three laced headers.

    Xiph lacing: the number of packets less one, the sizes of all but the last as sums of bytes
    that end with one below 255, then the packets (Vorbis I specification, section 5).
    """
    place, sizes = 1, []
    for _ in range(headers[0]):
        size = 0
        while headers[place] == 255:
            size, place = size + 255, place + 1
        sizes.append(size + headers[place])
        place += 1
    identity = headers[place : place + sizes[0]]
    setup = headers[place + sum(sizes) :]
    comment = b"\x03vorbis" + bytes(8) + b"\x01"
    return bytes([2, len(identity), len(comment)]) + identity + comment + setup
