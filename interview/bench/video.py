"""Speed and memory of the analysis of videos, beside the package fer on the same file.

The video is made here: a face from the clips of the data folder, forwards and backwards in turn,
640x480 at 30 frames a second, coded as Chrome's recorder does, with speech from the corpora.
"""

import contextlib
import json
import multiprocessing
import resource
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

from interview.settings import ROOT

SIZE, RATE = (640, 480), 30
LENGTH, BAR = 45, 7.0
"""Seconds of an answer, and seconds that everything done with it may take."""
LONG = 300
"""Seconds of the video that shows how memory grows."""
MEMORY_BAR = 1200
"""Megabytes that the worker and its decoder may need together."""
TIMES_FASTER = 5.0
ROUNDS = 3
FACE = "clips/crying_to_smiling.mp4"


def run(data: Path, rival: str | None) -> None:
    """Print times, memory and the rival's time. Raises ``ClickException`` when a bar is missed."""
    with tempfile.TemporaryDirectory() as folder:
        files = {seconds: Path(folder) / f"{seconds}.webm" for seconds in (LENGTH, LONG)}
        for seconds, path in files.items():
            write_video(path, data, seconds)
        took = _alone(_time_stages, files[LENGTH])
        missed = _report_times(took)
        missed += _report_memory({seconds: _alone(_peak_of, files[seconds]) for seconds in files})
        missed += _report_rival(took, _fer(files[LENGTH], rival))
    if missed:
        raise click.ClickException("bars missed: " + ", ".join(missed))


def _report_times(took: dict[str, Any]) -> list[str]:
    """Print how long the stages took; return what missed its bar."""
    for stage, seconds in took["stages"].items():
        click.echo(f"{stage:36} {seconds:6.2f} s")
    click.echo(
        f"everything, {LENGTH} s of video: median {took['median']:.2f} s, "
        f"slowest {took['slowest']:.2f} s (bar {BAR:.0f} s), "
        f"processors {took['processor']:.2f} s"
    )
    return [f"{LENGTH} s in {took['median']:.2f} s"] if took["median"] > BAR else []


def _report_memory(peaks: dict[int, tuple[float, float]]) -> list[str]:
    """Print the memory that videos of some lengths needed; return what missed its bar."""
    for seconds, (worker, reader) in peaks.items():
        click.echo(
            f"peak memory, {seconds} s of video: worker {worker:.0f} MB, "
            f"decoder {reader:.0f} MB (bar {MEMORY_BAR} MB together)"
        )
    most = max(sum(both) for both in peaks.values())
    return [f"{most:.0f} MB"] if most > MEMORY_BAR else []


def _report_rival(took: dict[str, Any], fer: dict[str, Any] | None) -> list[str]:
    """Print how long fer took for the same file; return what missed its bar."""
    if fer is None:
        click.echo("fer: not measured (--rival takes the Python of an environment that has it)")
        return []
    faster = fer["seconds"] / took["median"]
    ours = 1000 * took["picture"] / took["frames"]
    theirs = 1000 * fer["seconds"] / fer["frames"]
    click.echo(
        f"fer, every frame of the same file: {fer['seconds']:.2f} s, {faster:.1f} times ours; "
        f"for one frame ours {ours:.1f} ms, fer {theirs:.1f} ms"
    )
    behind = faster < TIMES_FASTER or ours > theirs
    return [f"{faster:.1f} times as fast as fer"] if behind else []


def write_video(path: Path, data: Path, seconds: int) -> None:
    """Write a video of a face and of speech as a browser's recorder does."""
    turn = path.with_name("turn.webm")
    if not turn.exists():
        _write_turn(turn, data)
    _repeat(turn, path, seconds)


def _write_turn(path: Path, data: Path) -> None:
    """Write the part that is repeated: forwards, backwards."""
    import av

    faces = _faces(data)
    with av.open(str(path), "w", format="webm") as output:
        quick = {"deadline": "realtime", "cpu-used": "8"}
        picture = output.add_stream("libvpx", rate=RATE, options=quick)
        picture.width, picture.height = SIZE
        picture.pix_fmt, picture.bit_rate = "yuv420p", 1_500_000
        sound = output.add_stream("libopus", rate=48_000, layout="mono")
        for image in faces:
            output.mux(picture.encode(av.VideoFrame.from_ndarray(image, format="bgr24")))
        output.mux(picture.encode(None))
        speech = _speech(data, len(faces) // RATE)[None]
        frame = av.AudioFrame.from_ndarray(speech, format="flt", layout="mono")
        frame.sample_rate = 16_000
        resampler = av.AudioResampler(sound.format, "mono", 48_000, 960)
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            output.mux(sound.encode(piece))
        output.mux(sound.encode(None))


def _repeat(source: Path, target: Path, seconds: int) -> None:
    """Write a video's coded pictures and sound again and again, up to some length."""
    import av

    with av.open(str(source)) as file:
        turn = round(float(file.duration or 0) / av.time_base)
    with av.open(str(target), "w", format="webm") as output:
        copies: dict[int, Any] = {}
        for start in range(0, seconds, turn):
            with av.open(str(source)) as file:
                if not copies:
                    copies = {
                        track.index: output.add_stream_from_template(track)
                        for track in file.streams
                    }
                for packet in file.demux():
                    if packet.pts is None or start + packet.pts * packet.time_base >= seconds:
                        continue
                    packet.pts += round(start / packet.time_base)
                    packet.dts = packet.pts
                    packet.stream = copies[packet.stream_index]
                    output.mux(packet)


def _faces(data: Path) -> list[NDArray[np.uint8]]:
    """Return pictures of a face that turn back to the first one, cut from a wider clip."""
    import av

    width, height = SIZE
    with av.open(str(data / FACE)) as clip:
        pictures = [
            frame.to_ndarray(width=height * 16 // 9, height=height, format="bgr24")
            for frame in islice(clip.decode(video=0), 10 * RATE)
        ]
    left = (pictures[0].shape[1] - width) // 2
    cut = [picture[:, left : left + width] for picture in pictures]
    return [*cut, *cut[::-1]]


def _speech(data: Path, seconds: int) -> NDArray[np.float32]:
    """Return clips of the corpora, one after the other."""
    from interview.training.speech.corpus import read_manifest, read_sounds

    sound = np.concatenate(read_sounds(data, read_manifest(data)[:100]))
    return np.tile(sound, 1 + seconds * 16_000 // len(sound))[: seconds * 16_000]


def _alone(work: Callable[[Path], Any], path: Path) -> Any:
    """Do something in a process of its own, like a worker."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, path).result()


def _models() -> tuple[Any, Any]:
    """Return the models of faces and of speech."""
    from interview.analysis.audio.emotion import SpeechEmotionModel
    from interview.analysis.video.emotion import FaceModel

    models = ROOT / "models"
    return FaceModel.load(models / "faces"), SpeechEmotionModel.load(models / "speech")


def _everything(path: Path, faces: Any, speech: Any) -> None:
    """Do with a video what a worker does: strip it, then analyse what is left."""
    from interview.analysis.decode import strip
    from interview.analysis.video.pipeline import analyse_video

    copy = path.with_name("copy.webm")
    strip(path, copy, picture=True)
    analyse_video(copy, face_model=faces, speech_model=speech)


def _time_stages(path: Path) -> dict[str, Any]:
    """Return the seconds of each stage and of everything, the models warm."""
    from interview.analysis.audio.pipeline import analyse_audio
    from interview.analysis.decode import read_sound, strip
    from interview.analysis.video.frames import stream_frames
    from interview.analysis.video.pipeline import sightings
    from interview.analysis.video.watching import watch

    faces, speech = _models()
    _everything(path, faces, speech)
    copy, seen, sound = path.with_name("copy.webm"), list(sightings(path)), read_sound(path)
    stages: dict[str, Callable[[], object]] = {
        "strip to one picture and one sound": lambda: strip(path, copy, picture=True),
        "decode 8 frames a second": lambda: sum(1 for _ in stream_frames(copy)),
        "decode, find and follow the face": lambda: sum(1 for _ in sightings(copy)),
        "read all faces": lambda: watch(seen, faces),
        "decode the sound": lambda: read_sound(copy),
        "analyse the sound": lambda: analyse_audio(sound, speech_model=speech),
    }
    took = {name: statistics.median(_times(work)) for name, work in stages.items()}
    before = _processor_seconds()
    whole = _times(lambda: _everything(path, faces, speech))
    return {
        "stages": took,
        "median": statistics.median(whole),
        "slowest": max(whole),
        "processor": (_processor_seconds() - before) / ROUNDS,
        "picture": took["decode, find and follow the face"] + took["read all faces"],
        "frames": len(seen),
    }


def _processor_seconds() -> float:
    """Return what this process and the decoders before have used of all processors."""
    users = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(sum(resource.getrusage(who)[:2]) for who in users)


def _peak_of(path: Path) -> tuple[float, float]:
    """Return the most memory that a worker, and the largest of its decoders, had, in MB."""
    faces, speech = _models()
    with ThreadPoolExecutor(1) as pool:
        done = threading.Event()
        readers = pool.submit(_largest_reader, done)
        _everything(path, faces, speech)
        done.set()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6, readers.result()


def _largest_reader(done: threading.Event) -> float:
    """Return the most memory, in MB, that a child which reads media has until ``done``.

    What the system tells of children after their end includes the copy of this process that they
    are before they become another program.
    """
    largest = 0.0
    while not done.wait(0.02):
        for file in Path("/proc/self/task").glob("*/children"):
            for child in file.read_text().split():
                with contextlib.suppress(OSError):
                    if b"media_reader" in Path("/proc", child, "cmdline").read_bytes():
                        pages = int(Path("/proc", child, "statm").read_text().split()[1])
                        largest = max(largest, pages * resource.getpagesize() / 1e6)
    return largest


def _times(work: Callable[[], object]) -> list[float]:
    """Return the seconds of each round."""
    found = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        found.append(time.perf_counter() - started)
    return found


def _fer(path: Path, python: str | None) -> dict[str, Any] | None:
    """Return frames and seconds of fer's loop; ``None`` without an environment that has it."""
    if python is None:
        return None
    done = subprocess.run(  # noqa: S603 - whoever runs the benchmark names the program
        [python, str(Path(__file__).with_name("fer_loop.py")), str(path)],
        check=True,
        capture_output=True,
        text=True,
    )
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result
