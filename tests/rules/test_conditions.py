"""One small example for each sentence about conditions on single observations in `instantreact_sdk.rules`."""

from __future__ import annotations

import pytest
from rule_examples import CENTRED, caption, decide, fired, frame, health, said, sound

from instantreact_sdk.types import (
    Word,
)

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
