"""``instantreact-sdk run`` with cameras: one that comes and goes, one that was never there."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from live_cameras import free_port, soon

EYE = """
from instantreact_sdk import Detections, Detector


class Eye(Detector):
    labels = ("picture",)

    def detect(self, frames):
        return [Detections([[0, 0, 1, 1]], [1], [0]) for _ in frames]
"""


@pytest.mark.usefixtures("gstreamer")
def test_a_camera_that_is_lost_raises_an_event_and_so_does_its_return(camera, tmp_path: Path) -> None:
    one = camera("rtsp_camera.py")
    password = "MARKED-password"
    dead = f"rtsp://guard:{password}@127.0.0.1:{free_port()}/cam"
    (tmp_path / "eye.py").write_text(EYE)
    (tmp_path / "pipeline.yaml").write_text(
        json.dumps(
            {
                "sources": {
                    "door": {"use": "opencv/video", "options": {"url": f"rtsp://127.0.0.1:{one.port}/cam"}},
                    "yard": {"use": "opencv/video", "options": {"url": dead}},
                },
                "detectors": {"eye": {"use": "./eye.py:Eye"}},
                "rules": {
                    "it sees": {"when": {"label": "picture", "for": "1s"}},
                    "it is lost": {"when": {"health": "offline", "for": "1s"}},
                    "it is back": {"when": {"health": "online"}},
                },
            }
        )
    )
    out = tmp_path / "out"
    program = Path(sys.executable).with_name("instantreact-sdk")
    with (tmp_path / "log.txt").open("w") as log:
        process = subprocess.Popen(
            [program, "run", "pipeline.yaml", "--out", str(out)], cwd=tmp_path, stdout=log, stderr=log, env=os.environ
        )
        try:

            def events() -> list[tuple[str, str]]:
                file = out / "events.jsonl"
                lines = file.read_text().splitlines() if file.exists() else []
                return [(event["source"], event["rule"]) for event in map(json.loads, lines)]

            soon(lambda: ("door", "it sees") in events())  # the dead camera holds up nobody
            soon(lambda: ("yard", "it is lost") in events())
            back = events().count(("door", "it is back"))
            one.kill()
            soon(lambda: ("door", "it is lost") in events())
            one.start()
            soon(lambda: events().count(("door", "it is back")) == back + 1)
            soon(lambda: events().count(("door", "it sees")) == 2)  # an outage ends what was seen before
            process.send_signal(signal.SIGINT)
            assert process.wait(30) == 130
        finally:
            process.kill()
            process.wait()
    summary = json.loads((out / "summary.json").read_text())
    assert summary["exit"] == "interrupted"
    kinds = [(health["source"], health["kind"]) for health in summary["health"]]
    assert kinds.count(("door", "offline")) == 1
    assert ("yard", "offline") in kinds
    written = [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "pipeline.yaml"]
    assert not [path for path in written if password.encode() in path.read_bytes()]
