"""How a component is doing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

HealthKind = Literal["online", "offline", "frozen", "black", "silent", "plugin_failed", "falling_behind", "restarted"]
"""``online`` ends ``offline``, ``frozen``, ``black`` and ``silent`` of the same source."""

HEALTH_KINDS: tuple[HealthKind, ...] = get_args(HealthKind)


@dataclass(frozen=True, slots=True)
class Health:
    """A change in how a component is doing: a camera lost, a plugin quarantined.

    Attributes:
        kind: What happened.
        detail: One sentence for a person, without secrets.
        source: The source that it concerns; empty where it concerns a component that serves several.
        by: The component that it is about, as named in the configuration.
        time: Seconds since the source's ``open()``; 0 where no source is concerned.
    """

    kind: HealthKind
    detail: str
    source: str = ""
    by: str = ""
    time: float = 0.0
