"""Containers, whatever they hold: opened, described, and copied packet by packet."""

import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

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


class RefusedError(Exception):
    """The file cannot be used; the arguments are a code of ``decode.MediaError`` and its values."""

    def __init__(self, code: str, **values: int | float | str) -> None:
        """Keep the code and the numbers behind it."""
        super().__init__(code)
        self.code = code
        self.values = values


def open_file(path: Path, limits: dict[str, Any], decoders: Iterable[str] = ()) -> Any:
    """Open a container of a known kind (``av.container.InputContainer``).

    libav tries every track when it opens a file, with these decoders only.
    """
    import av

    names = [alias for name in CONTAINERS for alias in name.split(",")]
    options = {
        "format_whitelist": ",".join(names),
        "protocol_whitelist": "file",
        "codec_whitelist": ",".join(decoders) or "none",
        "max_pixels": str(limits["max_pixels"]),
    }
    try:
        container = av.open(f"file:{path}", options=options, metadata_errors="ignore")
    except av.FFmpegError as error:
        raise RefusedError("unreadable", cause=type(error).__name__) from error
    if len(container.streams) > limits["max_tracks"]:
        container.close()
        raise RefusedError("too_many_tracks", limit=limits["max_tracks"])
    return container


def describe(container: Any) -> dict[str, Any]:
    """Return the fields of ``decode.Probe``."""
    track = container.streams.best("audio")
    return {
        "container": CONTAINERS[container.format.name],
        "codec": None if track is None else coding(track),
        "duration": seconds_of(container),
        "has_sound": track is not None,
        "has_picture": bool(picture_tracks(container)),
    }


def picture_tracks(container: Any) -> list[Any]:
    """Return the tracks of moving pictures; the cover of a song is none."""
    from av.stream import Disposition

    return [
        track
        for track in container.streams.video
        if not track.disposition & Disposition.attached_pic
    ]


def seconds_of(container: Any) -> float | None:
    """Return the length that the headers claim, or that libav infers from the size."""
    return None if container.duration is None else max(0.0, container.duration / 1e6)


def coding(track: Any) -> str:
    """Return the name of a track's codec: such as opus, aac or mp3."""
    return str(track.codec_context.codec.canonical_name)


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


def decoded(track: Any, pieces: Iterable[Any]) -> Iterator[Any]:
    """Yield the frames of a track's packets; damaged packets are left out."""
    import av

    good = bad = 0
    for packet in pieces:
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


def copied(
    container: Any, track: Any, copy: Any, origin: float | None = None
) -> Iterator[tuple[float, Any]]:
    """Yield a track's packets for the track ``copy``, each with the second at which it ends.

    They are shifted so that ``origin`` in seconds, or else the first packet, is at zero. Places
    in time only go forward: a recording whose parts were joined wrongly keeps what comes in order.
    """
    first = None if origin is None else round(origin / track.time_base)
    last = -math.inf
    for packet in packets(container, track):
        place = packet.dts if packet.dts is not None else packet.pts
        if place is None or place <= last:
            continue
        last = place
        first = place if first is None else first
        packet.dts = place - first
        packet.pts = packet.dts if packet.pts is None else packet.pts - first
        packet.duration = claimed_length(packet)
        packet.stream = copy
        yield float((packet.dts + packet.duration) * packet.time_base), packet


def claimed_length(packet: Any) -> int:
    """Return a packet's duration in its own units; none where it claims more than a second."""
    length = packet.duration or 0
    return length if 0 <= length * packet.time_base <= 1 else 0
