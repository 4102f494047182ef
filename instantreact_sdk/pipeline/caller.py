"""Trying out one component, without waiting for ever for it."""

from __future__ import annotations

import queue
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager, redirect_stdout, suppress
from typing import TypeVar

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.interfaces import Component, Context
from instantreact_sdk.pipeline.guard import CALL_LIMIT, OPEN_LIMIT, Who
from instantreact_sdk.registry.fault import in_words, where

Result = TypeVar("Result")

_LEAVE = 5.0
"""Seconds that a component may take to close after something went wrong."""


class Caller:
    """Makes all calls into one component from one thread, which is left behind where a call does not come back.

    Args:
        who: The component.
        limit: Seconds that a call may take; None for the defaults.
    """

    def __init__(self, who: Who, limit: float | None = None) -> None:
        self._who = who
        self._limit = limit
        self._stuck = False
        self._calls: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        threading.Thread(target=self._work, name=who.name, daemon=True).start()

    @contextmanager
    def opened(self, component: Component, context: Context, stop: threading.Event) -> Iterator[None]:
        """Opens the component, and closes it in the end, whatever happens; the first error is the one that is told.

        Args:
            component: It.
            context: What it is given.
            stop: What the context tells it; set before it is closed.
        """
        try:
            self.call("open", lambda: component.open(context), OPEN_LIMIT)
            yield
        except BaseException:
            stop.set()
            with suppress(InstantReactError):
                self._within(_LEAVE, "close", component.close)
            raise
        stop.set()
        self.call("close", component.close, CALL_LIMIT)

    def call(self, name: str, function: Callable[[], Result], limit: float) -> Result:
        """What the function gives. What it prints goes to standard error, for standard output belongs to results.

        Args:
            name: The method, for messages.
            function: Calls it.
            limit: Seconds that it may take where the pipeline file sets no limit.

        Raises:
            InstantReactError: What the component raised; IR4001 where that is none of the SDK's errors; IR4002, it took
                too long, now or earlier.
        """
        return self._within(self._limit or limit, name, function)

    def _within(self, limit: float, name: str, function: Callable[[], Result]) -> Result:
        result: Future[Result] = Future()
        self._calls.put(lambda: self._answer(result, name, function))
        if not self._stuck:
            with redirect_stdout(sys.stderr):
                wait([result], limit)
        if not result.done():
            self._stuck = True
            raise InstantReactError("IR4002", component=self._who.name, call=name, limit=limit)
        return result.result()

    def _work(self) -> None:
        while True:
            self._calls.get()()

    def _answer(self, result: Future[Result], name: str, function: Callable[[], Result]) -> None:
        try:
            result.set_result(function())
        except InstantReactError as error:
            result.set_exception(error)
        except BaseException as error:  # noqa: BLE001  (SystemExit too: a plugin does not end the program)
            problem = f"{in_words(error)}{where(error)}"
            known = InstantReactError(
                "IR4001", component=self._who.name, call=name, problem=problem, plugin=self._who.plugin
            )
            known.__cause__ = error
            result.set_exception(known)
