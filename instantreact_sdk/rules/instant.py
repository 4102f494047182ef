"""What a rule sees at one instant, and what its conditions make of it."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from instantreact_sdk.rules.presence import Input, Presence
from instantreact_sdk.types import Observation

Evidence = tuple[float, str]
"""When an observation ended, on the rule's axis, and its id: sorts by time."""


@dataclass(frozen=True, slots=True)
class Instant:
    """One moment at which a rule is evaluated.

    Attributes:
        time: On the rule's axis: the source's own seconds, or UTC for rules across sources.
        seen: The observations that end now, in a fixed order.
        broken: The sources that went offline now.
        presence: What input is there.
        zeros: What to add to a source's own seconds to get to the rule's axis.
    """

    time: float
    seen: Mapping[Input, Sequence[Observation]]
    broken: AbstractSet[str]
    presence: Presence
    zeros: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Hit:
    """A condition is satisfied at an instant.

    Attributes:
        time: The instant, on the rule's axis.
        start: When its evidence begins, on the same axis.
        evidence: The observations behind it.
        source: The source whose observation it is.
        fresh: It became so now; False for a state that goes on.
    """

    time: float
    start: float
    evidence: tuple[Evidence, ...]
    source: str
    fresh: bool = True


@dataclass(frozen=True, slots=True)
class Near:
    """A condition is satisfied in part.

    Attributes:
        progress: How much of it, in 0..1.
        start: When its evidence begins, on the rule's axis.
        evidence: The observations behind it.
        source: The source of the latest of them.
        lasting: It goes on until the next look, however late that comes.
    """

    progress: float
    start: float
    evidence: tuple[Evidence, ...]
    source: str
    lasting: bool


@dataclass(frozen=True, slots=True)
class Outcome(ABC):
    """What a condition came to at an instant; the words for it are made only where somebody will read them.

    Attributes:
        condition: What was asked.
        hit: The hit, where it is satisfied now.
        lasting: It was satisfied when last looked at, and goes on being so until the next look.
        near: How near it is, where it is not satisfied.
        children: What the conditions that it is made of came to.
    """

    condition: str
    hit: Hit | None
    lasting: bool
    near: Near | None
    children: tuple[Outcome, ...]

    @abstractmethod
    def because(self) -> str:
        """Why it came to this, for a person."""

    def trace(self) -> dict[str, Any]:
        """The decision, with those of its children."""
        return {
            "condition": self.condition,
            "result": self.hit is not None,
            "because": self.because(),
            "evidence": [name for _, name in self.hit.evidence] if self.hit else [],
            "children": [child.trace() for child in self.children],
        }


class Node(ABC):
    """A condition of a rule at work, on the sources of one instance of the rule.

    Attributes:
        condition: What it asks, in words.
        inputs: What it looks at.
        state: It is about how things stand (health, nothing seen), so that being true is no progress by itself.
        last: The outcome of its latest hit.
        last_time: When it was last satisfied; of a state that ended, its end.
    """

    def __init__(self, condition: str, inputs: Iterable[Input], *, state: bool = False) -> None:
        self.condition = condition
        self.inputs = tuple(dict.fromkeys(inputs))
        self.state = state
        self.last: Outcome | None = None
        self.last_time = -math.inf

    @abstractmethod
    def evaluate(self, now: Instant) -> Outcome:
        """Look at an instant; instants come in order of time, each once."""

    def timer(self, presence: Presence) -> float:
        """When it may become true although nothing is observed; infinity for never."""
        return math.inf

    def _note(self, outcome: Outcome) -> Outcome:
        if outcome.hit is not None:
            self.last, self.last_time = outcome, outcome.hit.time
        return outcome


def joined(hits: Sequence[Hit | Near]) -> tuple[float, tuple[Evidence, ...]]:
    """Start and evidence of several hits together; what has no evidence tells the start only where nothing has any."""
    shown = [hit for hit in hits if hit.evidence] or hits
    return min(hit.start for hit in shown), tuple(sorted({item for hit in hits for item in hit.evidence}))
