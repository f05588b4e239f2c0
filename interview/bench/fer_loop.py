"""The loop of the package fer over every frame of a video, for `flask bench video`.

Run by the Python of an environment that has fer; it writes the frames it read and its seconds.
"""

import json
import sys
import time


def main(path: str) -> None:
    """Read a video with OpenCV and let fer find and judge the faces of each frame."""
    import cv2
    from fer.fer import FER

    detector = FER()
    video = cv2.VideoCapture(path)
    found, frame = video.read()
    detector.detect_emotions(frame)  # warm
    video = cv2.VideoCapture(path)
    frames = faces = 0
    started = time.perf_counter()
    while True:
        found, frame = video.read()
        if not found:
            break
        frames += 1
        faces += bool(detector.detect_emotions(frame))
    seconds = time.perf_counter() - started
    json.dump({"frames": frames, "faces": faces, "seconds": seconds}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
