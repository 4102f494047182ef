"""One small example for each promise of the engine, its traces and its near misses."""

from __future__ import annotations

import gc
import tracemalloc

import pytest
from rule_examples import CHANNELS, decide, frame, health, missed, said

from instantreact_sdk.config.pipeline_file import Rule
from instantreact_sdk.rules import RuleEngine
from instantreact_sdk.types import (
    Event,
    NearMiss,
)

# The engine


def engine_of(when):
    engine = RuleEngine({"rule": Rule.model_validate({"when": when})}, {}, ["a"])
    for channel in CHANNELS:
        engine.begin("a", channel)
    return engine


def test_a_rule_waits_only_for_the_channels_that_it_names():
    engine = engine_of({"label": "cat"})
    engine.observe(frame(1.0, 0.9))
    assert [event.end for event in engine.advance("a", "picture", 1.0)] == [1.0]
    engine = engine_of({"any": [{"label": "cat"}, {"words": "help"}]})
    engine.observe(frame(1.0, 0.9))
    assert engine.advance("a", "picture", 9.0) == []
    assert [event.end for event in engine.advance("a", "sound", 1.0)] == [1.0]


def test_a_timer_waits_for_its_channels_too():
    engine = engine_of({"none": [{"label": "cat"}], "within": 10.0})
    assert engine.advance("a", "picture", 9.75) == []
    assert [event.end for event in engine.advance("a", "picture", 10.0)] == [10.0]


def test_a_channel_that_ended_holds_nothing_up():
    engine = engine_of({"any": [{"label": "cat"}, {"words": "help"}]})
    engine.observe(frame(1.0, 0.9))
    engine.end("a", "sound", 0.0)
    assert [event.end for event in engine.advance("a", "picture", 1.0)] == [1.0]


def test_what_an_end_decides_comes_with_the_next_advance_of_any_channel():
    engine = engine_of({"label": "cat"})
    engine.observe(frame(1.0, 0.9))
    engine.end("a", "picture", 2.0)
    assert [event.end for event in engine.advance("a", "health", 0.0)] == [1.0]


def test_a_late_observation_is_refused_by_the_rules_that_are_beyond_it():
    engine = engine_of({"label": "cat"})
    engine.advance("a", "picture", 5.0)
    assert not engine.observe(frame(5.0, 0.9))
    assert engine.observe(said(1.0, "no rule waits for this"))
    assert engine.observe(frame(5.5, 0.9))
    assert [event.end for event in engine.advance("a", "picture", 6.0)] == [5.5]


def test_that_a_source_was_lost_is_told_late_rather_than_never():
    engine = engine_of({"none": [{"label": "cat"}], "within": 10.0})
    engine.advance("a", "picture", 5.0)
    assert not engine.observe(health(4.0, "offline"))
    assert engine.advance("a", "picture", 50.0) == []


def test_decisions_come_by_time_then_source_then_order_of_the_rules():
    rules = {name: Rule.model_validate({"when": {"label": "cat"}, "across": name == "z"}) for name in ("z", "a")}
    engine = RuleEngine(rules, {}, ["b", "a"])
    for source in ("a", "b"):
        engine.begin(source, "picture")
        engine.observe(frame(1.0, 0.9, source=source))
    engine.advance("b", "picture", 1.0)
    found = engine.advance("a", "picture", 1.0)
    assert [(one.rule, one.source) for one in found] == [("a", "a"), ("z", "b")]


def test_memory_is_bounded_by_what_for_needs():
    engine = engine_of(
        {"all": [{"label": "cat", "for": 2.0}, {"none": [{"words": "help"}], "within": 5.0}], "within": 9.0}
    )

    def feed(first, last):
        for n in range(first, last):
            seen = frame(n / 10, 0.9, tracks=[n // 7])
            engine.observe(seen)
            engine.advance("a", "picture", n / 10)
            engine.advance("a", "sound", n / 10)
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    some, more = feed(0, 1000), feed(1000, 4000)
    tracemalloc.stop()
    assert more < some + 200_000  # 3000 frames kept would be more than a megabyte


# Traces and near misses


def test_a_trace_tells_every_condition_with_what_made_it_true():
    when = {
        "all": [{"label": "cat", "zone": "gate", "min_score": 0.6, "for": "2s"}, {"words": ["help", "fire"]}],
        "within": "10s",
    }
    (event,) = decide(when, *(frame(4.0 + n / 2, 0.75) for n in range(5)), said(7.0, "help"))
    assert event.trace == {
        "condition": "all of 2 within 10 s",
        "result": True,
        "because": "all, 1 s apart",
        "evidence": ["a/motion/4", "a/motion/6", "a/ears/7"],
        "children": [
            {
                "condition": "label cat in gate, score >= 0.6, for 2 s",
                "result": True,
                "because": "held 2 s (4 to 6), best score 0.75",
                "evidence": ["a/motion/4", "a/motion/6"],
                "children": [],
            },
            {
                "condition": "words help or fire",
                "result": True,
                "because": '"help" at 7, score 1',
                "evidence": ["a/ears/7"],
                "children": [],
            },
        ],
    }


@pytest.mark.parametrize(
    ("when", "seen", "end", "because"),
    [
        (
            {"label": "cat", "for": 2.0},
            [*(frame(n / 2, 0.75) for n in range(4)), frame(2.0), frame(4.0)],
            1.5,
            "held 1.5 s of the 2 s asked for (0 to 1.5), best score 0.75",
        ),
        (
            {"label": "cat", "count": 3},
            [frame(1.0, 0.75), frame(1.5, 0.75, 0.5), frame(2.0, 0.75), frame(4.0)],
            1.5,
            "2 instead of 3 at 1.5, best score 0.75",
        ),
        ({"label": "cat", "min_score": 0.8}, [frame(1.0, 0.5), frame(4.0)], 1.0, "best score 0.5 at 1"),
        (
            {"label": "cat", "zone": "gate"},
            [frame(1.0, 0.75, box=(0.5, 0.0, 1.0, 0.75)), frame(4.0)],
            1.0,
            "1 outside gate at 1",
        ),
        ({"words": "help", "min_score": 0.8}, [said(1.0, "help", confidence=0.5)], 1.0, '"help" at 1, score 0.5'),
        ({"all": [{"words": "help"}, {"label": "cat"}], "within": 5.0}, [said(1.0, "help"), frame(9.0)], 1.0, "1 of 2"),
    ],
)
def test_a_near_miss_tells_how_near_it_was(when, seen, end, because):
    (near,) = missed(when, *seen)
    assert (near.end, near.trace["because"], near.trace["result"]) == (end, because, False)
    assert near.evidence


def test_there_is_no_near_miss_with_less_than_half_the_score():
    assert missed({"label": "cat", "min_score": 0.8}, frame(1.0, 0.3), frame(4.0)) == []


def test_an_episode_that_fired_gives_no_near_miss():
    assert (
        missed({"label": "cat", "count": 2}, frame(1.0, 0.9), frame(1.5, 0.9, 0.9), frame(2.0, 0.9), frame(5.0)) == []
    )


def test_each_episode_gives_one_near_miss_the_last_at_the_end_of_the_input():
    seen = [frame(1.0, 0.9), frame(1.5, 0.9), frame(3.0), frame(9.0, 0.9)]
    assert [near.end for near in missed({"label": "cat", "count": 2}, *seen)] == [1.0, 9.0]


def test_states_alone_are_no_near_miss():
    assert missed({"none": [{"label": "cat"}], "within": 99.0}, frame(1.0, 0.9)) == []
    assert missed({"health": "offline", "for": 50.0}, health(1, "offline"), health(5, "online")) == []
    assert missed({"all": [{"words": "help"}, {"none": [{"label": "cat"}], "within": 5.0}], "within": 5.0}) == []


def test_an_event_and_a_near_miss_at_the_same_time_have_different_names():
    facts = ("rule", "a", 1.0, 2.0, ("x",), {})
    assert Event(*facts).id != NearMiss(*facts).id
    assert list(NearMiss(*facts).line()) == ["v", "id", "rule", "source", "start", "end", "evidence", "trace"]
