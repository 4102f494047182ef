"""What the threads of a pipeline tell the one that merges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.types import Frame, Health, Observation, SourceInfo

Stream = Literal["picture", "sound"]


@dataclass(frozen=True, slots=True)
class Opened:
    """A source, detector, captioner or recognizer is ready; `info` for a source."""

    component: str
    info: SourceInfo | None = None


@dataclass(frozen=True, slots=True)
class Pictures:
    """Sampled frames of a source, for whoever draws."""

    source: str
    frames: tuple[Frame, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a component saw in a source, and how far it has looked: nothing that ends at or before `until` will follow."""

    source: str
    by: str
    observations: tuple[Observation, ...]
    until: float


@dataclass(frozen=True, slots=True)
class Ended:
    """A stream of a source is over; `time` is the end of its last frame or sound."""

    source: str
    stream: Stream
    time: float


@dataclass(frozen=True, slots=True)
class Failed:
    """A component will not be called again in these sources; or a source cannot go on."""

    component: str
    error: InstantReactError
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unwell:
    """A change of health."""

    health: Health


@dataclass(frozen=True, slots=True)
class Printed:
    """A component wrote to standard output."""

    component: str


@dataclass(frozen=True, slots=True)
class Wake:
    """Nothing happened; look at the clock."""


Message = Opened | Pictures | Seen | Ended | Failed | Unwell | Printed | Wake
