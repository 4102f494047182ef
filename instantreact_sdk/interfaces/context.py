"""What the SDK gives to a component when it opens it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from instantreact_sdk.types import HealthKind


class Clock:
    """Time, so that tests can bring their own."""

    def monotonic(self) -> float:
        """Seconds from some moment on, never backwards."""
        return time.monotonic()

    def now(self) -> datetime:
        """Wall-clock time in UTC."""
        return datetime.now(UTC)


def _ignore_health(kind: HealthKind, detail: str) -> None:
    pass


def _wants_all(time: float) -> bool:  # noqa: ARG001  (stands where a sampler is asked)
    return True


class Stop(Protocol):
    """Tells that the run ends; what `threading.Event` does, without its `set`."""

    def is_set(self) -> bool:
        """Whether it does."""
        ...

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it does, or for so many seconds; whether it does."""
        ...


@dataclass(frozen=True, slots=True)
class Context:
    """What a component may use besides its options.

    Every field has a default, so that a test can open a component with ``Context()``.

    Attributes:
        name: The component's name in the configuration.
        health: ``health(kind, detail)`` tells how the component is doing; the detail is one sentence without secrets.
        stop: Is set when the run ends. Whoever waits, waits on it: ``context.stop.wait(seconds)``.
        clock: Time.
        log: Goes where the run's log goes.
        state: A small durable dictionary of this component: JSON-able values, kept between runs of the same store.
        base: The folder in which relative paths of the options start: that of the pipeline file.
        cache_dir: A folder for files that can be made again; it may not exist yet. None where nothing may be written.
        wants: For sources: ``wants(time)`` tells whether anyone will look at a frame of that time; a source
            that can skip decoding cheaply asks first. It may yield the frame all the same.
    """

    name: str = "test"
    health: Callable[[HealthKind, str], None] = _ignore_health
    stop: Stop = field(default_factory=threading.Event)
    clock: Clock = field(default_factory=Clock)
    log: logging.Logger = field(default_factory=lambda: logging.getLogger("instantreact"))
    state: MutableMapping[str, Any] = field(default_factory=dict)
    base: Path = Path()
    cache_dir: Path | None = None
    wants: Callable[[float], bool] = _wants_all
