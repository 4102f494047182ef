"""The store, in a thread of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.registry.fault import in_words

if TYPE_CHECKING:
    from instantreact_sdk.alerts.store import Store


class Keeping:
    """Writes to the store in order, without anybody waiting for it: importing and opening it takes its time.

    Args:
        url: The store.
        config: The pipeline file, as it was named.
        failed: Called from the thread with the first error of each code.
        anew: Whether to remove first what is there, a file.
    """

    def __init__(
        self, url: str, config: str, failed: Callable[[InstantReactError], None], *, anew: bool = False
    ) -> None:
        self._failed = failed
        self._codes: set[str] = set()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")
        self._thread.submit(_import)
        self._open = lambda: _open(url, config, anew)
        self._store: Future[tuple[Store, str]] | None = None

    def begin(self) -> None:
        """Open the store; until then, what an earlier run left in it stays."""
        if self._store is None:
            self._store = self._thread.submit(self._open)
            self._store.add_done_callback(self._look)

    def do(self, work: Callable[[Store, str], None]) -> None:
        """Do ``work(store, run)`` after everything that was asked for before."""
        self._thread.submit(self._work, work).add_done_callback(self._look)

    def opened(self) -> Store:
        """The store, once it is open.

        Raises:
            InstantReactError: It cannot be opened.
        """
        self.begin()
        assert self._store is not None
        return self._store.result()[0]

    def close(self) -> None:
        """Write what is left, and close the store."""

        def end(store: Store, run: str) -> None:
            try:
                store.end_run(run)
            finally:
                store.close()

        self.do(end)
        self._thread.shutdown()

    def _work(self, work: Callable[[Store, str], None]) -> None:
        if self._store is not None and self._store.exception() is None:
            work(*self._store.result())

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


def _open(url: str, config: str, anew: bool) -> tuple[Store, str]:
    from instantreact_sdk.alerts.store import Store

    if anew:
        file = Path(url.removeprefix("sqlite:///"))
        for old in (file, *file.parent.glob(f"{file.name}-*")):  # SQLite keeps its latest pages in files beside it
            old.unlink(missing_ok=True)
    store = Store.open(url)
    return store, store.begin_run(config)
