"""Where the work of a thread is, so that what a component says of itself gets the right time."""

from __future__ import annotations

from contextvars import ContextVar

_HERE: ContextVar[tuple[str, float] | None] = ContextVar("position", default=None)

AFTER = 1e-6
"""Seconds by which health comes after the frame that was in work: after all that was seen in it, before the next one."""


def stand_at(source: str, time: float) -> None:
    """This thread works on that moment of a source."""
    _HERE.set((source, time))


def position() -> tuple[str, float] | None:
    """The source and the moment that this thread works on; None where it is a component's own thread."""
    return _HERE.get()
