from __future__ import annotations

import math
import re

from hypothesis import given
from hypothesis import strategies as st

from instantreact_sdk.report.density import Density

sightings = st.lists(st.tuples(st.floats(0, 1e7), st.integers(1, 9)), max_size=60)


@given(sightings)
def test_counts_are_those_of_a_histogram_made_at_once(seen):
    density = Density()
    for time, count in seen:
        density.add(time, count)
    expected = [0] * len(density.counts)
    for time, count in seen:
        expected[math.floor(time / density.width)] += count
    assert density.counts == expected
    assert density.total == sum(count for _, count in seen)


@given(sightings)
def test_bins_never_are_more_than_480_nor_wider_than_needed(seen):
    density = Density()
    for time, count in seen:
        density.add(time, count)
    assert len(density.counts) <= 480
    assert density.width == 0.5 or density.width * 240 <= max(time for time, _ in seen)


def test_what_has_no_time_is_left_out():
    density = Density()
    for time in (math.nan, math.inf, -1.0):
        density.add(time, 1)
    assert density.counts == []
    assert density.path() == ""


def test_the_path_is_a_skyline_over_seconds():
    density = Density()
    for time, count in ((0.0, 1), (0.6, 2), (1.2, 2), (3.0, 4)):
        density.add(time, count)
    # Bins of 0.5 s hold 1, 2, 2, 0, 0, 0, 4; the most is 4, y runs from 1 at the bottom to 0.
    assert density.path() == "M0 1V0.75H0.5V0.5H1.5V1ZM3 1V0H3.5V1Z"


@given(sightings)
def test_every_path_is_well_formed_and_inside_its_lane(seen):
    density = Density()
    for time, count in seen:
        density.add(time, count)
    path = density.path()
    assert re.fullmatch(r"(M[\d.e+-]+ 1(V[\d.e-]+H[\d.e+-]+)+V1Z)*", path)
    assert all(0 <= float(y) <= 1 for y in re.findall(r"V([\d.e-]+)", path))
