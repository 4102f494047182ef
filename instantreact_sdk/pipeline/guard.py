"""Calls into components, so that a bad one cannot take the rest down."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.pipeline.board import CALLS, Board
from instantreact_sdk.registry.fault import in_words, where

Result = TypeVar("Result")

OPEN_LIMIT = 120.0
"""Seconds that opening a component may take: weights are loaded then."""
CALL_LIMIT = 30.0
"""Seconds that any other call may take."""

_VALUES = ("IR4003", "IR4007", "IR4011")  # raised by the SDK's types for what a plugin made them of
_NUMBERS = {call: number for number, call in enumerate(CALLS)}


class AbandonedError(Exception):
    """The call came back long after its time limit; its thread has to end without another word."""


@dataclass(frozen=True, slots=True)
class Who:
    """A configured component, for messages.

    Attributes:
        name: Its name in the configuration.
        plugin: Its plugin, with version.
    """

    name: str
    plugin: str


class Guard:
    """Makes the calls of one thread into one component.

    Whatever a plugin raises becomes one `InstantReactError`; a call beyond its time limit is noticed by the `Watch`, which
    then tells `on_timeout` from its own thread. At most as many calls run at once as there are `permits`.

    Args:
        who: The component.
        board: Where the calls are noted.
        permits: Shared by all guards of a run.
        limit: Seconds that a call may take; None for the defaults.
        on_timeout: Called once, with the error.
    """

    def __init__(
        self,
        who: Who,
        board: Board,
        permits: threading.Semaphore,
        limit: float | None,
        on_timeout: Callable[[InstantReactError], None],
    ) -> None:
        self.who = who
        self.abandoned = False
        self.ended = False
        self._board = board
        self._slot = board.slot()
        self._number = board.register(who.name, who.plugin)
        self._permits = permits
        self._limit = limit
        self._on_timeout = on_timeout
        self._lock = threading.Lock()
        self._began = 0.0
        self._holds_permit = False
        self._call = ""
        self._timed = True

    def call(self, name: str, function: Callable[[], Result], *, counted: bool = True, timed: bool = True) -> Result:
        """Call `function`, which is the component's method `name`.

        Args:
            name: One of `CALLS`.
            function: Takes nothing; closes over what the method needs.
            counted: Whether it needs a permit; reading from a source does not.
            timed: Whether it has a time limit; waiting for a camera has none.

        Raises:
            InstantReactError: What the component raised, or IR4001 for what is none of the SDK's errors.
            AbandonedError: It took too long, now or earlier, and somebody else has told so.
        """
        if self.abandoned:
            raise AbandonedError
        if counted:
            self._permits.acquire()
        with self._lock:
            self._holds_permit = counted
            self._call = name
            self._timed = timed
            self._began = time.monotonic()
        self._board.enter(self._slot, self._number, _NUMBERS[name], self.limit)
        try:
            return function()
        except InstantReactError as error:
            if error.code not in _VALUES:
                raise
            problem = f"{error.what.rstrip('.')}{where(error)}"
            raise InstantReactError(
                "IR4001", component=self.who.name, call=name, problem=problem, plugin=self.who.plugin
            ) from error
        except BaseException as error:  # SystemExit and KeyboardInterrupt too: a plugin does not end the run
            raise InstantReactError(
                "IR4001",
                component=self.who.name,
                call=name,
                problem=f"{in_words(error)}{where(error)}",
                plugin=self.who.plugin,
            ) from error
        finally:
            self._board.leave(self._slot)
            with self._lock:
                self._began = 0.0
                self._release()
            if self.abandoned:
                raise AbandonedError

    @property
    def limit(self) -> float:
        """Seconds that the present call may take."""
        if not self._timed:
            return math.inf
        if self._limit is not None:
            return self._limit
        return OPEN_LIMIT if self._call in ("open", "__init__") else CALL_LIMIT

    def look(self, now: float) -> None:
        """Give the component up if it has been in a call for too long; the `Watch` asks for it."""
        with self._lock:
            if self.abandoned or not self._began or now - self._began <= self.limit:
                return
            self.abandoned = True
            self._release()
        self._on_timeout(InstantReactError("IR4002", component=self.who.name, call=self._call, limit=self.limit))

    def done(self) -> None:
        """No more calls will be made."""
        self.ended = True
        self._board.give_back(self._slot)

    def _release(self) -> None:
        if self._holds_permit:
            self._holds_permit = False
            self._permits.release()


class Watch(threading.Thread):
    """Looks at every guard four times a second, and keeps the board's heart beating.

    Args:
        board: Where to beat.
    """

    def __init__(self, board: Board) -> None:
        super().__init__(name="watch", daemon=True)
        self.guards: list[Guard] = []
        self._board = board
        self._ended = threading.Event()

    def run(self) -> None:
        """Until `stop`."""
        self._board.beat()
        while not self._ended.wait(0.25):
            self._board.beat()
            now = time.monotonic()
            for guard in tuple(self.guards):
                guard.look(now)
                if guard.ended:
                    self.guards.remove(guard)

    def stop(self) -> None:
        """End the thread."""
        self._ended.set()
        if self.is_alive():
            self.join()
