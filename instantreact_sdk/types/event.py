"""A rule became true, or nearly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2s
from typing import Any, ClassVar, Literal

from instantreact_sdk.types.observation import VERSION, rounded


@dataclass(frozen=True, slots=True)
class Decision:
    """What the rules decided, with what made it so.

    Attributes:
        rule: The rule's name.
        source: The source; for a rule with ``across: true``, the source whose observation completed it.
        start: When the evidence begins, seconds since the source's ``open()``.
        end: When it came about, in the same seconds.
        evidence: Ids of the observations behind it, in time order.
        trace: One node for each condition: ``condition``, ``result``, ``because``, ``evidence``, ``children``.
        wall: `end` in UTC, for live sources; None for files.
    """

    rule: str
    source: str
    start: float
    end: float
    evidence: tuple[str, ...]
    trace: Mapping[str, Any]
    wall: datetime | None = None

    kind: ClassVar[Literal["event", "near_miss"]]

    @property
    def id(self) -> str:
        """12 hexadecimal digits that depend on the kind, source, rule and time only: media time, and UTC for live sources.

        The same file and configuration therefore give the same ids in every run, and no two days of a camera share one.
        """
        moment = f"{self.end:.5f}" if self.wall is None else f"{self.wall.timestamp():.5f}"
        name = f"{self.kind}\0{self.source}\0{self.rule}\0{moment}"
        return blake2s(name.encode(), digest_size=6).hexdigest()

    def line(self) -> dict[str, Any]:
        """As one line of ``events.jsonl``: keys in their fixed order, floats to 5 decimals; `wall` at the end, if any."""
        line = {
            "v": VERSION,
            "id": self.id,
            "rule": self.rule,
            "source": self.source,
            "start": round(self.start, 5),
            "end": round(self.end, 5),
            "evidence": list(self.evidence),
            "trace": rounded(self.trace),
        }
        return line if self.wall is None else {**line, "wall": self.wall.isoformat()}


@dataclass(frozen=True, slots=True)
class Event(Decision):
    """A rule became true at `end`; its fields are those of every `Decision`."""

    kind: ClassVar[Literal["event", "near_miss"]] = "event"


@dataclass(frozen=True, slots=True)
class NearMiss(Decision):
    """A rule got part of the way and fell back: `end` is when it was nearest, `trace` tells what was missing.

    Its fields are those of every `Decision`.
    """

    kind: ClassVar[Literal["event", "near_miss"]] = "near_miss"
