"""Clips of cameras, and what becomes of them where something goes wrong."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
import textwrap
import threading
import time as clock
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from clip_making import Making, dial, event, frames, seconds, shown
from deadline import until
from films import played

from instantreact_sdk import Event, SourceInfo
from instantreact_sdk.report.clips import Picture
from instantreact_sdk.runner.clips import Clips
from instantreact_sdk.runner.reel import Reel


@pytest.fixture
def making(tmp_path: Path) -> Iterator[Making]:
    made = Making(tmp_path / "clips")
    yield made
    made.clips.close()


# Cameras -------------------------------------------------------------------------------------------------------------


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


# What goes wrong -----------------------------------------------------------------------------------------------------


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
