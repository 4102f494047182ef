"""What the reference interpreter works on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Stream:
    """Everything that ever happens."""

    sources: list
    observations: list
    begins: dict
    ends: dict
    zeros: dict


@dataclass
class Hit:
    time: float
    start: float
    evidence: frozenset
    source: str
    fresh: bool


def in_rectangle(x, y, polygon):
    """The zones of the random rules are rectangles, so that this needs no geometry."""
    xs, ys = [x for x, _ in polygon], [y for _, y in polygon]
    return min(xs) <= x <= max(xs) and min(ys) <= y <= max(ys)
