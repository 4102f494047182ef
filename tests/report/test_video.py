from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import cv2
import numpy as np
import psutil
import pytest

from instantreact_sdk import Detections, Frame, InstantReactError, Observation, Transcript
from instantreact_sdk.report import AnnotatedVideo


def plain(level: int, time: float, index: int = 0, size: tuple[int, int] = (64, 48)) -> Frame:
    return Frame(np.full((size[1], size[0], 3), level, np.uint8), time=time, index=index)


def decoded(path: Path) -> tuple[list[np.ndarray], float]:
    capture = cv2.VideoCapture(str(path))
    fps = capture.get(cv2.CAP_PROP_FPS)
    pictures = []
    while (got := capture.read())[0]:
        pictures.append(got[1][:, :, ::-1])
    capture.release()
    return pictures, fps


def levels(path: Path) -> list[int]:
    """Brightness of the middle of each picture, to the nearest ten."""
    pictures, _ = decoded(path)
    return [round(float(p[p.shape[0] // 2, p.shape[1] // 2].mean()) / 10) * 10 for p in pictures]


def write(path: Path, frames: list[Frame], fps: float, size: tuple[int, int] = (64, 48)) -> None:
    with AnnotatedVideo(path, *size, fps) as video:
        for frame in frames:
            video.write(frame)


def test_each_frame_of_a_constant_rate_is_one_picture(tmp_path: Path):
    path = tmp_path / "a.mp4"
    shades = [10 * k for k in range(1, 21)]
    write(path, [plain(shade, k / 10, k) for k, shade in enumerate(shades)], 10)
    assert levels(path) == shades
    assert decoded(path)[1] == pytest.approx(10)


def test_the_videos_clock_is_media_time_within_one_frame(tmp_path: Path):
    path = tmp_path / "a.mp4"
    times = [0.0, 0.11, 0.19, 0.22, 0.9, 1.0, 1.52]
    shades = [20, 40, 60, 80, 100, 120, 140]
    write(path, [plain(shade, time) for shade, time in zip(shades, times, strict=True)], 10)
    # Places round(10 t): 0, 1, 2, 2, 9, 10, 15; the second of two in one place is left out, gaps repeat.
    assert levels(path) == [20, 40, *[60] * 7, 100, *[120] * 5, 140]


def test_a_source_that_begins_late_begins_with_its_first_frame(tmp_path: Path):
    path = tmp_path / "a.mp4"
    write(path, [plain(50, 0.5), plain(90, 0.6)], 10)
    assert levels(path) == [*[50] * 6, 90]


@pytest.mark.parametrize("size", [(63, 48), (64, 47), (33, 31), (2, 2), (1, 1)])
def test_odd_sizes_become_even_without_scaling(tmp_path: Path, size: tuple[int, int]):
    path = tmp_path / "a.mp4"
    write(path, [plain(120, k / 5, size=size) for k in range(3)], 5, size)
    pictures, _ = decoded(path)
    assert len(pictures) == 3
    assert pictures[0].shape[:2] == (size[1] + size[1] % 2, size[0] + size[0] % 2)
    assert abs(pictures[0].astype(int) - 120).max() <= 4


def test_a_change_of_resolution_is_fitted_into_the_first_size_with_bars(tmp_path: Path):
    path = tmp_path / "a.mp4"
    write(path, [plain(200, 0), plain(200, 1, size=(64, 96)), plain(200, 2, size=(640, 100))], 1)
    first, tall, wide = decoded(path)[0]
    assert first.min() > 190
    # 64 x 96 in 64 x 48 is 32 x 48, from column 16 on; 640 x 100 is 64 x 10, from row 19 on.
    assert tall[:, 20:44].min() > 190
    assert tall[:, :12].max() < 20
    assert tall[:, 52:].max() < 20
    assert wide[22:26].min() > 190
    assert wide[:14].max() < 20


def test_boxes_are_drawn_and_colours_kept(tmp_path: Path):
    path = tmp_path / "a.mp4"
    image = np.zeros((240, 320, 3), np.uint8)
    image[:] = (180, 40, 30)
    box = Observation("a/b/0", "a", "b", 0.0, 0.0, Detections([[0.25, 0.25, 0.75, 0.75]], [0.9], [0]), 0, ("cat",))
    with AnnotatedVideo(path, 320, 240, 5) as video:
        video.write(Frame(image, time=0, index=0), [box])
        video.write(Frame(image.copy(), time=0.2, index=1))
    boxed, bare = decoded(path)[0]
    assert np.abs(bare[120, 160].astype(int) - (180, 40, 30)).max() <= 8
    assert np.abs(boxed[60:180, 80].astype(int) - bare[60:180, 80]).max(axis=1).mean() > 60
    assert np.abs(boxed[120, 160].astype(int) - bare[120, 160]).max() <= 8


def test_what_was_said_stays_for_three_seconds(tmp_path: Path):
    path = tmp_path / "a.mp4"
    said = Observation("a/w/0", "a", "w", 0.0, 1.0, Transcript("help me", 0.0, 1.0))
    with AnnotatedVideo(path, 320, 240, 2) as video:
        for k in range(14):
            video.write(plain(200, k / 2, k, (320, 240)), [said] if k == 2 else [])
    banded = [picture[-3:].mean() < 120 for picture in decoded(path)[0]]
    assert banded == [False, False, *[True] * 6, *[False] * 6]  # from 1.0 s until before 4.0 s


def test_plays_in_a_browser(tmp_path: Path):
    path = tmp_path / "a.mp4"
    write(path, [plain(100, k / 10) for k in range(5)], 10)
    data = path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat"), "the index comes first, so that it plays while it loads"
    from imageio_ffmpeg import get_ffmpeg_exe

    told = subprocess.run(
        [get_ffmpeg_exe(), "-hide_banner", "-i", path], capture_output=True, text=True, check=False
    ).stderr
    assert "Video: h264" in told
    assert "yuv420p" in told


def test_without_frames_there_is_no_file(tmp_path: Path):
    AnnotatedVideo(tmp_path / "a.mp4", 64, 48, 10).close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("fps", [0.0, 0.01, 90000.0])
def test_rates_that_nobody_films_at_are_brought_into_bounds(tmp_path: Path, fps: float):
    write(tmp_path / "a.mp4", [plain(100, k / 10) for k in range(11)], fps)
    pictures, rate = decoded(tmp_path / "a.mp4")
    assert len(pictures) == (61 if fps > 1 else 2)
    assert 1 <= rate <= 60


def test_closing_may_be_repeated_and_leaves_no_process(tmp_path: Path):
    video = AnnotatedVideo(tmp_path / "a.mp4", 64, 48, 10)
    video.write(plain(100, 0))
    video.close()
    video.close()
    assert not [child for child in psutil.Process().children() if "ffmpeg" in child.name()]


def write_much(video: AnnotatedVideo) -> None:
    for k in range(1, 1000):
        video.write(plain(100, k / 10, k, (640, 480)))


def test_a_failure_of_ffmpeg_is_one_error_and_nobody_waits_for_ever(tmp_path: Path):
    (tmp_path / "a.mp4").mkdir()  # a folder cannot be opened as a file
    video = AnnotatedVideo(tmp_path / "a.mp4", 640, 480, 10)
    with pytest.raises(InstantReactError, match=r"IR4020: .*a\.mp4 could not be written: ffmpeg ended with \d+"):
        write_much(video)
    video.close()
    assert not [child for child in psutil.Process().children() if "ffmpeg" in child.name()]


def test_a_video_that_ffmpeg_leaves_in_the_middle_is_one_error(tmp_path: Path):
    video = AnnotatedVideo(tmp_path / "a.mp4", 640, 480, 10)
    video.write(plain(100, 0.0, 0, (640, 480)))
    encoder = next(child for child in psutil.Process().children() if "ffmpeg" in child.name())
    encoder.kill()
    with pytest.raises(InstantReactError, match="IR4020"):
        write_much(video)
    video.close()


def test_a_process_that_is_killed_leaves_a_file_that_plays(tmp_path: Path):
    path = tmp_path / "a.mp4"
    script = textwrap.dedent(f"""
        import numpy as np, os, signal
        from pathlib import Path
        from instantreact_sdk import Frame
        from instantreact_sdk.report import AnnotatedVideo
        video = AnnotatedVideo(Path({str(path)!r}), 64, 48, 10)
        for k in range(100):
            video.write(Frame(np.full((48, 64, 3), 90, np.uint8), time=k / 10, index=k))
        while not video._queue.empty():
            pass
        print(next(iter(open(f"/proc/self/task/{{os.getpid()}}/children"))), flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    """)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL
    (orphan,) = map(int, done.stdout.split())
    if psutil.pid_exists(orphan):
        psutil.wait_procs([psutil.Process(orphan)], timeout=20)
    assert 95 <= len(decoded(path)[0]) <= 100


def test_ctrl_c_in_the_terminal_does_not_reach_ffmpeg(tmp_path: Path):
    video = AnnotatedVideo(tmp_path / "a.mp4", 64, 48, 10)
    video.write(plain(100, 0))
    encoder = next(child for child in psutil.Process().children() if "ffmpeg" in child.name())
    assert os.getpgid(encoder.pid) != os.getpgid(0)
    video.close()
