"""Small observations, and what one rule decides about them."""

from __future__ import annotations

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
