"""Frames and sound are cut into what captioners and recognizers take."""

from __future__ import annotations

import pytest

from instantreact_sdk.pipeline.cutting import Segments, Window
from instantreact_sdk.testing import media


def pieces(cutter, items):
    return [*(piece for item in items for piece in cutter.add(item)), *cutter.rest()]


@pytest.mark.parametrize(
    ("count", "length", "stride", "clips"),
    [
        (10, 4, None, [(0, 3), (2, 5), (4, 7), (6, 9)]),
        (11, 4, None, [(0, 3), (2, 5), (4, 7), (6, 9), (8, 10)]),
        (10, 3, 5, [(0, 2), (5, 7)]),
        (3, 1, None, [(0, 0), (1, 1), (2, 2)]),
        (2, 4, None, [(0, 1)]),
        (0, 4, None, []),
    ],
)
def test_a_window_slides_by_half_or_by_the_stride_and_the_last_clip_may_be_short(count, length, stride, clips):
    found = pieces(Window(length, stride, None), media.still(count) if count else [])
    assert [(clip.frames[0].index, clip.frames[-1].index) for clip in found] == clips


def test_after_an_outage_a_clip_begins_anew():
    before, after = media.still(5, fps=10), media.still(4, fps=10, first=50)
    assert [(clip.start, clip.end) for clip in pieces(Window(4, 4, None), [*before, *after])] == [(0, 0.3), (5, 5.3)]


def test_frames_that_are_rare_anyway_make_clips():
    times = [0, 2.5, 8, 20]  # the last two gaps are longer than three seconds, and at most three times the one before
    (clip,) = pieces(Window(4, 4, None), [media.frame(time=time) for time in times])
    assert [frame.time for frame in clip.frames] == times


def test_frames_are_kept_in_the_declared_size_alone():
    (clip,) = pieces(Window(2, None, (32, 24), "lobby"), media.still(2))[:1]
    assert {(frame.width, frame.height) for frame in clip.frames} == {(32, 24)}
    assert clip.source == "lobby"


def test_segments_are_as_long_as_they_may_be_and_a_gap_ends_one():
    chunks = [media.tone(440, 0.5, 1000, time=time) for time in (0.0, 0.5, 1.0, 2.0)]
    found = [(chunk.time, len(chunk.samples)) for chunk in pieces(Segments(1.0), chunks)]
    assert found == [(0.0, 1000), (1.0, 500), (2.0, 500)]


def test_a_chunk_that_is_too_long_is_cut():
    found = [(chunk.time, len(chunk.samples)) for chunk in pieces(Segments(1.0), [media.tone(440, 2.5, 1000)])]
    assert found == [(0.0, 1000), (1.0, 1000), (2.0, 500)]


def test_what_is_held_has_a_beginning():
    segments = Segments(1.0, "lobby")
    assert segments.start == float("inf")
    assert segments.add(media.tone(440, 0.6, 1000, time=4.0)) == []
    assert segments.start == 4.0
    (whole,) = segments.add(media.tone(440, 0.6, 1000, time=4.6))
    assert (whole.time, whole.duration, whole.source) == (4.0, 0.6, "lobby")
    assert segments.start == pytest.approx(4.6)
