"""Which channel an observation comes in."""

from __future__ import annotations

from instantreact_sdk.config.conditions import Channel
from instantreact_sdk.types import Health, Observation, ObservationKind

_CHANNELS: dict[ObservationKind, Channel] = {
    "detections": "picture",
    "caption": "caption",
    "transcript": "sound",
    "sound": "sound",
    "health": "health",
}


def channel_of(observation: Observation) -> Channel:
    """The channel of an observation."""
    return _CHANNELS[observation.kind]


def tells_presence(observation: Observation) -> bool:
    """Whether it says that a source was lost or is back, which concerns all channels of that source."""
    return isinstance(observation.value, Health) and observation.value.kind in ("offline", "online")
