"""What all components saw, in the order of media time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from instantreact_sdk.config.conditions import Channel
from instantreact_sdk.pipeline import Merge
from instantreact_sdk.types import Observation, SoundEvent

FOREVER = float("inf")
STREAMS: dict[tuple[str, str], Channel] = {
    ("hall", "people"): "picture",
    ("hall", "words"): "sound",
    ("door", "people"): "picture",
    ("door", "cars"): "picture",
}


def seen(source: str, by: str, number: int, end: float) -> Observation:
    return Observation(f"{source}/{by}/{number}", source, by, end, end, SoundEvent("bang", 0.5, end, end))


def joined(*, live: bool = False) -> Merge:
    merge = Merge()
    for (source, by), channel in STREAMS.items():
        merge.join(source, by, channel, live=live)
    return merge


@st.composite
def interleavings(draw: st.DrawFn) -> list[tuple[tuple[str, str], tuple[Observation, ...], float]]:
    """Posts of four components: each in its own order, mixed anyhow."""
    posts = []
    for source, by in STREAMS:
        ends = sorted(draw(st.lists(st.integers(0, 20), max_size=8)))
        cuts = sorted(draw(st.lists(st.integers(0, 20), max_size=4)))
        number = 0
        lane = []
        for cut in [*cuts, 20]:
            batch = []
            while number < len(ends) and ends[number] <= cut:
                batch.append(seen(source, by, number, float(ends[number])))
                number += 1
            lane.append(((source, by), tuple(batch), float(cut)))
        lane.append(((source, by), (), FOREVER))
        posts.append(lane)
    mixed = []
    while any(posts):
        lane = draw(st.sampled_from([lane for lane in posts if lane]))
        mixed.append(lane.pop(0))
    return mixed


@given(interleavings())
def test_files_come_out_in_the_same_order_however_their_threads_run(
    posts: list[tuple[tuple[str, str], tuple[Observation, ...], float]],
) -> None:
    merge = joined()
    out: list[Observation] = []
    for (source, by), observations, until in posts:
        merge.add(source, by, observations, until)
        ready = merge.ready()
        assert all(one.end <= merge.files_until for one in ready)
        out += ready
    assert merge.complete
    everything = [one for _, observations, _ in posts for one in observations]
    number = {one.id: int(one.id.rpartition("/")[2]) for one in everything}
    expected = sorted(everything, key=lambda o: (o.end, o.source, STREAMS[o.source, o.by], o.by, number[o.id]))
    assert [one.id for one in out] == [one.id for one in expected]


def test_what_is_seen_live_comes_out_at_once() -> None:
    merge = joined(live=True)
    merge.join("film", "people", "picture", live=False)
    one = seen("hall", "people", 0, 5.0)
    merge.add("hall", "people", (one,), 5.0)
    assert merge.ready() == [one]
    assert merge.files_until == -1.0


def test_nobody_waits_for_a_component_that_left() -> None:
    merge = joined()
    one = seen("hall", "words", 0, 3.0)
    merge.add("hall", "words", (one,), 10.0)
    for (source, by), channel in STREAMS.items():
        if (source, by) != ("hall", "words"):
            assert merge.ready() == []
            assert merge.leave(by, source) == channel
    assert merge.ready() == [one]
    assert merge.leave("nobody", "hall") is None
    assert merge.add("hall", "nobody", (), 1.0) is None


def test_until_is_that_of_the_slowest_component_of_the_channel() -> None:
    merge = joined()
    merge.add("door", "people", (), 4.0)
    merge.add("door", "cars", (), 2.0)
    merge.add("door", "cars", (), 1.0)  # it never goes back
    assert merge.until("door", "picture") == 2.0
    assert merge.until("door", "sound") == FOREVER
    assert not merge.complete


def test_finishing_a_source_lets_all_of_it_out() -> None:
    merge = Merge()
    merge.join("door", "people", "picture", live=False)
    merge.join("door", "cars", "picture", live=False)
    one = seen("door", "people", 0, 1.0)
    merge.add("door", "people", (one,), 1.0)
    assert merge.ready() == []
    merge.finish("door")
    assert merge.ready() == [one]
    assert merge.complete
