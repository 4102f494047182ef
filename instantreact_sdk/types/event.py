"""A rule became true."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2s
from typing import Any

from instantreact_sdk.types.observation import VERSION, rounded


@dataclass(frozen=True, slots=True)
class Event:
    """A rule became true, with what made it so.

    Attributes:
        rule: The rule's name.
        source: The source; for a rule with ``across: true``, the source whose observation completed it.
        start: When the evidence begins, seconds since the source's ``open()``.
        end: When the rule became true, in the same seconds.
        evidence: Ids of the observations that made it true, in time order.
        trace: The decision: one node for each condition with what it asked, what it got, and its children.
    """

    rule: str
    source: str
    start: float
    end: float
    evidence: tuple[str, ...]
    trace: Mapping[str, Any]

    @property
    def id(self) -> str:
        """12 hexadecimal digits that depend on source, rule and the media time at which it became true only.

        The same file and configuration therefore give the same ids in every run.
        """
        return blake2s(f"{self.source}\0{self.rule}\0{self.end:.5f}".encode(), digest_size=6).hexdigest()

    def line(self) -> dict[str, Any]:
        """As one line of ``events.jsonl``: keys in their fixed order, floats to 5 decimals."""
        return {
            "v": VERSION,
            "id": self.id,
            "rule": self.rule,
            "source": self.source,
            "start": round(self.start, 5),
            "end": round(self.end, 5),
            "evidence": list(self.evidence),
            "trace": rounded(self.trace),
        }
