"""Near misses: how near a rule came before it fell back."""

from __future__ import annotations

from dataclasses import dataclass

from instantreact_sdk.rules.edge import Edge
from instantreact_sdk.rules.instant import Near, Outcome


@dataclass(frozen=True, slots=True)
class Best:
    """The instant at which a rule was nearest, on its axis, and what its conditions came to then."""

    time: float
    near: Near
    outcome: Outcome


class Episodes:
    """Stretches of time in which a rule is true in part; what is kept of each is its best instant."""

    def __init__(self) -> None:
        self._edge = Edge()
        self._best: Best | None = None
        self._fired = False

    def note(self, time: float, outcome: Outcome) -> Best | None:
        """Look at an instant; returns the best one of the episode before, where that is over and did not fire."""
        near = outcome.near
        true = outcome.hit is not None or outcome.lasting or near is not None
        over = None
        if not self._edge.goes_on(time):
            over = self.close()
        self._edge.note(time, true=true, lasting=outcome.lasting or (near is not None and near.lasting))
        self._fired = self._fired or outcome.hit is not None
        if near is not None and not self._fired and (self._best is None or near.progress > self._best.near.progress):
            self._best = Best(time, near, outcome)
        return over

    def close(self) -> Best | None:
        """End the episode; returns its best instant unless it fired."""
        best = None if self._fired else self._best
        self._best, self._fired = None, False
        return best
