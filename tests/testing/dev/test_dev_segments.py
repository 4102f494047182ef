"""Clips and chunks are cut as the pipeline cuts them."""

from __future__ import annotations

import pytest

from instantreact_sdk.testing import media
from instantreact_sdk.testing.dev.segments import segments, windows


@pytest.mark.parametrize(
    ("count", "length", "stride", "clips"),
    [
        (10, 4, None, [(0, 3), (2, 5), (4, 7), (6, 9)]),
        (11, 4, None, [(0, 3), (2, 5), (4, 7), (6, 9), (8, 10)]),
        (10, 3, 5, [(0, 2), (5, 7)]),
        (2, 4, None, [(0, 1)]),
        (0, 4, None, []),
    ],
)
def test_windows_slide_by_half_or_by_the_stride_and_the_last_may_be_short(count, length, stride, clips):
    found = windows(media.still(count) if count else [], length, stride)
    assert [(clip.frames[0].index, clip.frames[-1].index) for clip in found] == clips


def test_segments_are_as_long_as_they_may_be_and_a_gap_ends_one():
    chunks = [media.tone(440, 0.5, 1000, time=time) for time in (0.0, 0.5, 1.0, 2.0)]
    found = [(chunk.time, len(chunk.samples)) for chunk in segments(chunks, 1.0)]
    assert found == [(0.0, 1000), (1.0, 500), (2.0, 500)]


def test_a_chunk_that_is_too_long_is_cut():
    found = [(chunk.time, len(chunk.samples)) for chunk in segments([media.tone(440, 2.5, 1000)], 1.0)]
    assert found == [(0.0, 1000), (1.0, 1000), (2.0, 500)]
