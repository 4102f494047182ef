"""The thread that answers a sandbox's notices, and writes down what they mean."""

from __future__ import annotations

import os
import select
import threading

from instantreact_sdk.testing.sandbox.activity import Activity, Diary
from instantreact_sdk.testing.sandbox.notices import go_on, read, receive
from instantreact_sdk.testing.sandbox.witness import Witness


class Watch:
    """Watches until it is closed, or until the last process of the sandbox has ended.

    Args:
        listener: The filter's; this closes it.
        witness: What understands the notices.
    """

    def __init__(self, listener: int, witness: Witness) -> None:
        self._listener = listener
        self._witness = witness
        self._diary = Diary()
        self._wake_read, self._wake = os.pipe()
        self._thread = threading.Thread(target=self._watch, name="sandbox watch", daemon=True)
        self._thread.start()

    def seen(self) -> tuple[Activity, ...]:
        """What was seen so far. A call is in here before it is made, so after a process's end nothing is missing."""
        return self._diary.seen()

    def close(self) -> None:
        """End, and free what it holds. Nothing of the sandbox may be alive any more: its calls would fail."""
        os.close(self._wake)
        self._thread.join()

    def _watch(self) -> None:
        poll = select.poll()
        poll.register(self._listener, select.POLLIN)
        poll.register(self._wake_read, 0)  # its end is told unasked
        try:
            while all(event & select.POLLIN for _, event in poll.poll()):
                self._answer()
        except OSError:  # the listener's end: all processes are gone
            pass
        finally:
            os.close(self._listener)
            os.close(self._wake_read)

    def _answer(self) -> None:
        notice = receive(self._listener)
        if notice is None:
            return
        try:
            for activity, times in read(self._listener, notice, self._witness.activities) or ():
                self._diary.add(activity, times)
        finally:
            go_on(self._listener, notice)
