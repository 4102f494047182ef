"""One small example for each sentence of the specification in `instantreact_sdk.rules`."""

from __future__ import annotations

import gc
import tracemalloc

import pytest

from instantreact_sdk.config.pipeline_file import Rule, Zone
from instantreact_sdk.rules import RuleEngine
from instantreact_sdk.types import (
    Caption,
    Detections,
    Event,
    Health,
    NearMiss,
    Observation,
    SoundEvent,
    Transcript,
    Word,
)

GATE = Zone(source="a", polygon=[(0.25, 0.5), (0.5, 0.5), (0.5, 1.0), (0.25, 1.0)])
CENTRED = (0.25, 0.25, 0.5, 0.75)  # its bottom centre is (0.375, 0.75), inside the gate
CHANNELS = ("picture", "caption", "sound", "health")


def frame(time, *scores, box=CENTRED, tracks=None, source="a", by="motion", label="cat"):
    value = Detections([box] * len(scores), scores, [0] * len(scores), tracks)
    return Observation(f"{source}/{by}/{time:g}", source, by, time, time, value, 0, (label,))


def said(end, text, start=None, confidence=1.0, *, words=(), source="a", **more):
    start = end if start is None else start
    value = Transcript(text, start, end, confidence, words, **more)
    return Observation(f"{source}/ears/{end:g}", source, "ears", start, end, value)


def caption(end, text, confidence=1.0):
    return Observation(f"a/eyes/{end:g}", "a", "eyes", end - 1, end, Caption(text, confidence, end - 1, end))


def sound(end, label, score=1.0):
    return Observation(f"a/noise/{end:g}", "a", "noise", end, end, SoundEvent(label, score, end, end))


def health(time, kind, by="a", source="a"):
    return Observation(
        f"{source}/health/{time:g}{by}", source, by, time, time, Health(kind, "it is so", source, by, time)
    )


def decide(when, *observations, across=False, sources=("a",), begin=0.0, end=60.0, zeros=None):
    """What one rule decides about everything that happens until `end`."""
    engine = RuleEngine({"rule": Rule.model_validate({"when": when, "across": across})}, {"gate": GATE}, sources)
    places = [(source, channel) for source in sources for channel in CHANNELS]
    for place in places:
        engine.begin(*place, begin, (zeros or {}).get(place[0], 0.0))
    for observation in observations:
        assert engine.observe(observation)
    for place in places:
        engine.end(*place, end)
    return [one for place in places for one in engine.advance(*place, end)]


def fired(*args, **kwargs):
    """When it fired."""
    return [one.end for one in decide(*args, **kwargs) if isinstance(one, Event)]


def missed(*args, **kwargs):
    return [one for one in decide(*args, **kwargs) if isinstance(one, NearMiss)]


# label


@pytest.mark.parametrize(("score", "times"), [(0.7, [1.0]), (0.69, [])])
def test_a_box_counts_from_the_smallest_score_on_although_scores_are_float32(score, times):
    assert fired({"label": "cat", "min_score": 0.7}, frame(1.0, score)) == times


def test_another_label_does_not_count():
    assert fired({"label": ["dog", "bird"]}, frame(1.0, 0.9)) == []


@pytest.mark.parametrize(
    ("box", "times"),
    [
        (CENTRED, [1.0]),
        ((0.0, 0.0, 0.5, 0.75), [1.0]),  # bottom centre (0.25, 0.75), on the left edge
        ((0.2, 0.0, 0.8, 1.0), [1.0]),  # (0.5, 1.0), a corner
        ((0.25, 0.5, 0.5, 0.51), [1.0]),
        ((0.25, 0.0, 0.5, 0.49), []),  # above
        ((0.3, 0.0, 0.75, 0.75), []),  # (0.525, 0.75), right of it, although most of the box is inside
    ],
)
def test_a_box_is_inside_a_zone_with_its_bottom_centre(box, times):
    assert fired({"label": "cat", "zone": "gate"}, frame(1.0, 0.9, box=box)) == times


def test_a_zone_is_in_one_source_only():
    when = {"label": "cat", "zone": "gate"}
    assert fired(when, frame(1.0, 0.9, source="b"), sources=("a", "b")) == []


def test_count_adds_up_what_all_detectors_find_in_one_frame():
    when = {"label": "cat", "count": 3}
    assert fired(when, frame(1.0, 0.9, 0.9), frame(1.0, 0.9, by="other"), frame(3.0, 0.9, 0.9)) == [1.0]


def test_for_is_reached_when_the_run_is_exactly_that_long():
    assert fired({"label": "cat", "for": 2.0}, *(frame(n / 4, 0.9) for n in range(4, 20))) == [3.0]


def test_for_has_the_first_frame_of_the_shortest_stretch_and_the_last_as_evidence():
    frames = [frame(time, 0.9) for time in (0.0, 0.75, 1.5, 2.25)]
    (event,) = decide({"label": "cat", "for": 1.6}, *frames)
    # At 2.25 the frame at or before 0.65 is the one at 0.
    assert (event.start, event.end, event.evidence) == (0.0, 2.25, ("a/motion/0", "a/motion/2.25"))


@pytest.mark.parametrize(("gap", "times"), [(1.0, [2.5]), (1.25, [])])
def test_for_forgives_gaps_up_to_one_second(gap, times):
    seen = [frame(0.5, 0.9), frame(1.0, 0.9), frame(1.2), frame(1.0 + gap, 0.9), frame(2.5, 0.9)]
    assert fired({"label": "cat", "for": 2.0}, *seen) == times


def test_for_goes_on_between_adjacent_sampled_frames_however_far_apart():
    assert fired({"label": "cat", "for": 10.0}, frame(0.0, 0.9), frame(5.0, 0.9), frame(10.0, 0.9)) == [10.0]


def test_going_offline_ends_a_run():
    seen = [frame(n / 2, 0.9) for n in range(7)]
    assert fired({"label": "cat", "for": 2.0}, *seen, health(1.25, "offline"), health(1.4, "online")) == []
    assert fired({"label": "cat", "for": 1.5}, *seen, health(1.25, "offline"), health(1.4, "online")) == [3.0]


def test_for_is_about_one_track_where_there_are_tracks():
    changing = [frame(n / 2, 0.9, tracks=[n // 3]) for n in range(9)]
    staying = [frame(n / 2, 0.9, 0.9, tracks=[n // 3, 7]) for n in range(9)]
    assert fired({"label": "cat", "for": 2.0}, *changing) == []
    assert fired({"label": "cat", "for": 2.0}, *staying) == [2.0]
    assert fired({"label": "cat", "for": 2.0, "count": 2}, *staying) == []
    assert fired({"label": "cat", "for": 1.0, "count": 2}, *staying) == [1.0, 2.5, 4.0]


# captions and sound


def test_a_caption_counts_at_its_end_whatever_its_case():
    assert fired({"caption": "f[ae]ll"}, caption(3.0, "A man FELL down")) == [3.0]
    assert fired({"caption": "fall", "min_score": 0.5}, caption(3.0, "fall", 0.25)) == []


def test_captions_that_go_on_matching_make_one_event():
    seen = [caption(time, text) for time, text in [(2, "fall"), (10, "fall"), (18, "nobody"), (26, "fall")]]
    assert fired({"caption": "fall"}, *seen) == [2.0, 26.0]


def test_speech_is_searched_in_the_text():
    assert fired({"speech": "call .* police"}, said(4.0, "please call the police")) == [4.0]


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("help", "Help!"),
        ("help me", "...help - me, please"),
        ("à l'aide", "A L\N{RIGHT SINGLE QUOTATION MARK}AIDE"),
        ("dont shoot", "don't shoot"),
        ("straße", "STRASSE"),
        ("救命", "快救命啊"),
        ("बचाओ", "मुझे बचाओ!"),
    ],
)
def test_words_are_found_whatever_case_accents_and_punctuation(words, text):
    assert fired({"words": words}, said(1.0, text)) == [1.0]


@pytest.mark.parametrize("text", ["helpful", "whelp", "", "he lp"])
def test_words_are_whole_words(text):
    assert fired({"words": "help"}, said(1.0, text)) == []


def test_words_that_can_never_be_said_are_refused():
    with pytest.raises(ValueError, match="can never be said"):
        fired({"words": ["help", "?!"]})


def test_words_begin_where_the_word_does_and_count_at_the_end_of_the_transcript():
    words = (Word("please", 1.0, 1.5, 0.9), Word("help", 1.5, 2.0, 0.6), Word("me", 2.0, 2.25, 0.8))
    transcript = said(4.0, "please help me", 0.5, 0.1, words=words)
    (event,) = decide({"words": "help me", "min_score": 0.6}, transcript)
    assert (event.start, event.end) == (1.5, 4.0)
    assert fired({"words": "help me", "min_score": 0.7}, transcript) == []


def test_words_without_times_have_those_of_the_transcript():
    (event,) = decide({"words": "help", "min_score": 0.5}, said(4.0, "help", 0.5, 0.5))
    assert (event.start, event.end) == (0.5, 4.0)


def test_intents_and_sounds_are_asked_for_by_name_and_score():
    assert fired({"intent": "alarm", "min_score": 0.5}, said(1.0, "", intents={"alarm": 0.5, "greet": 1.0})) == [1.0]
    assert fired({"intent": "alarm", "min_score": 0.5}, said(1.0, "", intents={"alarm": 0.4})) == []
    assert fired({"sound": ["glass", "siren"]}, sound(1.0, "siren"), sound(9.0, "dog")) == [1.0]


def test_the_same_word_twice_is_two_events_where_more_than_a_second_passed():
    assert fired({"words": "help"}, said(1.0, "help"), said(2.0, "help"), said(3.25, "help")) == [1.0, 3.25]


def test_a_pattern_that_takes_too_long_has_found_nothing_and_says_so():
    text = said(1.0, "a" * 5000)
    (event,) = decide({"any": [{"speech": "(a|a)*b|(a+)+c"}, {"speech": "^a"}]}, text)
    assert event.trace["children"][0]["result"] is False
    assert "took more than 0.1 s" in event.trace["children"][0]["because"]


# health


def test_a_state_is_one_event_until_it_is_over_and_comes_again():
    seen = [health(1, "black"), health(3, "black"), health(5, "online"), health(9, "black")]
    assert fired({"health": "black"}, *seen) == [1.0, 9.0]


def test_health_for_is_a_timer_that_being_online_in_time_stops():
    when = {"health": "offline", "for": 10.0}
    assert fired(when, health(1, "offline")) == [11.0]
    assert fired(when, health(1, "offline"), health(11, "online")) == []
    assert fired(when, health(1, "offline"), health(5, "online", by="other")) == [11.0]
    assert fired(when, health(1, "offline"), end=10.5) == []


def test_what_happens_and_is_over_is_an_event_each_time():
    assert fired({"health": "plugin_failed"}, health(1, "plugin_failed"), health(5, "plugin_failed")) == [1.0, 5.0]


def test_being_back_for_so_long_is_stopped_by_new_trouble():
    when = {"health": "online", "for": 5.0}
    assert fired(when, health(1, "online")) == [6.0]
    assert fired(when, health(1, "online"), health(4, "offline")) == []


# all, any, none


@pytest.mark.parametrize(("end", "times"), [(11.0, [11.0]), (11.25, [])])
def test_all_ends_have_to_be_inside_one_window(end, times):
    when = {"all": [{"words": "help"}, {"label": "cat"}], "within": 10.0}
    assert fired(when, frame(1.0, 0.9), said(end, "help")) == times
    assert fired(when, said(1.0, "help"), frame(end, 0.9)) == times


def test_all_without_a_window_is_about_one_frame():
    when = {"all": [{"label": "cat"}, {"label": "dog"}]}
    assert fired(when, frame(1.0, 0.9), frame(2.0, 0.9, label="dog", by="dogs")) == []
    assert fired(when, frame(2.0, 0.9), frame(2.0, 0.9, label="dog", by="dogs")) == [2.0]


def test_all_starts_where_its_evidence_does_and_names_it_in_time_order():
    when = {"all": [{"words": "help"}, {"label": "cat"}], "within": 10.0}
    (event,) = decide(when, said(8.0, "help", 2.0), frame(4.0, 0.9), frame(6.0, 0.9))
    assert (event.start, event.end, event.evidence) == (2.0, 8.0, ("a/motion/6", "a/ears/8"))


def test_any_is_true_while_one_of_it_is():
    when = {"any": [{"label": "cat"}, {"words": "help"}]}
    assert fired(when, frame(1.0, 0.9), frame(5.0, 0.9), said(3.0, "help"), frame(6.0), said(9.0, "help")) == [1.0, 9.0]


def test_none_fires_when_the_window_has_passed_and_again_after_something_came():
    when = {"none": [{"label": "cat"}], "within": 10.0}
    assert fired(when, frame(0.0), frame(5.0, 0.9), frame(30.0), frame(40.0, 0.9)) == [15.0, 50.0]


def test_none_needs_input_all_the_time():
    when = {"none": [{"label": "cat"}], "within": 10.0}
    assert fired(when, begin=4.0) == [14.0]
    assert fired(when, health(5, "offline"), health(20, "online")) == [30.0]
    assert fired(when, health(5, "offline")) == []
    assert fired(when, end=9.75) == []
    assert fired(when, end=10.0) == [10.0]


def test_a_none_in_all_has_to_hold_at_that_very_instant():
    when = {"all": [{"words": "help"}, {"none": [{"label": "cat"}], "within": 5.0}], "within": 3.0}
    assert fired(when, said(7.0, "help")) == [7.0]
    assert fired(when, frame(6.0, 0.9), said(7.0, "help")) == []
    # "help" at 7, and the last cat at 4: at 9 the camera has seen no cat for 5 s, and "help" is 2 s old.
    assert fired(when, frame(4.0, 0.9), said(7.0, "help")) == [9.0]


# Rising edge, instances


def test_a_rule_fires_once_while_it_is_true_and_again_after_more_than_a_second():
    seen = [frame(1.0, 0.9), frame(1.5), frame(2.0, 0.9), frame(2.5), frame(3.25, 0.9)]
    assert fired({"label": "cat"}, *seen) == [1.0, 3.25]


def test_frames_seldom_sampled_that_all_show_it_make_one_event():
    assert fired({"label": "cat"}, *(frame(5.0 * n, 0.9) for n in range(10))) == [0.0]


def test_a_source_that_was_offline_begins_anew():
    seen = [frame(1.0, 0.9), health(1.25, "offline"), health(1.5, "online"), frame(1.75, 0.9)]
    assert fired({"label": "cat"}, *seen) == [1.0, 1.75]


def test_a_rule_runs_for_each_source_by_itself():
    when = {"all": [{"label": "cat"}, {"words": "help"}], "within": 10.0}
    assert fired(when, frame(1.0, 0.9), said(2.0, "help", source="b"), sources=("a", "b")) == []


def test_across_sources_times_meet_in_utc_and_the_event_has_those_of_the_source_that_completed_it():
    when = {"all": [{"label": "cat", "source": "a"}, {"words": "help", "source": "b"}], "within": 10.0}
    zeros = {"a": 1_700_000_000.0, "b": 1_700_000_100.0}
    seen = [frame(105.0, 0.9), said(8.0, "help", source="b")]
    (event,) = decide(when, *seen, across=True, sources=("a", "b"), zeros=zeros, end=200.0)
    assert (event.source, event.start, event.end) == ("b", 5.0, 8.0)
    assert event.evidence == ("a/motion/105", "b/ears/8")


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
    assert more < some + 20_000  # 3000 frames kept would be some megabytes


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
