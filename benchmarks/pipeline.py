"""What the SDK costs: frames a second of a pipeline whose detector returns nothing, against a bare OpenCV read loop.

Usage: python benchmarks/pipeline.py [VIDEO] [--repeats N]

Both read every frame of the same file, in turn, each in a process of its own, and the ratio of each pair is taken. The file is
the video ten times over, so that seconds are compared and not the start of threads. The pipeline also runs the video
once, to compare the peak memory of both lengths. Aim: at least 0.90 of the loop's frames a second, and flat memory.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

LOOP = """
import json, sys, time, resource
import cv2
began = time.perf_counter()
video, frames = cv2.VideoCapture(sys.argv[1]), 0
while video.read()[0]:
    frames += 1
seconds = time.perf_counter() - began
print(json.dumps({"fps": frames / seconds, "frames": frames, "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""

PIPELINE = """
import json, sys, time, resource
from pathlib import Path
from instantreact_sdk import Pipeline
pipeline = Pipeline.from_config(sys.argv[2])
began = time.perf_counter()
for event in pipeline.run():
    pass
seconds = time.perf_counter() - began
frames = sum(source["frames"] for source in pipeline.summary["sources"].values())
print(json.dumps({"fps": frames / seconds, "frames": frames, "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""

NOTHING = """
from instantreact_sdk import Detections, Detector


class Nothing(Detector):
    labels = ("nothing",)

    def detect(self, frames):
        return [Detections.empty() for _ in frames]
"""


def main() -> None:
    parser = argparse.ArgumentParser(description="What the SDK costs, against a bare read loop.")
    default = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "video" / "vtest.avi"
    parser.add_argument("video", type=Path, nargs="?", default=default)
    parser.add_argument("--repeats", type=int, default=7)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "nothing.py").write_text(NOTHING)
        once, ten = arguments.video.resolve(), folder / f"ten{arguments.video.suffix}"
        repeat(once, ten)
        ratios = []
        for _ in range(arguments.repeats):
            loop = run(LOOP, ten, folder)
            ours = run(PIPELINE, ten, folder)
            assert ours["frames"] == loop["frames"], "both have to read every frame"
            ratios.append(ours["fps"] / loop["fps"])
            print(f"loop {loop['fps']:6.0f} frames/s   pipeline {ours['fps']:6.0f} frames/s   ratio {ratios[-1]:.2f}")
        short = run(PIPELINE, once, folder)
        print(
            f"ratio: median {statistics.median(ratios):.2f}, from {min(ratios):.2f} to {max(ratios):.2f} (aim: at least 0.90)"
        )
        print(
            f"peak memory: {short['mb']:.0f} MB for {short['frames']:.0f} frames, "
            f"{ours['mb']:.0f} MB for {ours['frames']:.0f} (the bare loop: {loop['mb']:.0f} MB)"
        )


def repeat(video: Path, out: Path) -> None:
    """The video ten times over, its stream as it is."""
    import imageio_ffmpeg

    ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
    command = [ffmpeg, "-v", "error", "-stream_loop", "9", "-i", str(video), "-c", "copy", "-an", str(out)]
    subprocess.run(command, check=True)


def run(program: str, video: Path, folder: Path) -> dict[str, float]:
    """What a program prints."""
    config = folder / "pipeline.yaml"
    config.write_text(
        json.dumps(
            {
                "sources": {"video": {"use": "opencv/video", "options": {"url": str(video)}}},
                "detectors": {"nothing": {"use": "./nothing.py:Nothing"}},
                "rules": {"something": {"when": {"label": "nothing", "for": "1s"}}},
            }
        )
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(video), str(config)], check=True, capture_output=True, text=True
    )
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


if __name__ == "__main__":
    main()
