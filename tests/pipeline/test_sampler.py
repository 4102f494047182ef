"""Which frames are looked at."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from instantreact_sdk.pipeline import Sampler

RATES = st.sampled_from([1, 2, 5, 10, 0.5, 12.5])
TICKS = st.lists(st.integers(0, 3000), unique=True, max_size=200).map(sorted)
"""Times in hundredths of a second."""


def slow(times: list[Fraction], fps: float) -> list[Fraction]:
    """The definition itself, in exact arithmetic: of each slot of 1 / fps seconds, its first frame."""
    first: dict[int, Fraction] = {}
    for time in times:
        first.setdefault(int(time * Fraction(fps)), time)
    return list(first.values())


@given(TICKS, RATES)
def test_it_takes_the_first_frame_of_each_slot(ticks: list[int], fps: float) -> None:
    exact = [Fraction(tick, 100) for tick in ticks]
    sampler = Sampler(fps)
    assert [time for time in exact if sampler.take(float(time))] == slow(exact, fps)


@given(TICKS, RATES)
def test_no_second_holds_more_than_fps_frames(ticks: list[int], fps: float) -> None:
    sampler = Sampler(fps)
    taken = [tick / 100 for tick in ticks if sampler.take(tick / 100)]
    for second in range(31):
        assert sum(second <= time < second + 1 for time in taken) <= max(1, fps + 1 if fps % 1 else fps)


@given(TICKS, RATES, st.lists(st.integers(0, 3000)))
def test_asking_changes_nothing(ticks: list[int], fps: float, questions: list[int]) -> None:
    asked, silent = Sampler(fps), Sampler(fps)
    for tick in ticks:
        for question in questions[:5]:
            asked.wants(question / 100)
        wanted = asked.wants(tick / 100)
        assert asked.take(tick / 100) == silent.take(tick / 100) == wanted


def test_a_film_at_25_and_one_at_50_frames_a_second_give_the_same_times() -> None:
    slow_film, fast_film = Sampler(5), Sampler(5)
    at_25 = [n / 25 for n in range(250) if slow_film.take(n / 25)]
    at_50 = [n / 50 for n in range(500) if fast_film.take(n / 50)]
    assert at_25 == at_50 == [n / 5 for n in range(50)]


def test_without_a_rate_it_takes_all() -> None:
    sampler = Sampler(None)
    assert all(sampler.wants(0.0) and sampler.take(0.0) for _ in range(3))
