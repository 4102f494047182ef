"""Values on their way from a source to an alert can be shared by threads, because nobody can change them."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from instantreact_sdk import (
    Alert,
    AudioChunk,
    Caption,
    Clip,
    Delivery,
    Detections,
    Event,
    Health,
    ModelCard,
    Objects,
    Observation,
    Receipt,
    Reply,
    SoundEvent,
    SourceInfo,
    Transcript,
    Word,
)
from instantreact_sdk.types import NearMiss

EVENT = Event("intruder", "lobby", 0.5, 2.5, (), {})
VALUES = [
    Alert("a1", "intruder", "lobby", "Somebody is there.", (EVENT,), 2.5),
    AudioChunk(np.zeros(8, np.float32), 16000, 0.0),
    Caption("A dog runs.", 0.5, 0.0, 1.0),
    Clip(()),
    Delivery("key"),
    Detections.empty(),
    EVENT,
    Health("online", "Back."),
    ModelCard("ssd/ssd300", Path("weights.safetensors")),
    NearMiss("intruder", "lobby", 0.5, 2.5, (), {}),
    Objects("000001", 353, 500, [], []),
    Observation("a/b/0", "a", "b", 0.0, 0.0, Detections.empty()),
    Receipt(),
    Reply("1234567", "OK", datetime(2024, 2, 29, tzinfo=UTC)),
    SoundEvent("glass", 0.5, 0.0, 1.0),
    SourceInfo(64, 48, live=False),
    Transcript("help", 0.0, 1.0),
    Word("help", 0.0, 1.0),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_no_field_can_be_changed(value):
    for each in fields(value):
        with pytest.raises(FrozenInstanceError):
            setattr(value, each.name, None)
        with pytest.raises(FrozenInstanceError):
            delattr(value, each.name)
    assert not hasattr(value, "__dict__")


def test_a_card_says_as_little_as_its_maker_knows():
    card = ModelCard("ssd/ssd300", Path("weights.safetensors"))
    assert (card.labels, card.metrics, card.settings, card.data) == ((), {}, {}, {})


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: ModelCard("a/b", Path("w")), "metrics"),
        (lambda: ModelCard("a/b", Path("w")), "settings"),
        (lambda: ModelCard("a/b", Path("w")), "data"),
        (lambda: Delivery("key"), "done"),
        (Receipt, "parts"),
    ],
)
def test_what_was_left_out_is_not_shared_between_values(make, field):
    assert getattr(make(), field) is not getattr(make(), field)
