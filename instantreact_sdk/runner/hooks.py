"""Observing hooks of plugins, where they cannot hold anything up."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from contextlib import suppress

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.pipeline import AbandonedError, Floor, Who
from instantreact_sdk.registry import Observer, tell
from instantreact_sdk.types import Event, Health

_WAITING = 1000


class HookThread(threading.Thread):
    """Calls one observing hook with everything that it is about, in order.

    Args:
        observer: The hook.
        floor: What the run shares.
        failed: ``failed(observer, cause)`` is called when it raises or does not return.
    """

    def __init__(self, observer: Observer, floor: Floor, failed: Callable[[Observer, str], None]) -> None:
        super().__init__(name=f"{observer.hook} of {observer.plugin}", daemon=True)
        self._observer = observer
        self._failed = failed
        self._news: queue.Queue[Event | Health | None] = queue.Queue(_WAITING)
        self._given_up = False
        self._guard = floor.guard(Who(observer.hook, observer.plugin), None, self._give_up)

    def tell(self, news: Event | Health) -> None:
        """Something happened. What comes while a thousand others wait is not told."""
        if not self._given_up:
            try:
                self._news.put_nowait(news)
            except queue.Full:
                self._failed(self._observer, "it is slower than what happens; something was not told")

    def run(self) -> None:
        """Until `end`."""
        try:
            while (news := self._news.get()) is not None:
                self._guard.call("hook", lambda news=news: tell([self._observer], news, self._failed), counted=False)  # type: ignore[misc]
        except AbandonedError:
            return
        finally:
            self._guard.done()

    def end(self, seconds: float) -> None:
        """Tell what waits, for so long at the most."""
        if self.is_alive() and not self._given_up:
            with suppress(queue.Full):  # it hangs, and is left behind
                self._news.put(None, timeout=seconds)
            self.join(seconds)

    def _give_up(self, error: InstantReactError) -> None:
        self._given_up = True
        self._failed(self._observer, str(error))
