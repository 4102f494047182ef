"""What a clip of an event shows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from clip_making import Making, dial, event, frames, pictures, seconds, shown
from deadline import until
from films import played

from instantreact_sdk import Frame


@pytest.fixture
def making(tmp_path: Path) -> Iterator[Making]:
    made = Making(tmp_path / "clips")
    yield made
    made.clips.close()


# What a clip shows ---------------------------------------------------------------------------------------------------


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
