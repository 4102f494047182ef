"""Hostile plugins at work: whatever they do, it is told, and the rest goes on."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path

import pytest
from at_work import environment, pipeline, program, work
from deadline import until
from zoo import HEALTHY, RUN_TIME, settle

# What each does to a pipeline that watches cameras: the code of the error, and a part of what it says.
QUARANTINED = {
    "raises-in-open": ("IR4001", "bad failed in open: ValueError: the zoo raises"),
    "blocks-in-open": ("IR4002", "bad did not return from open within 1 s"),
    "raises": ("IR4001", "bad failed in detect: ValueError: the zoo raises"),
    "exits": ("IR4001", "bad failed in detect: SystemExit: 3"),
    "interrupts": ("IR4001", "bad failed in detect: KeyboardInterrupt"),
    "stops-iterating": ("IR4001", "bad failed in detect: StopIteration"),
    "unspeakable": ("IR4001", "bad failed in detect: Mute"),
    "blocks": ("IR4002", "bad did not return from detect within 1 s"),
    "nan-boxes": ("IR4001", "not inside 0..1 (detector.py, line"),
    "outside-boxes": ("IR4001", "not inside 0..1 (detector.py, line"),
    "forged-boxes": ("IR4001", "read-only"),
    "wrong-labels": ("IR4004", "bad returned a label outside its 1 labels from detect"),
    "too-few": ("IR4004", "bad returned 0 results for 1 frames from detect"),
    "returns-none": ("IR4004", "bad returned a NoneType for 1 frames from detect"),
    "changes-input": ("IR4001", "read-only"),
    "forces-input": ("IR4001", "cannot set WRITEABLE flag to True"),
}
KILLERS = {
    "segfaults": ("IR4005", "died by SIGSEGV"),
    "exits-hard": ("IR4005", "died by exit status 0"),
    "holds-the-gil": ("IR4006", "kept the whole process from running"),
}


def bad(plugin: str, *, after: int = 20) -> dict[str, object]:
    options = {} if "-in-" in plugin else {"options": {"after": after}}
    return {"bad": {"use": plugin, "time_limit": "1s", "max_failures": 2, **options}}


@pytest.mark.parametrize("plugin", QUARANTINED)
def test_run_quarantines_a_bad_detector_and_goes_on(tmp_path: Path, plugin: str) -> None:
    done = work(tmp_path, "run", pipeline(detectors=bad(plugin)), RUN_TIME[plugin])
    code, said = QUARANTINED[plugin]
    assert done.code == 0, done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    assert f"plugin_failed bad: {code}" in done.health
    assert said in done.health
    # The good detector saw all hundred frames, and its rule fired.
    good = [line for line in done.lines("observations") if line["by"] == "good"]
    assert len(good) == 100
    assert [(event["start"], event["end"]) for event in done.lines("events")] == [(0.0, 1.0)]


@pytest.mark.parametrize("plugin", QUARANTINED)
def test_analyze_fails_with_one_sentence_and_keeps_what_was_found(tmp_path: Path, plugin: str) -> None:
    file = pipeline(detectors=bad(plugin, after=50))
    file["sources"] = {"cam": {"use": "opencv/video", "options": {"url": "clip.avi"}}}
    done = work(tmp_path, "analyze", file, RUN_TIME[plugin])
    code, said = QUARANTINED[plugin]
    assert done.code == 1, done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    assert done.stderr.splitlines()[-1].startswith(code)
    assert said in done.stderr
    if "-in-" in plugin:  # nothing had begun, and what an earlier run left stays
        assert not (done.out / "summary.json").exists()
        return
    assert done.summary["exit"] == "failed"
    assert (done.out / "report.html").exists()
    assert [event["end"] for event in done.lines("events")] == [1.0]


@pytest.mark.parametrize("plugin", KILLERS)
def test_run_starts_again_after_a_plugin_killed_the_process_and_then_does_without_it(
    tmp_path: Path, plugin: str
) -> None:
    done = work(tmp_path, "run", pipeline(detectors=bad(plugin)), RUN_TIME[plugin])
    code, said = KILLERS[plugin]
    assert done.code == 0, done.stderr
    assert "Traceback" not in done.stderr
    told = [line for line in done.stderr.splitlines() if line.startswith(code)]
    assert len(told) == 3, done.stderr
    assert all(said in line and "bad" in line and f"zoo-{plugin} 1.0" in line for line in told)
    assert f"restarted sdk: {code}" in done.health
    assert f"plugin_failed bad: {code}" in done.health
    # The film begins anew with each start; what was decided before a death is decided again, under the same name.
    assert {event["end"] for event in done.lines("events")} == {1.0}
    assert len({event["id"] for event in done.lines("events")}) == 1


@pytest.mark.parametrize("plugin", KILLERS)
def test_analyze_survives_the_death_of_its_worker_and_names_who_was_called(tmp_path: Path, plugin: str) -> None:
    file = pipeline(detectors=bad(plugin, after=50))
    file["sources"] = {"cam": {"use": "opencv/video", "options": {"url": "clip.avi"}}}
    done = work(tmp_path, "analyze", file, RUN_TIME[plugin])
    code, said = KILLERS[plugin]
    assert done.code == 1
    last = done.stderr.splitlines()[-1]
    assert last.startswith(code)
    assert said in last
    assert "bad" in last
    assert "Traceback" not in done.stderr
    assert done.summary["exit"] == "failed"
    assert code in done.health


def test_a_plugin_that_prints_does_not_spoil_the_results(tmp_path: Path) -> None:
    file = pipeline(detectors=bad("prints", after=0))
    file["sources"] = {"cam": {"use": "opencv/video", "options": {"url": "clip.avi"}}}
    done = work(tmp_path, "analyze", file, RUN_TIME["prints"])
    assert done.code == 0, done.stderr
    assert json.loads(done.stdout)["events"] == 1
    assert "hello from the zoo" in done.stderr
    assert done.health.count("IR4009: bad wrote to standard output") == 1


def test_a_detector_that_fails_to_close_is_told_of(tmp_path: Path) -> None:
    done = work(tmp_path, "run", pipeline(detectors=bad("raises-in-close")), RUN_TIME["raises-in-close"])
    assert done.code == 0, done.stderr
    assert "IR4001: bad failed in close" in done.stderr


@pytest.mark.parametrize("how", ["raises", "blocks", "returns-none"])
def test_a_bad_captioner_is_quarantined(tmp_path: Path, how: str) -> None:
    use = {"use": "hostile-captioner", "options": {"how": how, "after": 2}, "time_limit": "1s"}
    done = work(tmp_path, "run", pipeline(captioners={"bad": use}), RUN_TIME["hostile-captioner"])
    assert done.code == 0, done.stderr
    assert "plugin_failed bad: IR400" in done.health
    assert len([line for line in done.lines("observations") if line["by"] == "bad" and line["kind"] == "caption"]) == 2
    assert len(done.lines("events")) == 1


@pytest.mark.parametrize("how", ["raises", "blocks", "segfaults"])
def test_a_bad_notifier_costs_its_alerts_and_nothing_else(tmp_path: Path, how: str) -> None:
    file = pipeline(
        rule={"notify": ["bad", "log"]},
        notifiers={
            "bad": {"use": "hostile-notifier", "options": {"how": how}, "time_limit": "1s"},
            "log": {"use": "sdk/jsonl", "options": {"path": "told.jsonl"}},
        },
    )
    done = work(tmp_path, "run", file, RUN_TIME["hostile-notifier"])
    assert done.code == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert "bad" in done.health
    assert "seen" in (tmp_path / "told.jsonl").read_text()


@pytest.mark.parametrize(("how", "code"), [("raises", "IR4001"), ("blocks", "IR4002"), ("backwards", "IR4008")])
def test_a_bad_source_ends_and_the_other_one_goes_on(tmp_path: Path, how: str, code: str) -> None:
    file = pipeline()
    file["sources"]["bad"] = {"use": "hostile-source", "options": {"how": how, "after": 30}, "time_limit": "1s"}
    done = work(tmp_path, "run", file)
    assert done.code == 0, done.stderr
    assert f"plugin_failed bad: {code}" in done.health
    assert sum(line["source"] == "cam" for line in done.lines("observations")) == 100
    # What the bad one gave before it broke counts: 30 frames are 3 seconds.
    assert {(event["source"], event["end"]) for event in done.lines("events")} == {("cam", 1.0), ("bad", 1.0)}


def test_a_camera_that_kills_the_process_while_it_waits_for_a_picture_is_named(tmp_path: Path) -> None:
    (tmp_path / "deadly.py").write_text(
        "import ctypes\n"
        "from instantreact_sdk import FrameSource, SourceInfo\n"
        "class Deadly(FrameSource):\n"
        "    info = SourceInfo(64, 48, live=True)\n"
        "    def frames(self):\n"
        "        ctypes.string_at(0)\n"
        "        yield None\n"
    )
    file = pipeline()
    file["sources"]["bad"] = {"use": "./deadly.py:Deadly"}
    settle(tmp_path, HEALTHY)
    settle(tmp_path, RUN_TIME["hostile-source"])
    (tmp_path / "pipeline.yaml").write_text(json.dumps(file))
    log = tmp_path / "log.txt"
    with log.open("w") as told:
        process = subprocess.Popen(
            [program(), "run", "pipeline.yaml", "--out", "out"], cwd=tmp_path, stderr=told, env=environment(tmp_path)
        )
        try:
            # After three times it is not called any more, and the camera counts as offline.
            until(lambda: "offline bad: IR4005" in log.read_text(), 60)  # four starts, and pauses of 1, 2 and 4 s
            process.send_signal(signal.SIGINT)
            assert process.wait(30) == 130
        finally:
            process.kill()
            process.wait()
    assert (
        log.read_text().count("IR4005: The process died by SIGSEGV (Segmentation fault) while bad was in frames") >= 3
    )
    assert len([one for one in (tmp_path / "out" / "events.jsonl").read_text().splitlines() if '"cam"' in one]) >= 1
