"""Telling merge and rules what will come from a source."""

from __future__ import annotations

import time
from collections.abc import Callable

from instantreact_sdk.config.conditions import Channel
from instantreact_sdk.config.pipeline_file import SYSTEM
from instantreact_sdk.pipeline import RecognizerLane
from instantreact_sdk.pipeline.messages import Stream
from instantreact_sdk.runner.assembling import Parts

STREAMS: dict[Channel, Stream] = {"picture": "picture", "caption": "picture", "sound": "sound"}
"""What each channel is made of."""

End = Callable[[str, Channel, float], None]
"""Tells the rules that a channel is over: ``end(source, channel, time)``."""


def connect(parts: Parts, source: str, end: End) -> dict[tuple[str, str], int]:
    """Connect a source that is open, or may be later.

    Args:
        parts: Those of the run.
        source: Its name.
        end: See `End`.

    Returns:
        How many readers each stream has, by source and stream.
    """
    crew = parts.crew
    reader = crew.readers[source]
    live = parts.times.live(source)
    zero = (reader.opened_wall or time.time()) if live else 0.0
    if live:
        parts.chronicle.began(source, zero)
    sound = reader.info is None or reader.info.has_sound  # a camera that is offline now may have sound
    parts.engine.begin(source, "health", 0.0, zero)
    lanes = [(channel, lane) for channel, lane in crew.channels(source) if lane.opened]
    if not sound:
        lanes = [(channel, lane) for channel, lane in lanes if channel != "sound"]
    for channel, lane in lanes:
        parts.merge.join(source, lane.member.who.name, channel, live=live)
    for channel in STREAMS:
        if any(channel == each for each, _ in lanes):
            parts.engine.begin(source, channel, 0.0, zero)
            if not live and channel != "caption":
                crew.pace.join(f"{source} {channel}")
        else:  # there is nothing to wait for
            end(source, channel, 0.0)
    rates = {lane.sample_rate for _, lane in lanes if isinstance(lane, RecognizerLane)}
    return {(source, "picture"): 1, (source, "sound"): len(rates)}


def connect_system(parts: Parts, end: End) -> None:
    """Connect `SYSTEM`: nothing is seen or heard there; but notifiers and the store may be unwell.

    Args:
        parts: Those of the run.
        end: See `End`.
    """
    zero = parts.times.began
    parts.chronicle.began(SYSTEM, zero)
    parts.engine.begin(SYSTEM, "health", 0.0, zero)
    for channel in STREAMS:
        end(SYSTEM, channel, 0.0)
