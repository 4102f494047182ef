"""One small example for each sentence about states, compounds and events in `instantreact_sdk.rules`."""

from __future__ import annotations

import pytest
from rule_examples import decide, fired, frame, health, said

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
