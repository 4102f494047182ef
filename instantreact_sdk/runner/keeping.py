"""The store, in a thread of its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from instantreact_sdk.alerts.stored import Run, run_id
from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.registry.fault import in_words

if TYPE_CHECKING:
    from instantreact_sdk.alerts.store import Store

PAUSE = 5.0
"""Seconds for which a store that failed is left alone; what must not wait goes elsewhere meanwhile."""


class Keeping:
    """Writes to the store in order, without anybody waiting for it: importing and opening it takes its time.

    Args:
        url: The store.
        config: The pipeline file, as it was named.
        failed: Called from the thread with the first error of each code; with None where the store works again.
        broken_off: Called from the thread with the last run of the same pipeline file, where that never came to its end; left out, nobody asks.
        anew: Whether to remove first what is there, a file.
        busy: Seconds to wait for other programs that write.
    """

    def __init__(
        self,
        url: str,
        config: str,
        failed: Callable[[InstantReactError | None], None],
        *,
        broken_off: Callable[[Run], None] | None = None,
        anew: bool = False,
        busy: float = 10.0,
    ) -> None:
        self.run = run_id()
        """The id of the run that is written."""
        self._failed = failed
        self._codes: set[str] = set()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")
        self._thread.submit(_import)
        self._open: Callable[[], Store] = partial(_open, url, self.run, config, broken_off, anew=anew, busy=busy)
        self._store: Store | None = None
        self._again = 0.0
        self._begun = False

    def begin(self) -> None:
        """Open the store; until then, what an earlier run left in it stays."""
        if not self._begun:
            self._begun = True
            self._thread.submit(self._opened).add_done_callback(self._look)

    def do(self, work: Callable[[Store], object], otherwise: Callable[[], object] | None = None) -> None:
        """Do ``work(store)`` after everything that was asked for before.

        Args:
            work: What to do; it raises `InstantReactError` where the store fails.
            otherwise: What to do, in the same thread, where the store fails, or has failed a moment ago.
        """
        self._thread.submit(self._work, work, otherwise).add_done_callback(self._look)

    def opened(self) -> Store:
        """The store, once it is open.

        Raises:
            InstantReactError: It cannot be opened.
        """
        self.begin()
        return self._thread.submit(self._opened).result()

    def wait(self) -> None:
        """Until everything that was asked for is done."""
        self._thread.submit(lambda: None).result()

    def close(self) -> None:
        """Write what is left, and close the store."""
        self._thread.submit(self._end).add_done_callback(self._look)
        self._thread.shutdown()

    def _end(self) -> None:
        if self._store is not None:
            try:
                self._store.end_run(self.run)
            finally:
                self._store.close()

    def _opened(self) -> Store:
        if self._store is None:
            self._store = self._open()
        return self._store

    def _work(self, work: Callable[[Store], object], otherwise: Callable[[], object] | None) -> None:
        if not self._begun:  # the run failed before it began, and nothing is written
            return
        if time.monotonic() < self._again:
            if otherwise:
                otherwise()
            return
        try:
            work(self._opened())
        except Exception:
            self._again = time.monotonic() + PAUSE
            if otherwise:
                otherwise()
            raise
        else:
            if self._codes:
                self._codes.clear()
                self._failed(None)

    def _look(self, future: Future[Any]) -> None:
        error = future.exception()
        if error is None:
            return
        if not isinstance(error, InstantReactError):  # a bug of ours
            error = InstantReactError("IR6002", problem=in_words(error))
        if error.code not in self._codes:
            self._codes.add(error.code)
            self._failed(error)


def _import() -> None:
    import instantreact_sdk.alerts.store  # noqa: F401  (while components are opened)


def _open(
    url: str, run: str, config: str, broken_off: Callable[[Run], None] | None, *, anew: bool, busy: float
) -> Store:
    from instantreact_sdk.alerts.store import Store

    if anew:
        file = Path(url.removeprefix("sqlite:///"))
        for old in (file, *file.parent.glob(f"{file.name}-*")):  # SQLite keeps its latest pages in files beside it
            old.unlink(missing_ok=True)
    store = Store.open(url, busy=busy)
    last = next((each for each in store.runs() if each.config == config), None)
    store.begin_run(config, run=run)
    if broken_off and last and last.ended is None:
        broken_off(last)
    return store
