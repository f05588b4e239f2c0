"""The pictures of a video: copied beside their sound, or decoded a few per second."""

import heapq
import struct
import sys
from collections.abc import Iterator
from fractions import Fraction
from itertools import chain, pairwise
from pathlib import Path
from statistics import median
from typing import Any, BinaryIO

from . import sound
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
from .containers import picture_tracks as tracks

KINDS = {
    "vp8": ("webm",),
    "vp9": ("webm", "mp4"),
    "av1": ("webm", "mp4"),
    "h264": ("mp4",),
    "hevc": ("mp4",),
    "mpeg4": ("mp4",),
}
"""Every coding of pictures that is read, and the containers that browsers play it in."""
DECODERS = ("vp8", "vp9", "libdav1d", "h264", "hevc", "mpeg4", *sound.TARGETS)
SOUND_KINDS = {
    "opus": ("webm", "mp4"),
    "vorbis": ("webm",),
    "aac": ("mp4",),
    "mp3": ("mp4",),
    "flac": ("mp4",),
}
"""The containers of videos that a coding of sound goes into; others are encoded anew."""
ENCODERS = {"webm": "libopus", "mp4": "aac"}
OPTIONS = {"webm": {"cues_to_front": "1"}, "mp4": {"movflags": "faststart"}}
SOUND_RATE = 48_000
"""Samples per second of sound that is encoded anew."""

SHORTEST_STEP, LONGEST_STEP = 1 / 300, 1.0
"""Seconds between pictures, in the middle of a video, that are believed."""
USUAL_RATE = 25
"""Pictures per second where a file says nothing that can be believed."""
FARTHEST = 60.0
"""Seconds between the beginnings of picture and sound that are believed."""
CLOCK = Fraction(1, 90_000)
"""Unit of time stamps that are made here."""
THREADS = 2

HEADER = struct.Struct("<dIIIB")
"""Before each picture: seconds, width, height, bytes per line, and `orientation`."""


def find_track(container: Any, limits: dict[str, Any]) -> Any:
    """Return the track of pictures, which can be read within the limits."""
    found = tracks(container)
    if not found:
        raise RefusedError("no_picture")
    best = container.streams.best("video")
    track = best if best in found else found[0]
    context = track.codec_context
    if coding(track) not in KINDS:
        raise RefusedError("unreadable", cause=f"codec {coding(track)}")
    if context.width * context.height > limits["max_pixels"]:
        raise RefusedError("too_many_pixels", limit=limits["max_pixels"])
    check_length(seconds_of(container) or 0.0, limits)
    return track


def find_sound(container: Any, limits: dict[str, Any]) -> Any:
    """Return the sound track, None where there is none that can be read."""
    try:
        return sound.find_track(container, limits)
    except RefusedError as refused:
        if refused.code == "too_long":
            raise
        return None


def made_up_step(path: Path, limits: dict[str, Any]) -> float | None:
    """Return the seconds from picture to picture where the time stamps cannot be believed.

    Then the pictures are spread evenly over the length of the sound, or else follow each other
    at the rate that the file claims. None where the stamps are good. Refuses too many pictures.
    """
    with open_file(path, limits, DECODERS) as container:
        track, heard = find_track(container, limits), find_sound(container, limits)
        places, count = [], 0
        for packet in packets(container, track):
            count += 1
            if count > limits["max_pictures"]:
                raise RefusedError("too_many_pictures", limit=limits["max_pictures"])
            if packet.pts is not None:
                places.append(packet.pts)
        steps = [float((b - a) * track.time_base) for a, b in pairwise(sorted(places))]
        if count < 2:
            return None
        if len(places) > count / 2 and SHORTEST_STEP <= median(steps) <= LONGEST_STEP:
            return None
        if heard is not None and heard.duration:
            return max(float(heard.duration * heard.time_base) / count, SHORTEST_STEP)
        claimed = float(track.average_rate or 0)
        return 1 / (claimed if 1 <= claimed <= 60 else USUAL_RATE)


def origin_of(container: Any, track: Any) -> float | None:
    """Return the second of the file's own clock at which its earliest track begins.

    None where that cannot be believed.
    """
    heard = container.streams.best("audio")
    starts = [
        float(one.start_time * one.time_base)
        for one in (track, heard)
        if one is not None and one.start_time is not None
    ]
    if not starts or max(starts) - min(starts) > FARTHEST:
        return None
    return min(starts)


def strip(path: Path, limits: dict[str, Any], target: str) -> dict[str, Any]:
    """Copy the packets of one picture and one sound track into a new container."""
    import av

    step = made_up_step(path, limits)
    # Each track is read through a handle of its own, so that neither waits for the other.
    with open_file(path, limits, DECODERS) as seen, open_file(path, limits, DECODERS) as listened:
        track, heard = find_track(seen, limits), find_sound(listened, limits)
        kind = target_kind(track, heard)
        options = {**OPTIONS[kind], "fflags": "+bitexact"}
        with av.open(f"file:{target}", "w", format=kind, options=options) as output:
            copy = output.add_stream_from_template(track)
            if coding(track) == "hevc":
                # the only name under which Safari plays it
                copy.codec_context.codec_tag = "hvc1"
            origin = origin_of(seen, track)
            ways = [spread(seen, track, copy, step) if step else copied(seen, track, copy, origin)]
            if heard is not None:
                ways.append(sound_packets(listened, heard, output, origin))
            seconds = 0.0
            for end, packet in heapq.merge(*ways, key=lambda pair: pair[0]):
                check_length(end, limits)
                seconds = max(seconds, end)
                output.mux(packet)
    if seconds < limits["min_seconds"]:
        raise RefusedError("too_short", limit=limits["min_seconds"])
    with open_file(Path(target), limits, DECODERS) as written:
        return describe(written) | {"duration": seconds}


def target_kind(track: Any, heard: Any) -> str:
    """Return the container that picture and sound go into, the sound as it is if possible."""
    possible = KINDS[coding(track)]
    if heard is not None:
        fitting = [kind for kind in possible if kind in SOUND_KINDS.get(coding(heard), ())]
        possible = fitting or possible
    return possible[0]


def spread(container: Any, track: Any, copy: Any, step: float) -> Iterator[tuple[float, Any]]:
    """Yield a track's packets with time stamps made up, one ``step`` of seconds after the other."""
    for number, packet in enumerate(packets(container, track)):
        packet.time_base = CLOCK
        packet.pts = packet.dts = round(number * step / CLOCK)
        packet.duration = round(step / CLOCK)
        packet.stream = copy
        yield (number + 1) * step, packet


def sound_packets(
    container: Any, track: Any, output: Any, origin: float | None
) -> Iterator[tuple[float, Any]]:
    """Yield the packets of the sound for a new file, encoded anew only where it must be."""
    kind = output.format.name
    if kind in SOUND_KINDS.get(coding(track), ()):
        copy = sound.add_copy(output, track)
        return copied(container, track, copy, origin)
    layout = "mono" if track.codec_context.channels == 1 else "stereo"
    return encoded(
        container, track, output.add_stream(ENCODERS[kind], rate=SOUND_RATE, layout=layout)
    )


def encoded(container: Any, track: Any, coder: Any) -> Iterator[tuple[float, Any]]:
    """Yield the sound, encoded anew."""
    import av

    context = coder.codec_context
    resampler = av.AudioResampler(
        context.format, context.layout, SOUND_RATE, context.frame_size or 1024
    )
    total = 0
    for frame in chain(decoded(track, packets(container, track)), [None]):
        if frame is not None:
            frame.pts = None
        for piece in resampler.resample(frame):
            piece.pts = total
            piece.time_base = Fraction(1, SOUND_RATE)
            total += piece.samples
            for packet in coder.encode(piece):
                yield total / SOUND_RATE, packet
    for packet in coder.encode(None):
        yield total / SOUND_RATE, packet


def pictures(path: Path, limits: dict[str, Any], rate: str, side: str) -> dict[str, Any]:
    """Write pictures to stdout, ``rate`` a second and at most ``side`` wide and high.

    Each follows a `HEADER`; one of zeros ends them.
    """
    count, output = 0, sys.stdout.buffer
    step = made_up_step(path, limits)
    with open_file(path, limits, DECODERS) as container:
        track = find_track(container, limits)
        track.thread_type = "AUTO"
        track.codec_context.thread_count = THREADS
        for seconds, frame in sampled(container, track, float(rate), step):
            check_length(seconds, limits)
            write(output, seconds, frame, int(side), limits)
            count += 1
    if not count:
        raise RefusedError("no_picture")
    return {"pictures": count}


def sampled(
    container: Any, track: Any, rate: float, step: float | None
) -> Iterator[tuple[float, Any]]:
    """Yield ``rate`` decoded frames per second, each with its second; fewer if there are fewer."""
    origin = origin_of(container, track) or 0.0
    pieces = packets(container, track) if step else skipping(container, track, rate, origin)
    usual = step or 1 / min(max(float(track.average_rate or USUAL_RATE), 1.0), 60.0)
    due, last = 0.0, -usual
    for number, frame in enumerate(decoded(track, pieces)):
        if step:
            seconds = number * step
        elif frame.pts is None:
            seconds = last + usual
        else:
            seconds = float(frame.pts * track.time_base) - origin
        if seconds <= last:
            # parts that were joined wrongly
            seconds = last + usual
        last = max(seconds, 0.0)
        if last >= due:
            due = (int(last * rate) + 1) / rate
            yield last, frame


def skipping(container: Any, track: Any, rate: float, origin: float) -> Iterator[Any]:
    """Yield a track's packets, telling the decoder which pictures it may leave out.

    It leaves those out that no other picture needs and that lie between two samples.
    """
    for packet in packets(container, track):
        if packet.pts is not None:
            seconds = float(packet.pts * packet.time_base) - origin
            step = float((packet.duration or 0) * packet.time_base) or 1 / USUAL_RATE
            wanted = int(seconds * rate) != int((seconds - min(step, 1.0)) * rate)
            track.codec_context.skip_frame = "DEFAULT" if wanted else "NONREF"
        yield packet


def write(output: BinaryIO, seconds: float, frame: Any, side: int, limits: dict[str, Any]) -> None:
    """Write one picture, reduced, in blue, green and red."""
    if frame.width * frame.height > limits["max_pixels"]:
        # it may grow on the way
        raise RefusedError("too_many_pixels", limit=limits["max_pixels"])
    scale = min(1.0, side / max(frame.width, frame.height))
    small = frame.reformat(
        width=max(1, round(frame.width * scale)),
        height=max(1, round(frame.height * scale)),
        format="bgr24",
        interpolation="AREA",
        threads=1,
    )
    plane = small.planes[0]
    output.write(
        HEADER.pack(seconds, small.width, small.height, plane.line_size, orientation(frame))
    )
    output.write(memoryview(plane)[: plane.line_size * small.height])


def orientation(frame: Any) -> int:
    """Return how a picture is to be turned: 1 to swap its axes, 2 and 4 to turn x and y round.

    From the display matrix a, b, u, c, d, v …: a point (x, y) is shown at (ax + cy, bx + dy).
    """
    for one in frame.side_data:
        if one.type.name == "DISPLAYMATRIX":
            a, b, _, c, d = struct.unpack("<5i", bytes(one)[:20])
            if abs(b) > abs(a):
                return 1 | 2 * (c < 0) | 4 * (b < 0)
            return 2 * (a < 0) | 4 * (d < 0)
    return 0
