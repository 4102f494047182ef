"""Ending a run from outside, at any moment."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
from deadline import until
from films import played
from playing import lines, use, write

SLOW = use("Spot", spans=[(0.0, 1e9)], pause=0.05)
RULES = {"spot": {"when": {"label": "spot"}}}


class Started:
    """The command line at work in a folder."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.out = folder / "out"
        self._stderr = folder / "stderr"
        with self._stderr.open("w") as stderr:
            self.process = subprocess.Popen(
                [str(Path(sys.executable).with_name("instantreact-sdk")), *arguments, "--out", "out"],
                stdout=subprocess.DEVNULL,
                stderr=stderr,
                cwd=folder,
                env={**os.environ, "NO_COLOR": "1", "COLUMNS": "200"},
            )
        self.all: set[psutil.Process] = {psutil.Process(self.process.pid)}

    @property
    def said(self) -> str:
        return self._stderr.read_text()

    @property
    def summary(self) -> dict[str, Any]:
        return json.loads((self.out / "summary.json").read_text())

    def worker(self) -> psutil.Process | None:
        """The process that works, once it is there."""
        self.all.update(psutil.Process(self.process.pid).children(recursive=True))
        return next(iter(psutil.Process(self.process.pid).children()), None)

    def has_events(self) -> bool:
        """Whether it is in the middle of its work."""
        return self.worker() is not None and bool(lines(self.out / "events.jsonl"))

    def left(self) -> list[psutil.Process]:
        """Processes of it that are still there."""
        return [one for one in self.all if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]

    def ends(self, seconds: float = 30.0) -> int:
        """Its exit code; it has to come, and to leave nobody behind."""
        code = self.process.wait(seconds)
        until(lambda: not self.left())
        return code


@contextmanager
def started(folder: Path, *arguments: str) -> Iterator[Started]:
    run = Started(folder, *arguments)
    try:
        yield run
    finally:
        for process in run.left():
            process.kill()
        run.process.wait(10)


@contextmanager
def analysing(folder: Path, film: Path, detector: dict[str, Any] = SLOW, *more: str) -> Iterator[Started]:
    write(
        folder,
        sources={"film": {"use": "opencv/video", "options": {"url": "x"}}},
        detectors={"spots": detector},
        rules=RULES,
    )
    with started(folder, "analyze", str(film), "--config", "pipeline.yaml", *more) as run:
        yield run


@pytest.fixture
def film(shared_data: Path) -> Path:
    """80 seconds, which the slow detector would look at for 40."""
    return shared_data / "video" / "vtest.avi"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_an_analysis_with_all_files_complete(tmp_path: Path, film: Path, number: signal.Signals) -> None:
    with analysing(tmp_path, film) as run:
        until(run.has_events)
        run.process.send_signal(number)
        assert run.ends() == 130
    assert "Traceback" not in run.said
    assert "IR" not in run.said
    assert run.summary["exit"] == "interrupted"
    observations = lines(run.out / "observations.jsonl")
    assert 0 < len(observations) < 700
    assert len(lines(run.out / "events.jsonl")) == run.summary["events"] == 1
    assert played(run.out / "annotated.mp4").frames >= len(observations)
    assert "</html>" in (run.out / "report.html").read_text()


def test_a_second_signal_ends_it_at_once(tmp_path: Path, film: Path) -> None:
    deaf = use("Spot", spans=[(0.0, 0.05)], pause=60.0, deaf=True, time_limit="300s")
    with analysing(tmp_path, film, deaf, "--no-video") as run:
        until(lambda: run.worker() and (tmp_path / "spots.log").exists())
        run.process.send_signal(signal.SIGINT)
        with pytest.raises(subprocess.TimeoutExpired):
            run.process.wait(1.0)  # it waits for the detector, for a while
        run.process.send_signal(signal.SIGINT)
        assert run.ends(5.0) == 130
    assert "Traceback" not in run.said
    assert "IR" not in run.said


def test_a_signal_before_the_work_has_begun_is_not_lost(tmp_path: Path, film: Path) -> None:
    with analysing(tmp_path, film) as run:
        until(run.worker)
        run.process.send_signal(signal.SIGINT)
        assert run.ends() == 130
    assert "Traceback" not in run.said
    assert "IR" not in run.said


def test_the_worker_does_not_outlive_its_supervisor(tmp_path: Path, film: Path) -> None:
    with analysing(tmp_path, film) as run:
        until(run.has_events)
        run.process.kill()
        assert run.ends() == -signal.SIGKILL
    assert run.summary["exit"] == "interrupted"
    assert all(line["v"] == 1 for line in lines(run.out / "observations.jsonl"))


def test_a_signal_ends_the_watching_of_cameras(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        sources={"cam": use("Film", live=True), "gone": use("Film", live=True, fails=99)},
        detectors={"spots": use("Spot", spans=[(0.0, 1e9)])},
        rules=RULES,
    )
    with started(tmp_path, "run", file.name) as run:
        until(run.has_events)
        run.process.send_signal(signal.SIGTERM)
        assert run.ends(9.0) == 130
    assert "Traceback" not in run.said
    assert run.summary["exit"] == "interrupted"
    assert "offline gone: IR4000: The film is not there. Wait for it." in run.said


def test_a_signal_while_it_waits_before_the_next_start_ends_it(tmp_path: Path) -> None:
    dies = use("Spot", dies=2)
    file = write(tmp_path, sources={"cam": use("Film", live=True)}, detectors={"spots": dies}, rules=RULES)
    with started(tmp_path, "run", file.name) as run:
        # After the second death it waits for two seconds.
        until(lambda: run.said.count("It is started again") == 2)
        run.process.send_signal(signal.SIGTERM)
        assert run.ends() == 130
    assert run.said.count("It is started again") == 2
    assert "Traceback" not in run.said


def test_a_run_that_is_started_again_keeps_the_events_of_its_earlier_lives(tmp_path: Path) -> None:
    spots = use("Spot", spans=[(0.0, 1e9)], dies=8)
    file = write(tmp_path, sources={"cam": use("Film", live=True)}, detectors={"spots": spots}, rules=RULES)
    with started(tmp_path, "run", file.name) as run:
        until(lambda: len(lines(run.out / "events.jsonl")) == 2)
        run.process.send_signal(signal.SIGINT)
        run.ends()
    assert len(list((run.out / "snapshots").iterdir())) >= 1
    assert run.said.count("IR4005: The process died by exit status 3 while spots was in detect") >= 1
