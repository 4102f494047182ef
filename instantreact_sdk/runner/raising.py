"""Raising alerts: into the store, and where that fails, into memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from instantreact_sdk.runner.keeping import Keeping
from instantreact_sdk.types import Alert

if TYPE_CHECKING:
    from instantreact_sdk.alerts.intake import Addressee, Told
    from instantreact_sdk.alerts.store import Store
    from instantreact_sdk.alerts.stored import StoredEvent


class Taker(Protocol):
    """What takes alerts in: the `Intake` of a memory, or a way to one in another process."""

    def event(self, run: str, stored: StoredEvent, whom: Sequence[Addressee], *, snapshot: str = "") -> list[Told]:
        """See `Intake.event`."""
        ...

    def alert(self, run: str, alert: Alert, whom: Addressee, *, status: str = "pending", follows: bool = False) -> str:
        """See `Intake.alert`."""
        ...

    def clip(self, run: str, event: str, path: Path, notifiers: Sequence[str]) -> None:
        """See `Intake.clip`."""
        ...

    def over(self, run: str) -> None:
        """See `Intake.over`."""
        ...


class Raising:
    """Brings alerts into the outbox, in order, without anybody waiting for it.

    Args:
        run: The run's id.
        keeping: The store's thread, or None where there is no store.
        fallback: Takes what the store does not.
        poke: Called, from any thread, when there is something new to be sent.
    """

    def __init__(
        self, run: str, keeping: Keeping | None, fallback: Callable[[], Taker], poke: Callable[[], None]
    ) -> None:
        self._run = run
        self._keeping = keeping
        self._fallback = fallback
        self._poke = poke

    def event(
        self, stored: StoredEvent, whom: Sequence[Addressee], picture: Path | None, told: Callable[[int], None]
    ) -> None:
        """An event of a live source; see `Intake.event`.

        Args:
            stored: The event.
            whom: Whom to tell.
            picture: Its snapshot.
            told: Called, from any thread, with the number of alerts that it began.
        """
        snapshot = str(picture.absolute()) if picture else ""

        def take(taker: Taker) -> None:
            told(sum(not each.merged for each in taker.event(self._run, stored, whom, snapshot=snapshot)))

        self._take(take)

    def alert(self, alert: Alert, whom: Addressee, *, follows: bool) -> None:
        """An alert of a file; see `Intake.alert`."""
        self._take(lambda taker: taker.alert(self._run, alert, whom, follows=follows))

    def clip(self, event: str, path: Path, notifiers: Sequence[str]) -> None:
        """See `Intake.clip`."""
        self._take(lambda taker: taker.clip(self._run, event, path, notifiers))

    def over(self) -> None:
        """No more events come; see `Intake.over`. Returns when all that was raised is in its place."""
        self._take(lambda taker: taker.over(self._run))
        if self._keeping:
            self._keeping.wait()

    def _take(self, take: Callable[[Taker], object]) -> None:
        def otherwise() -> None:
            take(self._fallback())
            self._poke()

        def work(store: Store) -> None:
            from instantreact_sdk.alerts.intake import Intake

            take(Intake(store.engine))
            self._poke()

        if self._keeping:
            self._keeping.do(work, otherwise)
        else:
            otherwise()
