"""The courier of a pipeline file, and what is told of its work."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Engine

from instantreact_sdk.alerts.outboxed import StoredDelivery
from instantreact_sdk.config import Loaded
from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.pipeline import Floor, Member
from instantreact_sdk.runner.carrier import Manner
from instantreact_sdk.runner.courier import Courier
from instantreact_sdk.runner.desks import Desks
from instantreact_sdk.types import Health

ATTACHED = {"none": frozenset[str](), "snapshot": frozenset({"snapshot"}), "clip": frozenset({"snapshot", "clip"})}
"""What may leave besides the text, by what ``attach`` says."""

_REMEMBERED = 1000


def deliverer(
    loaded: Loaded,
    members: Sequence[Member[Any]],
    floor: Floor,
    connect: Callable[[], Engine] | None,
    *,
    holder: str,
    told: Callable[[Health], None],
    ended: Callable[[StoredDelivery], None],
) -> Courier:
    """A courier that says how it is doing.

    Args:
        loaded: The pipeline file.
        members: Its notifiers.
        floor: What the process shares.
        connect: Opens the store, or None.
        holder: This process, for leases.
        told: Called, from any thread, with each change of health.
        ended: Called, from any thread, with each delivery that came to its end.
    """
    news = _News(told, ended)
    desks = Desks(loaded.file, told)

    def opened() -> Engine:
        assert connect
        engine = connect()
        desks.opened(engine)
        return engine

    manner = Manner(
        attach=ATTACHED[loaded.file.attach],
        link=desks.link,
        late=loaded.file.outbox.late,
        became=news.became,
        troubled=news.troubled,
        behind=news.behind,
        store=news.store_failed,
    )
    return Courier(members, floor, manner, opened if connect else None, holder=holder, desks=desks)


class _News:
    """Says what becomes of alerts and notifiers."""

    def __init__(self, told: Callable[[Health], None], ended: Callable[[StoredDelivery], None]) -> None:
        self._told = told
        self._ended = ended
        self._told_of: deque[str] = deque(maxlen=_REMEMBERED)

    def became(self, delivery: StoredDelivery) -> None:
        """A delivery was sent, given up, or goes another way."""
        about = f"{delivery.rule} at {delivery.source}"
        tried = delivery.routes[delivery.route - (delivery.status == "pending" and delivery.route > 0)][0]
        match delivery.status:
            case "failed" | "expired":
                self._unwell(tried, f"{delivery.recipient} was not told of {about}. {delivery.error}")
            case "sent" if delivery.error:
                self._unwell(tried, f"{delivery.recipient} was told of {about} in words alone. {delivery.error}")
            case "pending" if delivery.route > 0 and delivery.attempts == 0:
                onwards = f"{delivery.recipient} is told of {about} by {delivery.notifier} instead. {delivery.error}"
                self._unwell(tried, onwards)
        if delivery.status in ("sent", "acknowledged", "failed", "expired") and delivery.key not in self._told_of:
            self._told_of.append(delivery.key)  # it comes again when its clip has followed
            self._ended(delivery)

    def troubled(self, notifier: str, error: InstantReactError | None) -> None:
        """A notifier cannot be called, or can again."""
        if error:
            self._unwell(notifier, str(error))
        else:
            self._told(Health("online", f"{notifier} works again.", by=notifier))

    def store_failed(self, error: InstantReactError | None) -> None:
        """The store does not do its work, or does again."""
        if error:
            self._unwell("store", f"Alerts are told from memory, and are lost if the process ends. {error}")
        else:
            self._told(Health("online", "The store works again.", by="store"))

    def behind(self, notifier: str, seconds: float) -> None:
        """The oldest alert of a notifier has waited for so long; 0 where none waits too long any more."""
        if seconds:
            detail = f"The oldest alert that {notifier} has not delivered has waited for {seconds:.0f} s."
            self._told(Health("falling_behind", detail, by=notifier))
        else:
            self._told(Health("online", f"{notifier} delivers in time again.", by=notifier))

    def _unwell(self, by: str, detail: str) -> None:
        self._told(Health("plugin_failed", detail, by=by))
