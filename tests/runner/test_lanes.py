"""What components are given, and what becomes of what they return."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playing import play, use

RULE: dict[str, Any] = {"spot": {"when": {"label": "spot"}}}


@pytest.mark.parametrize("pause", [0.0, 0.004])
def test_a_files_batches_are_fixed_by_frame_number(tmp_path: Path, pause: float) -> None:
    done = play(tmp_path, detectors={"spots": use("Spot", batch=4, pause=pause, dice=True)}, rules=RULE)
    batches = [line["frames"] for line in done.log("spots")]
    assert batches == [list(range(first, first + 4)) for first in range(0, 100, 4)]
    assert all(line["pixels"] == line["frames"] for line in done.log("spots"))
    # The spot is there from 2.0 s to 4.0 s, at ten frames a second: frames 20 to 39.
    assert [line["frame"] for line in done.lines("observations")] == list(range(20, 40))
    assert [(event.start, event.end) for event in done.events] == [(2.0, 2.0)]


def test_the_last_batch_of_a_file_is_shorter(tmp_path: Path) -> None:
    done = play(tmp_path, sources={"film": use("Film", seconds=1.0)}, detectors={"spots": use("Spot", batch=4)})
    assert [line["frames"] for line in done.log("spots")] == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]


def test_a_stateful_detector_has_an_instance_for_each_source_and_a_stateless_one_is_shared(tmp_path: Path) -> None:
    films = {"one": use("Film", seconds=3.0), "two": use("Film", seconds=2.0)}
    detectors = {"tracks": use("TrackingSpot", batch=3), "spots": use("Spot", batch=3)}
    done = play(tmp_path, sources=films, detectors=detectors)
    of_source: dict[str, list[int]] = {"one": [], "two": []}
    instances: dict[str, set[int]] = {"one": set(), "two": set()}
    for line in done.log("tracks"):
        of_source[line["source"]] += line["frames"]
        instances[line["source"]].add(line["instance"])
    assert of_source == {"one": list(range(30)), "two": list(range(20))}
    assert len(instances["one"]) == len(instances["two"]) == 1
    assert instances["one"] != instances["two"]
    assert len({line["instance"] for line in done.log("spots")}) == 1


def test_a_detector_watches_its_own_sources_only(tmp_path: Path) -> None:
    films = {"one": use("Film", seconds=1.0), "two": use("Film", seconds=1.0)}
    done = play(tmp_path, sources=films, detectors={"spots": use("Spot", sources=["two"])})
    assert {line["source"] for line in done.log("spots")} == {"two"}


def test_sources_are_sampled_at_their_own_rates(tmp_path: Path) -> None:
    films = {"slow": use("Film", seconds=4.0, sample_fps=2), "fast": use("Film", seconds=4.0, fps=25)}
    done = play(
        tmp_path, sources=films, detectors={"spots": use("Spot", spans=[(0.0, 9.0)])}, defaults={"sample_fps": 5}
    )
    seen = [(line["source"], line["time"]) for line in done.lines("observations")]
    assert [time for source, time in seen if source == "slow"] == [n / 2 for n in range(8)]
    assert [time for source, time in seen if source == "fast"] == [n / 5 for n in range(20)]
    sources = done.summary["sources"]
    assert (sources["slow"]["sampled"], sources["fast"]["sampled"]) == (8, 20)
    assert sources["slow"]["seconds"] == pytest.approx(3.5)


def test_observations_of_several_files_come_in_the_order_of_time(tmp_path: Path) -> None:
    films = {"b": use("Film", seconds=3.0, fps=5), "a": use("Film", seconds=5.0), "c": use("Film", seconds=1.0)}
    detectors = {
        "y": use("Spot", spans=[(0.0, 9.0)], batch=4, pause=0.002),
        "x": use("TrackingSpot", spans=[(0.0, 9.0)]),
    }
    done = play(tmp_path, sources=films, detectors=detectors)
    keys = [(line["end"], line["source"], line["by"]) for line in done.lines("observations")]
    assert keys == sorted(keys)
    assert len(keys) == 2 * (15 + 50 + 10)


def test_clips_overlap_by_their_stride_and_the_last_one_is_short(tmp_path: Path) -> None:
    film = {"film": use("Film", seconds=2.7)}
    done = play(tmp_path, sources=film, captioners={"teller": use("Teller", length=10, stride=5, batch=2)})
    calls = done.log("teller")
    clips = [clip for line in calls for clip in line["clips"]]
    # 27 frames: three full clips and a half, and the two frames that no full one had.
    expected = [range(10), range(5, 15), range(10, 20), range(15, 25), range(20, 27)]
    assert clips == [list(clip) for clip in expected]
    assert [len(line["clips"]) for line in calls] == [2, 2, 1]
    assert all(line["sizes"] == [[8, 6]] for line in calls)  # full pictures are not kept
    captions = done.lines("observations")
    assert [(line["id"], line["time"], line["end"]) for line in captions] == [
        (f"film/teller/{number}", clip[0] / 10, clip[-1] / 10) for number, clip in enumerate(expected)
    ]
    assert captions[-1]["data"] == {"text": "frames 20 to 26", "confidence": 1.0}


def test_a_rule_sees_the_caption_of_the_last_short_clip(tmp_path: Path) -> None:
    done = play(
        tmp_path,
        sources={"film": use("Film", seconds=2.7)},
        captioners={"teller": use("Teller", length=10, stride=5)},
        detectors={"spots": use("Spot", spans=[(2.6, 9.0)])},
        rules={"told": {"when": {"all": [{"caption": "20 to 26"}, {"label": "spot"}], "within": "1s"}}},
    )
    assert done.summary["late"] == 0
    assert [(event.rule, event.end) for event in done.events] == [("told", 2.6)]


@pytest.mark.parametrize(("length", "stride"), [(10, None), (1, 1), (3, 7), (40, 20)])
def test_windows_of_any_shape_cover_the_film(tmp_path: Path, length: int, stride: int | None) -> None:
    options = {"length": length, "sized": False, **({"stride": stride} if stride else {})}
    done = play(tmp_path, sources={"film": use("Film", seconds=3.0)}, captioners={"teller": use("Teller", **options)})
    clips = [clip for line in done.log("teller") for clip in line["clips"]]
    step = stride or length // 2
    starts = [clip[0] for clip in clips]
    assert starts == [step * number for number in range(len(starts))]
    assert all(clip == list(range(clip[0], min(clip[0] + length, 30))) for clip in clips)
    assert clips[-1][-1] == 29 or clips[-1][0] + step >= 30
    assert all(line["sizes"] == [[64, 48]] for line in done.log("teller"))


def test_sound_is_joined_up_to_what_the_recognizer_takes(tmp_path: Path) -> None:
    film = {"film": use("Film", seconds=1.0, sound=7.2, chunk=0.3)}
    done = play(tmp_path, sources=film, recognizers={"ear": use("Ear", longest=2.0)})
    # Six chunks of 0.3 s are 1.8 s; a seventh would be more than two seconds.
    spans = [(line["start"], line["end"]) for line in done.log("ear")]
    assert spans == [(0.0, 1.8), (1.8, 3.6), (3.6, 5.4), (5.4, 7.2)]
    assert all(line["first"] == line["start"] and line["source"] == "film" for line in done.log("ear"))
    assert [line["id"] for line in done.lines("observations")] == [f"film/ear/{number}" for number in range(4)]


def test_chunks_that_fill_a_segment_exactly_are_joined_whatever_their_last_binary_digit(tmp_path: Path) -> None:
    film = {"film": use("Film", seconds=1.0, sound=6.0, chunk=0.1)}
    done = play(tmp_path, sources=film, recognizers={"ear": use("Ear", longest=1.2)})
    assert [line["start"] for line in done.log("ear")] == [0.0, 1.2, 2.4, 3.6, 4.8]


def test_a_gap_in_the_sound_ends_a_segment(tmp_path: Path) -> None:
    film = {"film": use("Film", seconds=1.0, sound=3.0, chunk=0.5, gap=1.5)}
    done = play(tmp_path, sources=film, recognizers={"ear": use("Ear", longest=10.0)})
    assert [(line["start"], line["end"]) for line in done.log("ear")] == [(0.0, 1.5), (3.5, 5.0)]


def test_a_chunk_longer_than_the_recognizer_takes_is_cut(tmp_path: Path) -> None:
    film = {"film": use("Film", seconds=1.0, sound=2.0, chunk=1.0)}
    done = play(tmp_path, sources=film, recognizers={"ear": use("Ear", longest=0.4)})
    spans = [(line["start"], line["end"]) for line in done.log("ear")]
    assert spans == [(0.0, 0.4), (0.4, 0.8), (0.8, 1.0), (1.0, 1.4), (1.4, 1.8), (1.8, 2.0)]
    assert all(line["first"] == pytest.approx(line["start"], abs=1e-3) for line in done.log("ear"))


def test_each_recognizer_hears_the_rate_it_wants(tmp_path: Path) -> None:
    film = {"film": use("Film", seconds=1.0, sound=2.0)}
    ears = {"low": use("Ear", rate=1000), "high": use("Ear", rate=4000), "too": use("Ear", rate=1000)}
    done = play(tmp_path, sources=film, recognizers=ears)
    assert {name: {line["rate"] for line in done.log(name)} for name in ears} == {
        "low": {1000}, "high": {4000}, "too": {1000},
    }  # fmt: skip


def test_what_is_heard_ends_inside_its_segment(tmp_path: Path) -> None:
    film = {"film": use("Film", seconds=1.0, sound=4.0)}
    ears = {"ear": use("Ear", said={"help": (0.5, 1.0)}, beyond=5.0)}
    done = play(tmp_path, sources=film, recognizers=ears)
    (helped,) = [line for line in done.lines("observations") if line["kind"] == "transcript"]
    assert (helped["time"], helped["end"]) == (0.5, 2.0)


def test_words_and_pictures_make_an_event_together(tmp_path: Path) -> None:
    done = play(
        tmp_path,
        sources={"film": use("Film", seconds=10.0, sound=10.0)},
        detectors={"spots": use("Spot", spans=[(6.0, 7.0)])},
        recognizers={"ear": use("Ear", said={"help me": (3.0, 3.5), "well": (8.0, 9.0)})},
        rules={
            "cry": {"when": {"all": [{"words": "help"}, {"label": "spot"}], "within": "3s"}},
            "far": {"when": {"all": [{"words": "help"}, {"label": "spot"}], "within": "2s"}},
        },
    )
    # The word ends at 3.5, the spot comes at 6.0: 2.5 s apart.
    (event,) = done.events
    assert (event.rule, event.start, event.end) == ("cry", 3.0, 6.0)
    ids = {line["id"]: line for line in done.lines("observations")}
    assert [ids[one]["kind"] for one in event.evidence] == ["transcript", "detections"]


def test_sound_may_be_shorter_or_longer_than_the_picture(tmp_path: Path) -> None:
    films = {
        "long": use("Film", seconds=1.0, sound=150.0, chunk=1.0),
        "short": use("Film", seconds=150.0, fps=1, sound=1.0),
    }
    ears = {"ear": use("Ear", rate=100, said={"help": (140.0, 140.5)})}
    done = play(
        tmp_path,
        sources=films,
        detectors={"spots": use("Spot", spans=[(145.0, 146.0)])},
        recognizers=ears,
        rules={"word": {"when": {"words": "help"}}, **RULE},
    )
    assert {(event.rule, event.source, event.end) for event in done.events} == {
        ("word", "long", 140.5),
        ("spot", "short", 145.0),
    }


def test_a_recognizer_that_takes_minutes_at_once_does_not_lock_the_run(tmp_path: Path) -> None:
    film = {"film": use("Film", seconds=400.0, fps=1, sound=400.0, chunk=1.0)}
    done = play(
        tmp_path,
        sources=film,
        detectors={"spots": use("Spot", batch=90, spans=[(0.0, 1000.0)])},
        recognizers={"ear": use("Ear", rate=100, longest=300.0)},
    )
    assert [(line["start"], line["end"]) for line in done.log("ear")] == [(0.0, 300.0), (300.0, 400.0)]
    assert len(done.lines("observations")) == 402


@pytest.mark.parametrize(
    ("section", "part"), [("captioners", use("Teller", length=10, fails=True)), ("recognizers", use("Ear", fails=True))]
)
def test_one_that_fails_in_every_call_is_given_up_although_most_items_only_fill_its_window(
    tmp_path: Path, section: str, part: dict[str, Any]
) -> None:
    film = {"film": use("Film", seconds=20.0, sound=20.0)}
    sections = {section: {"bad": {**part, "max_failures": 3}}}
    done = play(tmp_path, {"strict": False}, sources=film, **sections)
    assert done.summary["components"]["bad"]["calls"] == 3
    assert [one["detail"][:6] for one in done.summary["health"]] == ["IR4001", "IR4001"]  # the first, and the last


def test_a_detector_may_fail_now_and_then(tmp_path: Path) -> None:
    spots = use("Spot", spans=[(0.0, 99.0)], raises=(3, 5, 6, 9), max_failures=3)
    done = play(tmp_path, {"strict": False}, sources={"film": use("Film", live=False)}, detectors={"spots": spots})
    assert done.summary["components"]["spots"]["failures"] == 4
    assert done.summary["exit"] == "done"


def test_a_run_goes_on_when_its_only_detector_is_given_up(tmp_path: Path) -> None:
    film = {"film": use("Film", seconds=30.0)}
    bad = use("Spot", raises=tuple(range(1, 400)), max_failures=2)
    done = play(
        tmp_path,
        {"strict": False, "video": True},
        sources=film,
        detectors={"bad": bad},
        rules=RULE,
    )
    assert done.summary["exit"] == "done"
    assert done.summary["sources"]["film"]["frames"] == 300
    assert done.events == []
