"""Takes in what the webhook heard, one thing at a time, however many connections there are."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from types import TracebackType
from typing import Self

from instantreact_messenger.heard import Heard

_LONGEST_QUEUE = 100


class _Batch:
    """Things to take in, and whether they were."""

    def __init__(self, things: Iterable[Heard]) -> None:
        self.things = things
        self.ended = threading.Event()
        self.taken = False


class Desk:
    """A thread that takes things in, and whoever brings them waits for it, but not for ever: Meta gives five seconds.

    What is not taken in by then is told again by Meta, and found to be known if it was taken in later.

    Args:
        receive: Takes one thing in.
        patience: Seconds that ``take`` waits.
    """

    def __init__(self, receive: Callable[[Heard], object], patience: float = 3.0) -> None:
        self._receive = receive
        self._patience = patience
        self._batches: queue.Queue[_Batch | None] = queue.Queue(_LONGEST_QUEUE)
        self._thread = threading.Thread(target=self._work, name="messenger desk", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._batches.put(None)
        self._thread.join()

    def take(self, things: Iterable[Heard]) -> bool:
        """Take them in, in order; whether that was done in time."""
        batch = _Batch(things)
        with suppress(queue.Full):
            self._batches.put_nowait(batch)
            batch.ended.wait(self._patience)
        return batch.taken

    def _work(self) -> None:
        while (batch := self._batches.get()) is not None:
            try:
                for one in batch.things:
                    self._receive(one)
                batch.taken = True
            except Exception as error:  # noqa: BLE001  (the store may fail in any way; Meta will tell it again)
                # Its text may hold what people wrote.
                logging.getLogger("instantreact.messenger").error(  # noqa: TRY400  (likewise)
                    "A message could not be kept, and Meta is asked to repeat it: %s.", type(error).__name__
                )
            batch.ended.set()
