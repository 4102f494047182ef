from __future__ import annotations

import resource
import signal
import subprocess
import sys
import textwrap
import threading
import time as clock
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import psutil
import pytest
from deadline import until
from films import played

from instantreact_sdk import Event, Frame, SourceInfo
from instantreact_sdk.report.clips import Picture
from instantreact_sdk.runner.clips import Clips
from instantreact_sdk.runner.reel import Reel


def event(start: float, end: float | None = None, *, source: str = "cam", rule: str = "intruder") -> Event:
    return Event(rule, source, start, start if end is None else end, (), {})


def dial(time: float, *, size: tuple[int, int] = (96, 48)) -> Frame:
    """A frame that shows its own time: tens, ones and tenths of seconds as three shades side by side."""
    tenths = round(time * 10)
    digits = np.array([tenths // 100, tenths // 10 % 10, tenths % 10], np.uint8)
    row = np.repeat(16 + 24 * digits, size[0] // 3)
    return Frame(np.repeat(np.tile(row, (size[1], 1))[:, :, None], 3, axis=2), time=time, index=tenths)


def frames(start: float, stop: float, fps: float = 10) -> Iterator[Frame]:
    """From `start` on, before `stop`."""
    return (dial(k / fps) for k in range(round(start * fps), round(stop * fps)))


def seconds(start: float, stop: float) -> list[float]:
    """Each tenth from `start` to `stop`, both included."""
    return [k / 10 for k in range(round(start * 10), round(stop * 10) + 1)]


def pictures(path: Path) -> Iterator[np.ndarray]:
    capture = cv2.VideoCapture(str(path))
    assert capture.get(cv2.CAP_PROP_FPS) == pytest.approx(10)
    while (got := capture.read())[0]:
        yield got[1]
    capture.release()


def shown(path: Path) -> list[float]:
    """The times that the pictures of a clip show, one after another."""
    times = []
    for picture in pictures(path):
        tall, wide = picture.shape[:2]
        tens, ones, tenths = (round((float(picture[tall // 2, wide * k // 6].mean()) - 16) / 24) for k in (1, 3, 5))
        times.append(tens * 10 + ones + tenths / 10)
    return times


class Making:
    """Clips that are made in a folder, and what is told of them."""

    def __init__(self, folder: Path, *sources: str, live: bool = False) -> None:
        self.folder = folder
        self.ready: dict[str, Path] = {}
        self.failed: list[str] = []
        self.clips = Clips(folder, lambda event, path: self.ready.update({event.id: path}), self.failed.append)
        for source in sources or ("cam",):
            self.clips.opened(source, SourceInfo(96, 48, live, 10.0))

    def add(self, frames: Iterable[Frame], source: str = "cam") -> None:
        for frame in frames:
            self.clips.add(source, [frame])

    def close(self) -> None:
        self.clips.close()
        assert self.failed == []


@pytest.fixture
def making(tmp_path: Path) -> Iterator[Making]:
    made = Making(tmp_path / "clips")
    yield made
    made.clips.close()


# What a clip shows ------------------------------------------------------------------------------------------------


def test_a_clip_shows_five_seconds_before_an_event_and_five_after_it(making: Making):
    making.add(frames(0, 22))
    making.clips.event(seen := event(20, 21.5))
    making.add(frames(22, 30))
    making.close()
    assert making.ready == {seen.id: making.folder / f"{seen.id}.mp4"}
    assert shown(making.ready[seen.id]) == seconds(15, 26.5)
    assert [path.name for path in making.folder.iterdir()] == [f"{seen.id}.mp4"]


def test_it_is_ready_as_soon_as_the_five_seconds_have_passed(making: Making):
    making.add(frames(0, 12))
    making.clips.event(seen := event(10))
    making.add(frames(12, 15.1))
    until(lambda: making.ready)
    assert shown(making.ready[seen.id]) == seconds(5, 15)


def test_it_plays_in_browsers_and_on_phones(making: Making):
    making.add(frames(0, 4))
    making.clips.event(seen := event(1))
    making.close()
    path = making.ready[seen.id]
    film = played(path)
    assert (film.codec, film.pixels, film.frames) == ("h264", "yuv420p", 40)
    assert film.seconds == pytest.approx(4)
    data = path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat"), "the index comes first, so that it plays while it loads"


def test_an_event_at_the_edges_of_a_recording_has_what_there_is(making: Making):
    making.add(frames(0, 12))
    making.clips.event(first := event(2))
    making.clips.event(last := event(11))
    making.clips.ended("cam")
    until(lambda: len(making.ready) == 2)
    assert shown(making.ready[first.id]) == seconds(0, 7)
    assert shown(making.ready[last.id]) == seconds(6, 11.9)


def test_a_run_that_closes_writes_what_it_has(making: Making):
    making.add(frames(0, 12))
    making.clips.event(seen := event(11))
    making.close()
    assert shown(making.ready[seen.id]) == seconds(6, 11.9)


def test_a_decision_that_comes_thirty_seconds_late_has_its_clip(making: Making):
    making.add(frames(0, 45))
    making.clips.event(seen := event(14, 15))
    until(lambda: making.ready)
    assert shown(making.ready[seen.id]) == seconds(9, 20)


def test_of_a_long_event_the_first_minute_is_shown(making: Making):
    making.add(frames(0, 62))
    making.clips.event(seen := event(3, 61))
    making.add(frames(62, 70))
    making.close()
    assert shown(making.ready[seen.id]) == seconds(0, 60)


def test_of_an_event_that_began_before_what_is_remembered_that_is_shown(tmp_path: Path):
    making = Making(tmp_path, live=True)
    for frame in frames(0, 96, fps=1):
        making.clips.add("cam", [frame])
        until(making.clips._tasks.empty)  # a camera waits for nobody; here each picture is wanted
    making.clips.event(seen := event(2, 94))
    making.close()
    assert shown(making.ready[seen.id]) == [*(k for k in range(35, 95) for _ in range(10)), 95]  # the last minute


def test_events_that_overlap_have_one_clip_each(making: Making):
    making.add(frames(0, 13))
    seen = [event(10), event(10, rule="other"), event(12)]
    for each in seen:
        making.clips.event(each)
    making.add(frames(13, 20))
    making.close()
    assert [shown(making.ready[each.id]) for each in seen] == [seconds(5, 15), seconds(5, 15), seconds(7, 17)]


def test_sources_are_kept_apart(tmp_path: Path):
    making = Making(tmp_path, "a", "b")
    making.add(frames(0, 10), "a")
    making.add(frames(30, 40), "b")
    for each in (seen := [event(8, source="a"), event(32, source="b")]):
        making.clips.event(each)
    making.close()
    assert [shown(making.ready[each.id]) for each in seen] == [seconds(3, 9.9), seconds(30, 37)]


def test_it_plays_at_the_pace_of_life_whatever_the_rate_of_the_source(making: Making):
    making.add(dial(k / 2) for k in range(20))  # two pictures a second
    making.clips.event(seen := event(5))
    making.close()
    assert shown(making.ready[seen.id]) == [k / 2 for k in range(19) for _ in range(5)] + [9.5]


def test_of_a_fast_source_ten_pictures_a_second_are_kept(making: Making):
    making.add(frames(0, 12, fps=100))
    making.clips.event(seen := event(6))
    making.close()
    assert shown(making.ready[seen.id]) == seconds(1, 11)


def test_a_gap_shows_the_last_picture_for_as_long_as_it_lasted(making: Making):
    making.add([*frames(0, 8), *frames(12, 20)])
    making.clips.event(seen := event(10))
    making.close()
    assert shown(making.ready[seen.id]) == [*seconds(5, 7.9), *[7.9] * 40, *seconds(12, 15)]


def test_large_pictures_are_made_small_and_odd_sizes_even(making: Making):
    making.add(dial(k / 10, size=(1923, 1081)) for k in range(12))
    making.clips.event(seen := event(0.5))
    making.close()
    assert {picture.shape for picture in pictures(making.ready[seen.id])} == {(540, 960, 3)}  # 1081 * 960 // 1923 = 539
    assert shown(making.ready[seen.id]) == seconds(0, 1.1)


def test_an_event_without_pictures_has_no_clip(making: Making):
    making.clips.event(event(10, source="never opened"))
    making.add(frames(100, 110))
    making.clips.event(event(20))
    making.close()
    assert making.ready == {}
    assert not making.folder.exists()


def test_of_a_real_film_the_middle_of_the_clip_is_its_picture_of_that_time(shared_data: Path, making: Making):
    capture = cv2.VideoCapture(str(shared_data / "video" / "one-by-one-person-detection.mp4"))
    fps = capture.get(cv2.CAP_PROP_FPS)
    film = [capture.read()[1] for _ in range(round(20 * fps))]
    making.add(Frame(image, time=k / fps, index=k, order="BGR") for k, image in enumerate(film))
    making.clips.event(seen := event(8, 12))  # somebody comes in at 6.0 s and walks until 19.9 s
    making.close()
    clip = [*pictures(making.ready[seen.id])]
    assert len(clip) == 141  # 3 s to 17 s
    height, width = clip[0].shape[:2]

    def unlike(time: float) -> float:
        there = cv2.resize(film[round(time * fps)], (width, height), interpolation=cv2.INTER_AREA)
        return float(np.abs(clip[70].astype(int) - there).mean())

    assert unlike(10.0) < 4
    assert unlike(10.0) < min(unlike(9.5), unlike(10.5))


# Cameras ----------------------------------------------------------------------------------------------------------


def test_of_a_camera_that_went_offline_the_clip_comes_when_its_time_has_passed(tmp_path: Path):
    making = Making(tmp_path, live=True)
    for frame in frames(0, 3):
        making.clips.add("cam", [frame])
        until(making.clips._tasks.empty)
    making.clips.event(seen := event(3))
    making.clips.advance("cam", 9.9)  # its frames may be two seconds late
    until(making.clips._tasks.empty)
    making.clips.advance("cam", 10)
    until(lambda: making.ready)
    assert shown(making.ready[seen.id]) == seconds(0, 2.9)
    making.close()


def test_whoever_adds_frames_of_a_camera_never_waits_and_memory_is_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("instantreact_sdk.runner.clips._UNWRITTEN_BYTES", 50_000)
    stuck, go = threading.Event(), threading.Event()
    failed: list[str] = []

    def ready(_event: Event, _path: Path) -> None:
        stuck.set()
        go.wait()

    clips = Clips(tmp_path, ready, failed.append)
    clips.opened("cam", SourceInfo(96, 48, live=True))
    try:
        for number in range(99):  # each clip holds 11 pictures of about 1 kB
            clips.add("cam", [dial(number)])
            clips.event(event(number + 0.5))
            until(clips._tasks.empty)
        assert stuck.wait(20)
        until(lambda: failed)
    finally:
        go.set()
        clips.close()
    assert len(failed) == 1
    assert "too many are still to be written" in failed[0]
    assert 1 < len([*tmp_path.glob("*.mp4")]) < 30


def test_a_file_waits_so_that_nothing_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("instantreact_sdk.runner.clips._UNWRITTEN_BYTES", 20_000)
    making = Making(tmp_path)
    events = [event(number / 2) for number in range(40)]
    for number, each in enumerate(events):
        making.add(dial(number / 2 + k / 10) for k in range(5))
        making.clips.event(each)
    making.close()
    assert making.ready.keys() == {each.id for each in events}
    assert all(len(shown(path)) > 50 for path in making.ready.values())


def picture(time: float, size: int) -> Picture:
    return Picture(time, bytes(size))


def test_a_minute_is_remembered_and_never_more_than_64_megabytes():
    reel = Reel(60)
    for k in range(801):  # eight a second: these times have no rounding in them
        reel.add(picture(k / 8, 1000))
    (cut,) = reel.begin(event(0, 94))
    assert (cut.pictures[0].time, cut.pictures[-1].time, cut.size) == (40.0, 99.0, (59 * 8 + 1) * 1000)
    for k in range(801, 901):
        reel.add(picture(k / 8, 1_000_000))
    assert sum(len(each.jpeg) for each in reel._pictures) == 64_000_000
    assert len(reel._pictures) == 64


# What goes wrong --------------------------------------------------------------------------------------------------


def test_a_failure_is_told_once_until_a_clip_can_be_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("instantreact_sdk.runner.clips._QUIET", 0.0)
    making = Making(tmp_path / "clips")
    (tmp_path / "clips").write_text("a file where the folder should be")
    making.add(frames(0, 8))
    for time in (1, 2, 3):
        making.clips.event(event(time))
    until(lambda: making.failed)
    making.add(frames(8, 9))  # 1, 2 and 3 are complete
    until(lambda: making.clips._written == 3)
    assert len(making.failed) == 1
    assert making.failed[0].startswith(f"There is no clip of event {event(1).id}: IR4020: ")
    (tmp_path / "clips").unlink()
    making.clips.event(event(4))
    making.add(frames(9, 10))
    until(lambda: making.ready)
    (tmp_path / "clips" / f"{event(5).id}.part").mkdir()
    making.clips.event(event(5))
    making.add(frames(10, 11))
    making.clips.close()
    assert [*making.ready] == [event(4).id]
    assert [said.split(":")[0] for said in making.failed] == [
        f"There is no clip of event {event(number).id}" for number in (1, 5)
    ]


def test_a_callback_that_fails_stops_no_other_clip(tmp_path: Path):
    told: list[str] = []

    def ready(event: Event, _path: Path) -> None:
        told.append(event.id)
        raise ValueError("no")

    failed: list[str] = []
    clips = Clips(tmp_path, ready, failed.append)
    clips.opened("cam", SourceInfo(96, 48, live=False))
    for frame in frames(0, 3):
        clips.add("cam", [frame])
    clips.event(event(1))
    clips.event(event(2))
    clips.close()
    assert told == [event(1).id, event(2).id]
    assert [said.split(": ", 1)[1] for said in failed] == ["ValueError: no"] * len(failed)


def child(body: str, **more: Any) -> subprocess.Popen[str]:
    """Another process that makes clips."""
    script = textwrap.dedent("""
        import sys, time
        from pathlib import Path
        from instantreact_sdk import Event, SourceInfo
        from instantreact_sdk.runner.clips import Clips
        sys.path[:0] = sys.argv[1:]
        from test_clips import dial, event
        clips = Clips(Path("clips"), lambda event, path: print(event.id, flush=True), lambda said: print(said, flush=True))
        clips.opened("cam", SourceInfo(96, 48, False, 10.0))
    """) + textwrap.dedent(body)
    folders = [str(Path(__file__).parent), str(Path(__file__).parents[1])]
    return subprocess.Popen([sys.executable, "-c", script, *folders], stdout=subprocess.PIPE, text=True, **more)


def no_encoder(folder: Path) -> bool:
    """Whether no ffmpeg writes there any more."""
    for process in psutil.process_iter(["cmdline"]):
        if (
            any(str(folder) in word for word in process.info["cmdline"] or ())
            and "ffmpeg" in process.info["cmdline"][0]
        ):
            return False
    return True


def test_a_process_that_is_killed_leaves_no_half_clip(tmp_path: Path):
    worker = child(
        """
        for k in range(100_000):
            clips.add("cam", [dial(k % 9999 / 10)] if k < 600 else [])
            if k == 599:
                for number in range(100):
                    clips.event(event(number / 2, number / 2 + 40))
                clips.close()
        """,
        cwd=tmp_path,
    )
    folder = tmp_path / "clips"
    assert worker.stdout
    try:
        assert len(worker.stdout.readline()) == 13, "a first clip was told"
        until(lambda: [*folder.glob("*.part")])
    finally:
        worker.kill()
        worker.wait()
        worker.stdout.close()
    until(lambda: no_encoder(folder))
    whole = [*folder.glob("*.mp4")]
    assert whole
    assert all(played(path).frames > 100 for path in whole)
    (folder / "notes.part").write_text("not ours")
    (folder / "0123456789ab.part").write_text("half a film")
    Making(folder).close()
    assert {*folder.iterdir()} == {*whole, folder / "notes.part"}


def test_a_disk_that_is_full_is_told_once_and_leaves_nothing(tmp_path: Path):
    worker = child(
        """
        for k in range(200):
            clips.add("cam", [dial(k / 10)])
        for number in range(3):
            clips.event(event(5 + number))
        clips.close()
        """,
        cwd=tmp_path,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500)),
    )
    said, _ = worker.communicate(timeout=60)
    assert worker.returncode == 0
    (line,) = said.splitlines()
    assert line.startswith(f"There is no clip of event {event(5).id}: IR4020: clips/{event(5).id}")
    assert [*(tmp_path / "clips").iterdir()] == []


def test_an_encoder_that_is_killed_costs_its_clip_alone(tmp_path: Path):
    making = Making(tmp_path)
    making.add(dial(k / 10, size=(960, 540)) for k in range(550))
    making.clips.event(event(10, 45))
    until(lambda: [*tmp_path.glob("*.part")])
    encoder = next(one for one in psutil.Process().children() if "ffmpeg" in one.name())
    encoder.send_signal(signal.SIGKILL)
    until(lambda: making.failed)
    making.clips.event(event(20))
    making.clips.close()
    assert [*making.ready] == [event(20).id]
    assert [path.name for path in tmp_path.iterdir()] == [f"{event(20).id}.mp4"]


def test_closing_may_be_repeated_and_leaves_no_thread_and_no_process(making: Making):
    making.add(frames(0, 3))
    making.clips.event(event(1))
    making.close()
    making.close()
    assert not making.clips._keeper.is_alive()
    assert not making.clips._writer.is_alive()
    assert not [one for one in psutil.Process().children() if "ffmpeg" in one.name()]


def test_closing_waits_for_as_long_as_clips_come_and_not_for_one_that_never_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("instantreact_sdk.runner.clips._LEAVE", 1.0)
    go = threading.Event()
    failed: list[str] = []
    clips = Clips(tmp_path, lambda *_: go.wait(60) and None, failed.append)
    clips.opened("cam", SourceInfo(96, 48, live=False))
    for frame in frames(0, 3):
        clips.add("cam", [frame])
    clips.event(event(1))
    clips.event(event(2))
    began = clock.monotonic()
    clips.close()
    assert clock.monotonic() - began < 20
    assert failed == ["A clip was given up at the end of the run: nothing was written for 1 s."]
    go.set()
    until(lambda: not clips._writer.is_alive())
    assert len([*tmp_path.iterdir()]) == 1


def test_clips_that_were_never_begun_can_be_closed(tmp_path: Path):
    Clips(tmp_path / "clips", lambda *_: None, lambda _: None).close()
    assert [*tmp_path.iterdir()] == []
