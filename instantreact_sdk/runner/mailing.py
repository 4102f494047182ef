"""A run's way to the people: raising alerts, and the courier where there is no process of its own for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from instantreact_sdk.alerts.told import alert_line, delivery_line
from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.runner.office import Office
from instantreact_sdk.runner.raising import Raising
from instantreact_sdk.types import Alert

if TYPE_CHECKING:
    from instantreact_sdk.alerts.intake import Addressee
    from instantreact_sdk.alerts.outboxed import StoredDelivery
    from instantreact_sdk.alerts.stored import StoredEvent
    from instantreact_sdk.runner.courier import Courier

LEAVE = 10.0
"""Seconds that notifiers have at the end to take what is due, and to end."""


class Mailing:
    """What a run knows of telling people.

    Args:
        run: The run's id.
        raising: Brings alerts into the outbox.
        courier: Makes the one that delivers in this process; None where another process does.
        office: The other process, as this one sees it.
        clips: Notifiers that send clips, and may.
        drain: Seconds for which it is tried at the end to deliver what is left.
        live: Whether cameras are watched: then what fails at the end stays in the outbox, for the next run.
    """

    def __init__(
        self,
        run: str,
        raising: Raising,
        courier: Callable[[], Courier] | None,
        office: Office | None,
        *,
        clips: Sequence[str],
        drain: float,
        live: bool,
    ) -> None:
        self._run = run
        self._raising = raising
        self._courier = courier
        self._office = office
        self._clips = clips
        self._drain = drain
        self._live = live
        self._begun = False

    def begin(self) -> None:
        """All components are open: what waits in the outbox is sent from now on."""
        self._begun = True
        if self._courier:
            self._courier().start()
        if self._office:
            self._office.start()

    @property
    def alive(self) -> bool:
        """Whether somebody is there to deliver."""
        return self._office is None or self._office.alive

    def event(
        self, stored: StoredEvent, whom: Sequence[Addressee], picture: Path | None, told: Callable[[int], None]
    ) -> None:
        """See `Raising.event`."""
        self._raising.event(stored, whom, picture, told)

    def alert(self, alert: Alert, whom: Addressee, *, follows: bool) -> None:
        """See `Raising.alert`."""
        self._raising.alert(alert, whom, follows=follows)

    def clip(self, event: str, path: Path) -> None:
        """The clip of an event is there; from any thread."""
        if self._clips:
            self._raising.clip(event, path, self._clips)

    def close(self, alerts: Sequence[tuple[Alert, str]]) -> Iterator[dict[str, Any]]:
        """Send what is left, for a while.

        Args:
            alerts: Those of files, with their recipients, in order.

        Yields:
            What became of each, as a line of ``alerts.jsonl``.
        """
        if not self._begun:
            return
        self._raising.over()
        known: list[StoredDelivery] = []
        if self._courier:
            courier = self._courier()
            courier.drain(self._drain, retries=not self._live)
            known = courier.deliveries(self._run) if alerts else []
            courier.close(LEAVE)
        if self._office:
            self._office.drain(LEAVE)
            known = self._office.deliveries(self._run) if alerts else []
        found = {(one.alert, one.recipient): one for one in known}
        late = str(InstantReactError("IR5021"))
        for alert, recipient in alerts:
            one = found.get((alert.id, recipient))
            if one is None or (one.settled is None and "text" not in one.parts):
                error = one.error if one and one.error else late
                yield alert_line(alert, recipient, delivered=False, error=error)
            else:
                yield delivery_line(one)
