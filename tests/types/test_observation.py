"""What becomes a line of ``observations.jsonl``."""

from __future__ import annotations

import json
import math
from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from instantreact_sdk import Caption, Detections, Health, Observation, SoundEvent, Transcript, Word
from instantreact_sdk.types import HEALTH_KINDS, rounded

KEYS = ["v", "id", "kind", "source", "by", "time", "end", "frame", "data"]
FOUND = Detections(
    [[0.1, 0.2, 1 / 3, 2 / 3], [0, 0, 1, 1]],
    [0.9, 0.123456789],
    [1, 0],
    [7, 8],
    {"points": [[[1 / 3, 0.5]], [[math.nan, math.inf]]], "masks": np.ones((2, 4, 4), bool), "who": ["ann", "bob"]},
)
HEARD = Transcript(
    "help me",
    1.0,
    2.0,
    2 / 3,
    (Word("help", 1.0, 4 / 3, 1 / 3), Word("me", 1.5, 2.0)),
    {"call": 1 / 3},
    {"sum": 2 / 3, "place": ["gate", 1 / 3], "n": 3},
)
LINES = [
    (
        "detections",
        FOUND,
        {
            "boxes": [[0.1, 0.2, 0.33333, 0.66667], [0.0, 0.0, 1.0, 1.0]],
            "scores": [0.9, 0.12346],
            "labels": ["dog", "cat"],
            "tracks": [7, 8],
            "points": [[[0.33333, 0.5]], [[None, None]]],
            "who": ["ann", "bob"],
        },
    ),
    ("detections", Detections.empty(), {"boxes": [], "scores": [], "labels": []}),
    ("caption", Caption("A dog runs.", 2 / 3, 1.0, 2.0), {"text": "A dog runs.", "confidence": 0.66667}),
    (
        "transcript",
        HEARD,
        {
            "text": "help me",
            "confidence": 0.66667,
            "words": [
                {"text": "help", "start": 1.0, "end": 1.33333, "confidence": 0.33333},
                {"text": "me", "start": 1.5, "end": 2.0, "confidence": 1.0},
            ],
            "intents": {"call": 0.33333},
            "entities": {"sum": 0.66667, "place": ["gate", 0.33333], "n": 3},
        },
    ),
    ("sound", SoundEvent("glass", 1 / 3, 1.0, 2.0), {"label": "glass", "score": 0.33333}),
    ("health", Health("offline", "The camera is gone.", "lobby"), {"kind": "offline", "detail": "The camera is gone."}),
]

numbers = st.floats(-1e9, 1e9)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | numbers,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def observed(value, **more) -> Observation:
    return Observation("lobby/people/3", "lobby", "people", 2 / 3, 4 / 3, value, names=("cat", "dog"), **more)


@pytest.mark.parametrize(("kind", "value", "data"), LINES, ids=[f"{kind}-{n}" for n, (kind, *_) in enumerate(LINES)])
def test_a_line_has_the_documented_keys_in_their_order_and_5_decimals(kind, value, data):
    one = observed(value, frame=3 if kind == "detections" else None)
    line = one.line()
    assert one.kind == kind
    assert list(line) == KEYS
    assert list(line["data"]) == list(data)
    assert line == {
        "v": 1,
        "id": "lobby/people/3",
        "kind": kind,
        "source": "lobby",
        "by": "people",
        "time": 0.66667,
        "end": 1.33333,
        "frame": 3 if kind == "detections" else None,
        "data": data,
    }
    assert json.loads(json.dumps(line, allow_nan=False)) == line


def test_every_kind_of_value_has_a_line():
    assert {kind for kind, *_ in LINES} == {"detections", "caption", "transcript", "sound", "health"}


@pytest.mark.parametrize("kind", HEALTH_KINDS)
def test_every_kind_of_health_is_told_by_its_name(kind):
    assert observed(Health(kind, "So it is.")).line()["data"]["kind"] == kind


def test_masks_stay_with_the_value_and_out_of_the_line():
    assert "masks" not in observed(FOUND).line()["data"]
    assert FOUND.data["masks"].all()


@given(numbers)
def test_a_float_is_rounded_as_exact_decimal_arithmetic_says(value):
    exact = Decimal(value).quantize(Decimal("0.00001"), ROUND_HALF_EVEN)
    assert rounded(value) == float(exact)
    assert rounded([{"a": (value,)}]) == [{"a": [float(exact)]}]


@given(values)
def test_rounding_changes_floats_only_and_only_once(value):
    once = rounded(value)
    assert rounded(once) == once

    def same(a, b) -> bool:
        if isinstance(a, float):
            return abs(a - b) <= 0.000005 + abs(a) * 1e-15
        if isinstance(a, dict):
            return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
        if isinstance(a, list):
            return len(a) == len(b) and all(map(same, a, b))
        return a is b

    assert same(value, once)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_json_has_no_number_for_becomes_null(value):
    assert rounded({"a": [value, 1.0]}) == {"a": [None, 1.0]}
