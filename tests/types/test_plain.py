"""Captions, words, transcripts and sounds hold plain values, whatever a plugin computed them with."""

from __future__ import annotations

import json
import math
from collections import OrderedDict
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from instantreact_sdk import Caption, InstantReactError, SoundEvent, Transcript, Word

MAKE = {
    "Caption": (Caption, {"text": "A dog runs.", "confidence": 0.5, "start": 1.0, "end": 2.0}),
    "Word": (Word, {"text": "help", "start": 1.0, "end": 2.0, "confidence": 0.5}),
    "Transcript": (Transcript, {"text": "help me", "start": 1.0, "end": 2.0, "confidence": 0.5}),
    "SoundEvent": (SoundEvent, {"label": "glass", "score": 0.5, "start": 1.0, "end": 2.0}),
}
SHARES = [(name, key) for name, (_, fields) in MAKE.items() for key in fields if key in ("confidence", "score")]
NUMBERS = [(name, key) for name, (_, fields) in MAKE.items() for key in fields if key not in ("text", "label")]
TEXTS = [(name, key) for name, (_, fields) in MAKE.items() for key in fields if key in ("text", "label")]


def made(name: str, **changed):
    kind, fields = MAKE[name]
    return kind(**{**fields, **changed})


class Tensor:
    """As a framework's scalar."""

    def __float__(self) -> float:
        return 0.25


class Loud(str):
    """A text that prints as another one."""

    __slots__ = ()

    def __str__(self) -> str:
        return "LOUD"


@pytest.mark.parametrize(("name", "key"), NUMBERS)
@pytest.mark.parametrize(
    "value", [np.float32(0.25), np.float64(0.25), np.array(0.25), Tensor(), Decimal("0.25")], ids=type
)
def test_numbers_become_plain_floats(name, key, value):
    plain = getattr(made(name, **{key: value}), key)
    assert type(plain) is float
    assert plain == 0.25


@pytest.mark.parametrize(("name", "key"), NUMBERS)
@pytest.mark.parametrize(
    ("value", "got"),
    [
        (math.nan, "nan"),
        (np.float32("nan"), "nan"),
        (math.inf, "inf"),
        (-math.inf, "-inf"),
        (None, "of type NoneType"),
        ("0.5", "of type str"),
        (b"1", "of type bytes"),
        ([0.5], "of type list"),
        (np.array([0.5, 0.5]), "of type ndarray"),
        (1j, "of type complex"),
        (10**400, "of type int"),
    ],
    ids=str,
)
def test_what_is_no_finite_number_is_refused(name, key, value, got):
    with pytest.raises(InstantReactError) as caught:
        made(name, **{key: value})
    assert caught.value.code == "IR4011"
    assert caught.value.what == f"{name}.{key} has to be a finite number, and is {got}."


@pytest.mark.parametrize(("name", "key"), SHARES)
@given(value=st.floats(allow_nan=False, allow_infinity=False))
def test_a_confidence_is_in_0_to_1(name, key, value):
    if 0 <= value <= 1:
        assert getattr(made(name, **{key: value}), key) == value
    else:
        with pytest.raises(InstantReactError, match=f"^IR4011: {name}.{key} has to be a number in 0..1, and is "):
            made(name, **{key: value})


@pytest.mark.parametrize(("name", "key"), TEXTS)
@pytest.mark.parametrize("value", [b"help", None, 5, ["help"]])
def test_what_is_no_text_is_refused(name, key, value):
    named = f"^IR4011: {name}.{key} has to be a text, and is of type {type(value).__name__}"
    with pytest.raises(InstantReactError, match=named):
        made(name, **{key: value})


@pytest.mark.parametrize(("name", "key"), TEXTS)
def test_half_a_character_which_no_file_can_hold_is_refused(name, key):
    with pytest.raises(InstantReactError, match=r"^IR4011: .* is not whole characters: 'caf\\udce9'"):
        made(name, **{key: b"caf\xe9".decode(errors="surrogateescape")})


@pytest.mark.parametrize(("name", "key"), TEXTS)
@pytest.mark.parametrize("value", [np.str_("hilfe"), "Zu Hülfe 🆘", ""])
def test_texts_become_plain_ones(name, key, value):
    plain = getattr(made(name, **{key: value}), key)
    assert type(plain) is str
    assert plain == value


def test_the_parts_of_a_transcript_become_plain_too():
    words = [Word("help", np.float32(0.5), np.float32(1.0), np.float32(0.25))]
    heard = made(
        "Transcript",
        words=words,
        intents={np.str_("call"): np.float32(0.75)},
        entities=OrderedDict(place=[("gate", 2)], sum=np.float64(0.5)),
    )
    words.clear()
    assert [word.text for word in heard.words] == ["help"]
    assert {type(key): type(value) for key, value in heard.intents.items()} == {str: float}
    assert heard.entities == {"place": [["gate", 2]], "sum": 0.5}
    assert json.loads(json.dumps(heard.entities)) == heard.entities


def test_entities_are_a_copy():
    given = {"place": ["gate"]}
    heard = made("Transcript", entities=given)
    given["place"].append("door")
    assert heard.entities == {"place": ["gate"]}


def circle() -> dict:
    round_ = {}
    round_["round"] = round_
    return round_


def depth() -> dict:
    deep = {}
    for _ in range(100_000):
        deep = {"in": deep}
    return deep


@pytest.mark.parametrize(
    "entities",
    [
        {"sum": math.nan},
        {"sum": np.float32(1)},
        {"at": {1, 2}},
        {("a", "b"): 1},
        {"text": "\ud800"},
        ["place"],
        5,
        circle(),
        depth(),
    ],
    ids=["nan", "float32", "set", "key", "half", "list", "number", "circle", "depth"],
)
def test_entities_that_json_cannot_hold_are_refused(entities):
    with pytest.raises(InstantReactError, match=r"^IR4011: Transcript.entities has to be JSON-able, and is not: "):
        made("Transcript", entities=entities)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"words": ["help"]}, "Transcript.words has to be a tuple of Words, and is with a str."),
        ({"words": "help"}, "Transcript.words has to be a tuple of Words, and is with a str."),
        ({"intents": {"call": 1.5}}, "Intent 'call' has to be a number in 0..1, and is 1.5."),
        ({"intents": {"call": math.nan}}, "Intent 'call' has to be a finite number, and is nan."),
        ({"intents": {5: 0.5}}, "An intent has to be a text, and is of type int."),
    ],
)
def test_a_transcript_with_wrong_parts_is_refused(changed, message):
    with pytest.raises(InstantReactError) as caught:
        made("Transcript", **changed)
    assert (caught.value.code, caught.value.what) == ("IR4011", message)


def test_a_text_that_prints_as_another_one_is_settled_once():
    seen = made("Caption", text=Loud("quiet"))
    assert type(seen.text) is str
