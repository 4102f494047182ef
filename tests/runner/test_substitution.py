"""Another video in the place of a source."""

from __future__ import annotations

from pathlib import Path

import pytest

from instantreact_sdk import InstantReactError
from instantreact_sdk.config import loads
from instantreact_sdk.registry import discover
from instantreact_sdk.runner import substituted

FILE = """
defaults: {sample_fps: 5}
sources:
  hall: {use: opencv/video, options: {url: rtsp://camera/1, loop: false}, sample_fps: 2}
  door: {use: opencv/video, options: {url: rtsp://camera/2}}
detectors:
  everywhere: {use: opencv/motion}
  inside: {use: opencv/motion, sources: [hall]}
  outside: {use: opencv/motion, sources: [door]}
  both: {use: opencv/motion, sources: [door, hall]}
zones:
  gate: {source: door, polygon: [[0, 0], [1, 0], [1, 1]]}
  sofa: {source: hall, polygon: [[0, 0], [1, 0], [1, 1]]}
rules:
  anywhere: {when: {label: motion}}
  sitting: {when: {label: motion, zone: sofa}}
  leaving: {when: {label: motion, zone: gate}}
  hall only: {sources: [hall], when: {label: motion}}
  door only: {sources: [door], when: {label: motion}}
  across: {across: true, when: {all: [{label: motion, source: hall}, {label: motion, source: door}], within: 5s}}
"""


def test_one_source_plays_the_video_and_what_needs_others_is_left_out(tmp_path: Path) -> None:
    loaded = loads(FILE.replace(", loop: false", ""), tmp_path / "p.yaml")
    video = str(tmp_path / "my.mp4")
    file = substituted(loaded, discover(), video, "hall").file
    assert {name: (one.use, one.options, one.sample_fps) for name, one in file.sources.items()} == {
        "hall": ("opencv/video", {"url": video}, 2.0)
    }
    assert list(file.detectors) == ["everywhere", "inside", "both"]
    assert all(one.sources is None for one in file.detectors.values())
    assert list(file.zones) == ["sofa"]
    assert list(file.rules) == ["anywhere", "sitting", "hall only"]
    assert file.defaults.sample_fps == 5
    assert list(loaded.file.sources) == ["hall", "door"]  # what was given stays as it is


def test_a_relative_path_is_the_callers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = "sources: {hall: {use: opencv/video, options: {url: x.mp4}}}"
    file = substituted(loads(text, tmp_path / "elsewhere" / "p.yaml"), discover(), "my.mp4", None).file
    assert file.sources["hall"].options == {"url": str(tmp_path / "my.mp4")}
    for address in ("rtsp://camera/1", "0"):
        file = substituted(loads(text, "p.yaml"), discover(), address, None).file
        assert file.sources["hall"].options == {"url": address}


def test_it_has_to_be_clear_which_source_is_meant(tmp_path: Path) -> None:
    loaded = loads(FILE.replace(", loop: false", ""), "p.yaml")
    with pytest.raises(InstantReactError, match=r"IR6010: p.yaml names several sources \(hall, door\)"):
        substituted(loaded, discover(), "my.mp4", None)
    with pytest.raises(InstantReactError, match=r"IR6011: p.yaml names no source 'roof'. It names hall, door."):
        substituted(loaded, discover(), "my.mp4", "roof")
