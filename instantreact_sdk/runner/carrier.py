"""One notifier at work: takes what is due out of the outbox, sends it, and writes down how it went."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from instantreact_sdk.alerts.acknowledging import acknowledges
from instantreact_sdk.alerts.backoff import pause
from instantreact_sdk.alerts.outbox import PATIENCE, Answer, Work
from instantreact_sdk.alerts.outboxed import StoredDelivery
from instantreact_sdk.errors import InstantReactError, OutcomeUnknown, PermanentError, TransientError
from instantreact_sdk.interfaces import Notifier
from instantreact_sdk.pipeline import AbandonedError, Floor, Member
from instantreact_sdk.registry.fault import in_words
from instantreact_sdk.runner.places import Memory, Place
from instantreact_sdk.types import Alert, Receipt, Reply

LOOK = 0.5
"""Seconds between looks into the outbox where nobody says that there is something new."""
BATCH = 16
"""So many are taken at once; what is taken is lost to other processes until it is settled."""
EASE = 1.0
"""Seconds between the first batches for a service that works again: of one, two, four, eight, and then as many as ever."""
ASK = 5.0
"""Seconds between looks for what recipients answered."""


@dataclass(frozen=True, slots=True)
class Unsettled:
    """An attempt whose outcome is known, and not written down yet."""

    place: Place
    work: Work
    answer: Answer


@dataclass(frozen=True, slots=True)
class Manner:
    """How alerts are told.

    Attributes:
        attach: What may leave besides the text: ``snapshot``, ``clip``.
        link: Gives the address that acknowledges a delivery, by its key; empty for none.
        late: Seconds after which an alert that has not been sent is too late.
        became: Called, from any thread, with each delivery that was sent, given up, or takes its next route.
        troubled: Called, from any thread, with the notifier's name and what is wrong with it; None where it works again.
        behind: Called, from any thread, with the name of a notifier and the seconds for which its oldest alert has waited, where that is
            too long; 0 where none does any more.
        store: Called, from any thread, with what is wrong with the store; None where it works again.
    """

    attach: frozenset[str]
    link: Callable[[str], str]
    late: float
    became: Callable[[StoredDelivery], None]
    troubled: Callable[[str, InstantReactError | None], None]
    behind: Callable[[str, float], None]
    store: Callable[[InstantReactError | None], None]


class Carrier(threading.Thread):
    """Opens a notifier and sends one alert after the other, until `stop`.

    A call that does not come back in time ends the thread's usefulness: `hung` is set, the notifier is never called again, and somebody
    else goes on with what is `left` and `taken`.

    Args:
        member: The notifier.
        floor: What the process shares.
        places: Where deliveries are.
        memory: That of them which never fails.
        manner: How they are told.
        left: What an earlier carrier of the same notifier has not written down.
        taken: What it has taken and not tried.
        failures: How often the notifier has failed to open, or hung, in a row.
    """

    def __init__(
        self,
        member: Member[Notifier],
        floor: Floor,
        places: Sequence[Place],
        memory: Memory,
        manner: Manner,
        *,
        left: Sequence[Unsettled] = (),
        taken: Sequence[tuple[Place, Work]] = (),
        failures: int = 0,
    ) -> None:
        super().__init__(name=member.who.name, daemon=True)  # a call that never returns must not keep the process
        self.hung = threading.Event()
        self.left = [*left]
        self.taken = [*taken]
        self.failures = failures
        self._member = member
        self._places = places
        self._memory = memory
        self._manner = manner
        self._news = threading.Event()
        self._ending = threading.Event()
        self._asks = False
        self._clock = floor.clock
        self._most = BATCH
        self._failed = 0
        self._rests_until = 0.0
        self._asked = self._clock.monotonic()
        self._now: Unsettled | None = None
        self._notifier: Notifier | None = None
        self._cause = ""
        self._bug = ""
        self._heard: list[tuple[Place, Reply]] = []
        self._in_a_row = 0
        self._failing = False
        self._again = self._clock.monotonic() + (pause(failures, random=Random()) if failures else 0.0)  # noqa: S311  (no secret depends on it)
        self._guard = floor.guard(member.who, member.limit, self._hangs)

    @property
    def notifier(self) -> str:
        """Its name in the pipeline file."""
        return self._member.who.name

    def poke(self) -> None:
        """There may be something new."""
        self._news.set()

    def stop(self) -> None:
        """End after the present attempt."""
        self._ending.set()
        self._news.set()

    def run(self) -> None:
        """Until `stop`, or until it hangs."""
        try:
            while not self._ending.is_set():
                self._news.clear()
                if not self._round():
                    self._news.wait(LOOK)
            self._put_back()
            self._settle()
            if self._notifier:
                self._guard.call("close", self._notifier.close)
        except AbandonedError:
            return
        except InstantReactError as error:  # from `close`
            self._manner.troubled(self.notifier, error)
        finally:
            self._guard.done()

    def _round(self) -> bool:
        """Do what there is to do; whether there was anything. A bug of ours costs this round, and not all that would follow."""
        try:
            self._put_back()
            self._settle()
            self._open()
            busy = [self._look(place) for place in self._places if place.works and place.mine(self.notifier)]
            self._replies()
        except AbandonedError:
            raise
        except Exception as error:  # noqa: BLE001  (see above)
            wrong = InstantReactError("IR6002", problem=in_words(error))
            if str(wrong) != self._bug:
                self._bug = str(wrong)
                self._manner.troubled(self.notifier, wrong)
            return False
        return any(busy)

    # Looking ------------------------------------------------------------------------------------------------------

    def _look(self, place: Place) -> bool:
        """Send what is due; whether there was anything."""
        with _careful(place):
            if self._notifier is None:
                self._tell_of(place.outbox.pass_on(self.notifier, self._cause))
                return False
            due = place.outbox.next(self.notifier)
            if due is None or due > place.outbox.clock() or self._clock.monotonic() < self._rests_until:
                return False
            works = place.outbox.take(self.notifier, self._most)
            if not works:
                self._tell_of(place.outbox.pass_on(self.notifier))
                return False
            self.taken += [(place, work) for work in works]  # what another place could not take back is there still
            for work in works:
                if self._ending.is_set() or not place.mine(self.notifier):
                    break
                self.taken.remove((place, work))
                self._send(place, work)
            if self._most < BATCH and not self._failed:  # what has waited must not fell it again
                self._most *= 2
                self._rests_until = self._clock.monotonic() + EASE
            return True
        return False

    def _send(self, place: Place, work: Work) -> None:
        self._now = Unsettled(place, work, Answer("unknown"))
        answer = self._attempt(work)
        self._failed = self._failed + 1 if answer.what in ("transient", "unknown") else 0
        if self._failed >= (PATIENCE if self._most == BATCH else 1):
            self._most = 1
        self._now = None
        self.left.append(Unsettled(place, work, answer))
        self._settle()

    @property
    def begun(self) -> list[str]:
        """Keys of what it has taken, and is not sending at this moment. From any thread."""
        return [
            work.delivery.key
            for work in [one.work for one in tuple(self.left)] + [work for _, work in tuple(self.taken)]
        ]

    def _settle(self) -> None:
        """Write down what is known."""
        for one in tuple(self.left):
            place, work = self._whereabouts(one.place, one.work)
            if place.works:
                with _careful(place):
                    self._tell_of([place.outbox.settle(work, one.answer)])
                    self.left.remove(one)

    def _put_back(self) -> None:
        """What was taken, and will not be tried."""
        for taken in tuple(self.taken):
            place, work = self._whereabouts(*taken)
            if place.works:
                with _careful(place):
                    place.outbox.give_back([work])
                    self.taken.remove(taken)

    def _whereabouts(self, place: Place, work: Work) -> tuple[Place, Work]:
        """Where a delivery is now: of what was taken from a store that failed since, some is in memory."""
        moved = None if place is self._memory else self._memory.rescued(work)
        return (self._memory, moved) if moved else (place, work)

    def _tell_of(self, found: Sequence[StoredDelivery]) -> None:
        for delivery in found:
            self._manner.became(delivery)

    # Calling ------------------------------------------------------------------------------------------------------

    def _open(self) -> None:
        if self._notifier is not None or self._clock.monotonic() < self._again:
            return
        try:
            notifier = self._guard.call("__init__", self._member.make)
            self._guard.call("open", lambda: notifier.open(self._member.context))
        except InstantReactError as error:
            self.failures += 1
            self._again = self._clock.monotonic() + pause(self.failures, random=Random())  # noqa: S311  (no secret depends on it)
            if str(error) != self._cause:
                self._cause = str(error)
                self._manner.troubled(self.notifier, error)
            return
        if self.failures:
            self._manner.troubled(self.notifier, None)
        self._notifier, self._cause, self.failures = notifier, "", 0
        self._asks = type(notifier).replies is not Notifier.replies

    def _attempt(self, work: Work) -> Answer:
        assert self._notifier is not None
        call = getattr(self._notifier, "update" if work.follows else "notify")
        alert = self._leaving(work.alert, work.delivery.key)
        try:
            receipt = self._guard.call(call.__name__, lambda: call(alert, work.delivery))
        except TransientError as error:
            self._fails(error, PATIENCE)
            return Answer("transient", str(error), error.retry_after, error.closed_for, parts=error.sent)
        except OutcomeUnknown as error:
            self._fails(error, PATIENCE)
            return Answer("unknown", str(error), parts=error.sent)
        except PermanentError as error:
            self._works()
            return Answer("permanent", str(error), closed_for=error.closed_for)
        except InstantReactError as error:
            self._fails(error, 1)  # it is a bug, and no trouble of the service's
            return Answer("unknown", str(error))
        self._works()
        if not _is_receipt(receipt):  # it may well be sent, and to send it again would end the same way
            who, what = self._member.who, f"a {type(receipt).__name__} instead of a Receipt of texts"
            wrong = InstantReactError("IR4004", component=who.name, problem=what, call=call.__name__, plugin=who.plugin)
            return Answer("permanent", str(wrong))
        return Answer("sent", receipt=receipt.id, parts=receipt.parts)

    def _fails(self, error: InstantReactError, patience: int) -> None:
        """It did not send; say so where it has failed so often in a row."""
        self._in_a_row += 1
        if self._in_a_row >= patience and not self._failing:
            self._failing = True
            self._manner.troubled(self.notifier, error)

    def _works(self) -> None:
        """It did its work, whatever it said."""
        self._in_a_row = 0
        if self._failing:
            self._failing = False
            self._manner.troubled(self.notifier, None)

    def _leaving(self, alert: Alert, key: str) -> Alert:
        """What may leave, by the file and by what the notifier declares; files that are gone do not count."""
        may = self._manner.attach & self._member.sends
        changes: dict[str, Any] = {
            part: None
            for part in ("snapshot", "clip")
            if (file := getattr(alert, part)) and (part not in may or not file.exists())
        }
        if link := self._manner.link(key):
            changes["text"] = f"{alert.text}\n{link}"
        return replace(alert, **changes) if changes else alert

    def _replies(self) -> None:
        """Ask what recipients answered, and acknowledge by it, in the store as soon as it works."""
        for heard in tuple(self._heard):
            place, reply = heard
            if place.works:
                with _careful(place):
                    place.ledger.replied(self.notifier, reply.recipient, reply.to, reply.time)
                    self._heard.remove(heard)
        if self._notifier is None or not self._asks or self._clock.monotonic() - self._asked < ASK:
            return
        self._asked = self._clock.monotonic()
        notifier = self._notifier
        try:
            for reply in self._guard.call("replies", lambda: [*notifier.replies()]):
                if acknowledges(reply.text):
                    self._heard += [(place, reply) for place in self._places]
                    self._news.set()
        except InstantReactError as error:
            self._member.context.log.warning("%s", error)

    def _hangs(self, error: InstantReactError) -> None:
        """Called by the watch: a call did not come back."""
        self._cause = str(error)
        if self._now:
            self.left.append(replace(self._now, answer=Answer("unknown", str(error))))
        self.failures += 1
        self._manner.troubled(self.notifier, error)
        self.hung.set()


def _is_receipt(value: object) -> bool:
    if not isinstance(value, Receipt) or not isinstance(value.id, str) or not isinstance(value.parts, Mapping):
        return False
    return all(isinstance(text, str) for part in value.parts.items() for text in part)


@contextmanager
def _careful(place: Place) -> Iterator[None]:
    """Where the store fails, it is told so, and the rest is left."""
    try:
        yield
    except InstantReactError as error:
        place.troubled(error)
