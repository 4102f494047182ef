"""One worker: a component, the thread that calls it, and the queue in front."""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.interfaces import Clock, Component, Context
from instantreact_sdk.pipeline.board import Board
from instantreact_sdk.pipeline.guard import AbandonedError, Guard, Watch, Who
from instantreact_sdk.pipeline.inbox import Inbox
from instantreact_sdk.pipeline.messages import Failed, Message, Opened, Seen, Unwell
from instantreact_sdk.pipeline.position import stand_at
from instantreact_sdk.registry.fault import in_words
from instantreact_sdk.types import Health, Observation

Item = TypeVar("Item")
Result = TypeVar("Result")
Kind = TypeVar("Kind", bound=Component)

FOREVER = float("inf")
MOMENT = 1e-6
"""Seconds before what is still to be looked at, for `Seen.until`; enough to survive the addition to a UTC time."""


@dataclass(frozen=True, slots=True)
class Floor:
    """What all threads of one run share.

    Attributes:
        board: Who is being called.
        watch: Time limits.
        permits: How many calls may run at once.
        post: Where to tell what happened; callable from any thread.
        stop: Set when the run ends.
        strict: Whether the first failure of a component ends the run (files), or it is tried again (live).
        clock: Time, as far as alerts wait for it.
    """

    board: Board
    watch: Watch
    permits: threading.Semaphore
    post: Callable[[Message], None]
    stop: threading.Event
    strict: bool
    clock: Clock = field(default_factory=Clock)

    def guard(self, who: Who, limit: float | None, on_timeout: Callable[[InstantReactError], None]) -> Guard:
        """A watched guard for one thread's calls into one component."""
        guard = Guard(who, self.board, self.permits, limit, on_timeout)
        self.watch.guards.append(guard)
        return guard


@dataclass(frozen=True, slots=True)
class Member(Generic[Kind]):
    """A component with what the pipeline needs to know of it.

    Attributes:
        who: Name and plugin.
        make: Makes the component; it may import the plugin.
        context: What it is opened with.
        sources: The sources that it watches.
        stateful: Whether it remembers earlier frames.
        limit: Seconds that a call may take, or None.
        max_failures: Failed calls in a row before it is given up.
        sends: What it declares to send out of the machine; for notifiers.
    """

    who: Who
    make: Callable[[], Kind]
    context: Context
    sources: tuple[str, ...]
    stateful: bool = False
    limit: float | None = None
    max_failures: int = 3
    sends: frozenset[str] = frozenset()


class Lane(threading.Thread, ABC, Generic[Kind, Item]):
    """Calls one component with what its queue brings, and posts what it saw.

    Kinds of components differ in `_work` and `_finish` only.

    Args:
        member: The component.
        floor: What the run shares.
        room: Items that wait for each source.
    """

    def __init__(self, member: Member[Kind], floor: Floor, room: int) -> None:
        super().__init__(name=member.who.name, daemon=True)  # a call that never returns must not keep the process
        self.member = member
        self.inbox: Inbox[Item | None] = Inbox(room)
        self.calls = 0
        self.seconds = 0.0
        self.failures = 0
        self._floor = floor
        self.guard = floor.guard(member.who, member.limit, self._give_up)
        self._in_a_row = 0
        self._given_up = False
        self.opened = False
        self.component: Kind

    def run(self) -> None:
        """Open, work until the queue is closed, close."""
        try:
            try:
                self.guard.call("open", self._open)
            except InstantReactError as error:
                self._give_up(error)
            else:
                self.opened = True
                self._floor.post(Opened(self.member.who.name))
                while (taken := self.inbox.take()) is not None:
                    self._turn(*taken)
            self._close()
        except AbandonedError:
            return
        except Exception as error:  # noqa: BLE001  (a bug of ours must not leave the run waiting)
            self._give_up(InstantReactError("IR6002", problem=in_words(error)))
        finally:
            self.guard.done()

    def _call(self, name: str, function: Callable[[], Result]) -> Result:
        """Call the component, and count it."""
        began = time.perf_counter()
        try:
            return self.guard.call(name, function)
        finally:
            self.calls += 1
            self.seconds += time.perf_counter() - began

    def _open(self) -> None:
        self.component = self.member.make()
        self.component.open(self.member.context)

    def _close(self) -> None:
        if hasattr(self, "component"):
            try:
                self.guard.call("close", self.component.close)
            except InstantReactError as error:
                self._unwell(error)

    def _turn(self, source: str, item: Item | None) -> None:
        if item is not None:
            stand_at(source, self._time(item))
        calls = self.calls
        try:
            observations, until = self._finish(source) if item is None else self._work(source, item)
        except InstantReactError as error:
            self._failed(error)
            observations, until = (), self._looked(source, item)
        else:
            if self.calls > calls:  # an item that only fills a window says nothing of the component
                self._in_a_row = 0
        if item is None:
            until = FOREVER
        self._floor.post(Seen(source, self.member.who.name, tuple(observations), until))

    @abstractmethod
    def _time(self, item: Item) -> float:
        """When an item begins."""

    @abstractmethod
    def _work(self, source: str, item: Item) -> tuple[Sequence[Observation], float]:
        """What is seen in one item, and up to which time everything of that source has been looked at."""

    @abstractmethod
    def _finish(self, source: str) -> tuple[Sequence[Observation], float]:
        """What is left when a source ends."""

    @abstractmethod
    def _looked(self, source: str, item: Item | None) -> float:
        """Up to which time a source counts as looked at although the call failed; forget what waited for it."""

    def _failed(self, error: InstantReactError) -> None:
        self.failures += 1
        self._in_a_row += 1
        if self._floor.strict or self._in_a_row >= self.member.max_failures:
            self._give_up(error)
        elif self._in_a_row == 1:
            self._unwell(error)

    def _give_up(self, error: InstantReactError) -> None:
        if not self._given_up:
            self._given_up = True
            self.inbox.close()
            self._floor.post(Failed(self.member.who.name, error, self.member.sources))

    def _unwell(self, error: InstantReactError) -> None:
        self._floor.post(Unwell(Health("plugin_failed", str(error), by=self.member.who.name)))
