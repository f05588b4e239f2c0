"""Reads a recording with libav: the part of `decode` that runs in a process of its own.

Run as a script, ``python -P sound_reader.py TASK FILE LIMITS [TARGET]``; the answer is one JSON
object on stdout. Decoders are written in C and a stranger's file may make them eat memory or
time without end, so the process binds itself to limits before it loads one. It imports nothing
of the application.
"""

import json
import math
import os
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

RATE = 16_000
CONTAINERS = {
    "matroska,webm": "webm",
    "mov,mp4,m4a,3gp,3g2,mj2": "mp4",
    "wav": "wav",
    "mp3": "mp3",
    "ogg": "ogg",
    "flac": "flac",
    "aac": "aac",
}
"""libav's name of each container that is read, and ours. No playlists: they name other files."""
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


class RefusedError(Exception):
    """The file cannot be used; the arguments are a code of ``decode.MediaError`` and its values."""

    def __init__(self, code: str, **values: int | float | str) -> None:
        """Keep the code and the numbers behind it."""
        super().__init__(code)
        self.code = code
        self.values = values


def open_file(path: Path) -> Any:
    """Open a container of a known kind (``av.container.InputContainer``)."""
    import av

    names = [alias for name in CONTAINERS for alias in name.split(",")]
    options = {
        "format_whitelist": ",".join(names),
        "protocol_whitelist": "file",
        # libav tries every track when it opens a file; pictures need no decoder here.
        "codec_whitelist": ",".join(TARGETS),
    }
    try:
        return av.open(f"file:{path}", options=options, metadata_errors="ignore")
    except av.FFmpegError as error:
        raise RefusedError("unreadable", cause=type(error).__name__) from error


def describe(container: Any) -> dict[str, Any]:
    """Return the fields of ``decode.Probe``."""
    from av.stream import Disposition

    pictures = [
        stream
        for stream in container.streams.video
        if not stream.disposition & Disposition.attached_pic
    ]
    track = container.streams.best("audio")
    return {
        "container": CONTAINERS[container.format.name],
        "codec": None if track is None else coding(track),
        "duration": seconds_of(container),
        "has_sound": track is not None,
        "has_picture": bool(pictures),
    }


def seconds_of(container: Any) -> float | None:
    """Return the length that the headers claim, or that libav infers from the size."""
    return None if container.duration is None else max(0.0, container.duration / 1e6)


def coding(track: Any) -> str:
    """Return the name of a track's codec: such as opus, aac or mp3."""
    return str(track.codec_context.codec.canonical_name)


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


def check_length(seconds: float, limits: dict[str, Any]) -> None:
    """Refuse what is longer than the limit."""
    if seconds > limits["max_seconds"]:
        raise RefusedError("too_long", limit=limits["max_seconds"])


def packets(container: Any, track: Any) -> Iterator[Any]:
    """Yield a track's packets up to its end or to where the file is cut off or damaged."""
    import av

    try:
        for packet in container.demux(track):
            if packet.size:
                yield packet
    except av.FFmpegError:
        return


def frames(container: Any, track: Any) -> Iterator[Any]:
    """Yield a track's decoded frames; damaged packets are left out."""
    import av

    good = bad = 0
    for packet in packets(container, track):
        try:
            for frame in packet.decode():
                good += 1
                yield frame
        except av.FFmpegError:
            bad += 1
            if bad > 50 and bad > good:
                raise RefusedError("unreadable", cause="damaged") from None
    if bad > good:
        # Anything looks a little like MP3 somewhere.
        raise RefusedError("unreadable", cause="damaged")
    try:
        yield from track.codec_context.decode(None)
    except av.FFmpegError:
        return


def resampled(container: Any, track: Any) -> Iterator[bytes]:
    """Yield the sound as mono 32-bit floats at ``RATE``."""
    import av

    def new() -> Any:
        return av.AudioResampler(format="flt", layout="mono", rate=RATE)

    def raw(pieces: list[Any]) -> bytes:
        # the plane's buffer is longer than its samples
        return b"".join(bytes(piece.planes[0])[: piece.samples * 4] for piece in pieces)

    resampler, shape = new(), None
    for frame in frames(container, track):
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
    with open_file(path) as container, os.fdopen(int(descriptor), "wb", CHUNK) as target:
        track = find_track(container, limits)
        for piece in resampled(container, track):
            total += len(piece) // 4
            check_length(total / RATE, limits)
            target.write(piece)
    if total < limits["min_seconds"] * RATE:
        raise RefusedError("too_short", limit=limits["min_seconds"])
    return {"samples": total}


def probe(path: Path, limits: dict[str, Any]) -> dict[str, Any]:
    """Describe a file."""
    with open_file(path) as container:
        return describe(container)


def strip(path: Path, limits: dict[str, Any], target: str) -> dict[str, Any]:
    """Copy the packets of one track into a new container."""
    import av

    with open_file(path) as container:
        track = find_track(container, limits)
        kind, options = TARGETS[coding(track)]
        # bitexact: no name of the software and no random identifiers in the file
        options = {**options, "fflags": "+bitexact"}
        with av.open(f"file:{target}", "w", format=kind, options=options) as output:
            copy = output.add_stream_from_template(track)
            if coding(track) == "vorbis":
                copy.codec_context.extradata = without_comments(track.codec_context.extradata)
            seconds = copy_packets(container, track, output, copy, limits)
    if seconds < limits["min_seconds"]:
        raise RefusedError("too_short", limit=limits["min_seconds"])
    with open_file(Path(target)) as written:
        return describe(written) | {"duration": seconds}


def copy_packets(
    container: Any, track: Any, output: Any, copy: Any, limits: dict[str, Any]
) -> float:
    """Copy packets, shifted so that the first one is at zero; return the seconds copied.

    Places in time only go forward: a recording whose parts were joined wrongly keeps what comes
    in order.
    """
    first: int | None = None
    last, end = -math.inf, 0.0
    for packet in packets(container, track):
        place = packet.dts if packet.dts is not None else packet.pts
        if place is None or place <= last:
            continue
        last = place
        first = place if first is None else first
        end = float((place - first + claimed_length(packet)) * packet.time_base)
        check_length(end, limits)
        packet.dts = place - first
        packet.pts = packet.dts if packet.pts is None else packet.pts - first
        packet.duration = claimed_length(packet)
        packet.stream = copy
        output.mux(packet)
    return end


def claimed_length(packet: Any) -> int:
    """Return a packet's duration in its own units; none where it claims more than a second."""
    length = packet.duration or 0
    return length if 0 <= length * packet.time_base <= 1 else 0


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


def limit_process(limits: dict[str, Any]) -> None:
    """Bind this process to its memory, seconds and size of files, and forbid core dumps."""
    seconds = math.ceil(limits["seconds"])
    bounds = [
        (resource.RLIMIT_AS, limits["memory"]),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 2 * limits["max_bytes"] + int(4 * RATE * limits["max_seconds"])),
        (resource.RLIMIT_CORE, 0),
    ]
    for what, bound in bounds:
        _, hard = resource.getrlimit(what)
        # a limit may be lowered, never raised
        allowed = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        resource.setrlimit(what, (allowed, allowed))


def answer(task: str, path: Path, limits: dict[str, Any], arguments: list[str]) -> dict[str, Any]:
    """Do one task and return what goes to the parent: its result, or ``error`` and ``values``."""
    tasks = {"probe": probe, "read": read, "strip": strip}
    try:
        return tasks[task](path, limits, *arguments)
    except RefusedError as refused:
        return {"error": refused.code, "values": refused.values}
    except MemoryError:
        values = {"limit": limits["max_bytes"], "unpacked": limits["memory"]}
        return {"error": "too_large", "values": values}
    except Exception as error:
        # a damaged file can raise almost anything
        return {"error": "unreadable", "values": {"cause": type(error).__name__}}


def main() -> None:
    """Read the arguments, work within the limits, print the answer as JSON."""
    task, path, limits, *arguments = sys.argv[1:]
    bounds = json.loads(limits)
    limit_process(bounds)
    sys.stdout.write(json.dumps(answer(task, Path(path), bounds, arguments)))


if __name__ == "__main__":
    main()
