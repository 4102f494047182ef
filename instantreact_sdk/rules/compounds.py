"""The conditions made of conditions: all, any, none."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from instantreact_sdk.config.conditions import AllCondition, AnyCondition, NoneCondition
from instantreact_sdk.rules.instant import Hit, Instant, Near, Node, Outcome, joined
from instantreact_sdk.rules.presence import Presence
from instantreact_sdk.rules.timing import reached
from instantreact_sdk.rules.wording import number, wording


@dataclass(frozen=True, slots=True)
class _Tally(Outcome):
    """How many of the parts are there; `span` is the time between their ends, in seconds."""

    there: int
    span: float = 0.0

    def because(self) -> str:
        if self.there == len(self.children) > 1 and self.span:
            return f"all, {number(self.span)} s apart"
        return f"{self.there} of {len(self.children)}"


@dataclass(frozen=True, slots=True)
class _Silence(Outcome):
    """Since when there was nothing, in the source's own seconds; None while the input is not there."""

    since: float | None
    asked: float

    def because(self) -> str:
        if self.since is None:
            return "there was nothing to look at"
        if self.hit is None:
            return f"not yet {number(self.asked)} s since {number(self.since)}"
        return f"none since {number(self.since)}"


def _latest(hits: Sequence[Hit]) -> Hit:
    """The one that completed the others: an observation of this instant rather than a state that goes on."""
    return next((hit for hit in hits if hit.fresh), hits[0])


class _Compound(Node):
    """A condition made of others."""

    def __init__(self, condition: str, children: Sequence[Node], *, state: bool) -> None:
        super().__init__(condition, (place for child in children for place in child.inputs), state=state)
        self.children = children

    def timer(self, presence: Presence) -> float:
        return min(child.timer(presence) for child in self.children)


class AllNode(_Compound):
    """Everything inside one window that ends now; a ``none`` among the parts has to hold now.

    Only the latest hit of each part can matter, so that a window of any length keeps one each.
    """

    def __init__(self, asked: AllCondition, children: Sequence[Node]) -> None:
        super().__init__(wording(asked), children, state=all(child.state for child in children))
        self._within = asked.within or 0.0
        self._lasting = False

    def evaluate(self, now: Instant) -> Outcome:
        """Evaluate the parts, then see which of them were true inside the window."""
        outcomes = [child.evaluate(now) for child in self.children]
        there = [self._inside(child, outcome, now.time) for child, outcome in zip(self.children, outcomes, strict=True)]
        shown = tuple(
            child.last if inside and child.last else outcome
            for child, outcome, inside in zip(self.children, outcomes, there, strict=True)
        )
        parts = [outcome.hit for outcome, inside in zip(shown, there, strict=True) if inside and outcome.hit]
        fresh = [outcome.hit for outcome in outcomes if outcome.hit]
        hit = near = None
        if all(there) and fresh:
            start, evidence = joined(parts)
            completed = _latest(fresh)
            hit = Hit(now.time, start, evidence, completed.source, completed.fresh)
        elif not all(there):
            near = self._near(outcomes, there, parts)
        self._lasting = (
            (hit is not None or self._lasting)
            and any(outcome.lasting for outcome in outcomes)
            and all(inside or outcome.lasting for inside, outcome in zip(there, outcomes, strict=True))
        )
        times = [part.time for part in parts]
        span = max(times) - min(times) if times else 0.0
        return self._note(_Tally(self.condition, hit, self._lasting, near, shown, sum(there), span))

    def _inside(self, child: Node, outcome: Outcome, time: float) -> bool:
        if isinstance(child, NoneNode):
            return outcome.hit is not None
        return reached(self._within, time - child.last_time)

    def _near(self, outcomes: Sequence[Outcome], there: Sequence[bool], parts: Sequence[Hit]) -> Near | None:
        if len(self.children) == 1:
            return outcomes[0].near
        if not any(inside and not child.state for inside, child in zip(there, self.children, strict=True)):
            return None
        start, evidence = joined(parts)
        last = max(parts, key=lambda hit: hit.time)
        return Near(0.5 + sum(there) / len(there) / 2, start, evidence, last.source, lasting=True)


class AnyNode(_Compound):
    """Anything of it."""

    def __init__(self, asked: AnyCondition, children: Sequence[Node]) -> None:
        super().__init__(wording(asked), children, state=all(child.state for child in children))

    def evaluate(self, now: Instant) -> Outcome:
        """Evaluate the parts; every hit of one is a hit."""
        outcomes = tuple(child.evaluate(now) for child in self.children)
        hits = [outcome.hit for outcome in outcomes if outcome.hit]
        hit = near = None
        if hits:
            start, evidence = joined(hits)
            completed = _latest(hits)
            hit = Hit(now.time, start, evidence, completed.source, completed.fresh)
        else:
            nears = [outcome.near for outcome in outcomes if outcome.near]
            near = max(nears, key=lambda one: one.progress, default=None)
        lasting = any(outcome.lasting for outcome in outcomes)
        outcome = self._note(_Tally(self.condition, hit, lasting, near, outcomes, len(hits)))
        self.last_time = max(child.last_time for child in self.children)
        return outcome


class NoneNode(_Compound):
    """Nothing of it during a window throughout which there was something to look at."""

    def __init__(self, asked: NoneCondition, children: Sequence[Node]) -> None:
        super().__init__(wording(asked), children, state=True)
        self._within = asked.within
        self._holds = False
        self._onset = math.inf

    def evaluate(self, now: Instant) -> Outcome:
        """Evaluate the parts, then see whether the window has passed without them."""
        outcomes = tuple(child.evaluate(now) for child in self.children)
        stretch = now.presence.stretch(self.inputs) if self.inputs else None
        hit, quiet, was = None, None, self._holds
        self._holds, self._onset = False, math.inf
        if stretch:
            source = self.inputs[0][0]
            since = max(stretch[0], *(child.last_time for child in self.children))
            quiet = since - now.zeros[source]
            onset = since + self._within
            if now.time < onset and reached(stretch[1], onset):
                self._onset = onset
            if reached(now.time, onset) and reached(stretch[1], now.time):
                self._holds = True
                hit = Hit(now.time, since, (), source, fresh=not was)
        if was and not self._holds and not any(now.presence.until(place) < now.time for place in self.inputs):
            self.last_time = now.time
        return self._note(_Silence(self.condition, hit, self._holds, None, outcomes, quiet, self._within))

    def timer(self, presence: Presence) -> float:
        """When the window will have passed, if nothing comes and the input does not end before."""
        return min(super().timer(presence), math.inf if self._holds else self._onset)
