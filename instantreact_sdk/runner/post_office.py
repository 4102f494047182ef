"""Delivering what is in the outbox of a pipeline file, without watching anything."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import asdict, replace
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Engine

from instantreact_sdk.alerts.database import open_engine
from instantreact_sdk.alerts.ledger import Ledger
from instantreact_sdk.alerts.outboxed import StoredDelivery
from instantreact_sdk.alerts.parcel import unpack
from instantreact_sdk.alerts.state import ComponentState, SafeState
from instantreact_sdk.config import Loaded
from instantreact_sdk.config.components import SECTIONS
from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.interfaces import Clock
from instantreact_sdk.pipeline import Board, Floor, Message, Watch
from instantreact_sdk.registry import Registry
from instantreact_sdk.registry.fault import in_words
from instantreact_sdk.runner.building import Builder
from instantreact_sdk.runner.delivering import deliverer
from instantreact_sdk.runner.line import Line
from instantreact_sdk.types import Health

_BEAT = 2.0
_LEAVE = 10.0
_BUSY = 2.0
_TRIES = 20


class PostOffice:
    """Opens the notifiers of a pipeline file and sends what is in its store, as long as it is open.

    Args:
        loaded: The pipeline file.
        registry: The plugins.
        board: Where a supervisor sees who is being called.
        quarantined: Notifiers that must not be called, with the reason.
        holder: This process, for leases.
        store: URL of the store.
        told: Called, from any thread, with each change of health.
        ended: Called, from any thread, with each delivery that came to its end.
        line: To the process that watches, or None.
        clock: Time; left out, the real one.

    Raises:
        InstantReactError: IR1003, a notifier is not there or its options are wrong.
    """

    def __init__(
        self,
        loaded: Loaded,
        registry: Registry,
        *,
        board: Board,
        quarantined: Mapping[str, InstantReactError],
        holder: str,
        store: str,
        told: Callable[[Health], None],
        ended: Callable[[StoredDelivery], None],
        line: Line | None = None,
        clock: Clock | None = None,
    ) -> None:
        others: dict[str, object] = {section: {} for section in SECTIONS if section != "notifiers"}
        alone = replace(loaded, file=loaded.file.model_copy(update=others))
        self._stop = threading.Event()
        clock = clock or Clock()
        builder = Builder(
            alone, registry, stop=self._stop, health=told, quarantined=quarantined, board=board, clock=clock
        )
        self._url = store
        self._engine: Engine | None = None
        self._lock = threading.Lock()
        members = builder.members({}, self._state, notifiers=True).notifiers
        permits = threading.Semaphore(max(1, len(members)))
        self._floor = Floor(board, Watch(board), permits, _unheard, self._stop, strict=False, clock=clock)
        self._line = line
        self._told = told
        self._beaten = 0.0
        self._parcels: list[tuple[dict[str, Any], int]] = []
        self._courier = deliverer(alone, members, self._floor, self._connect, holder=holder, told=told, ended=ended)

    def __enter__(self) -> Self:
        self._floor.watch.start()
        self._courier.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._courier.close(_LEAVE)
        self._stop.set()
        self._floor.watch.stop()

    @property
    def hung(self) -> int:
        """How many calls never came back."""
        return self._courier.hung

    @property
    def holds_the_only_copy(self) -> bool:
        """See `Courier`."""
        return bool(self._parcels) or self._courier.holds_the_only_copy

    @property
    def held(self) -> bool:
        """Whether this process may call all of the notifiers."""
        return self._courier.held

    def step(self, seconds: float = 0.5) -> None:
        """Take what the line brings, for so many seconds at the most."""
        if self._line is None:
            time.sleep(seconds)
            return
        if time.monotonic() - self._beaten > _BEAT:
            self._beaten = time.monotonic()
            self._line.send({"alive": True})
        self._take(self._line.receive(seconds))

    def _take(self, message: dict[str, Any] | None) -> None:
        """What the process that watches has sent; an empty message wakes up, none does nothing."""
        if message:
            self._parcels.append((message, 0))
        for parcel in tuple(self._parcels):
            self._unpack(*parcel)
        if message is not None:
            self._courier.poke()

    def drain(self, seconds: float, *, retries: bool = False) -> None:
        """Take what the line has brought, and send what is due, for so many seconds at the most; see `Courier.drain`."""
        while self._line and (message := self._line.receive(0.0)) is not None:
            self._take(message)
        self._courier.drain(seconds, retries=retries)

    def hasten(self) -> None:
        """Try what failed at once; see `Ledger.hasten`.

        Raises:
            InstantReactError: IR5001 to IR5007.
        """
        Ledger(self._connect()).hasten()

    def waiting(self) -> bool:
        """Whether something in the store is still to be sent, or is on its way.

        Raises:
            InstantReactError: IR5001 to IR5007, it cannot be read.
        """
        return bool(Ledger(self._connect()).deliveries(status=("pending", "sending"), limit=1))

    def escalations(self) -> int:
        """How many deliveries wait for an acknowledgement that may still come.

        Raises:
            InstantReactError: IR5001 to IR5007, the store cannot be read.
        """
        return len(Ledger(self._connect()).deliveries(status=("waiting",), limit=None))

    def _unpack(self, parcel: dict[str, Any], failures: int) -> None:
        """Take an alert into memory; what fails now may be taken a moment later."""
        self._parcels.remove((parcel, failures))
        try:
            unpack(self._courier.memory, parcel)
        except Exception as error:  # noqa: BLE001  (a bug of ours in one alert must not cost those that follow)
            wrong = (
                error if isinstance(error, InstantReactError) else InstantReactError("IR6002", problem=in_words(error))
            )
            if failures < _TRIES:
                self._parcels.append((parcel, failures + 1))
            else:
                self._told(Health("plugin_failed", f"An alert was lost on its way into memory. {wrong}", by="delivery"))

    def _connect(self) -> Engine:
        with self._lock:
            if self._engine is None:
                self._engine = open_engine(self._url, create=True, busy=_BUSY)
            return self._engine

    def _state(self, component: str) -> MutableMapping[str, Any]:
        return SafeState(lambda: ComponentState(self._connect(), component))


def _unheard(message: Message) -> None:
    """Nobody merges anything here."""


def health_message(health: Health) -> dict[str, Any]:
    """What a `Line` carries of it."""
    return {"health": asdict(health)}
