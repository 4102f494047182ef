"""Which events are told in one message, so that nobody is flooded and nothing is lost.

Per rule, source and recipient there is one `Coalescer`. It knows no clock: every call says what time it is, in the source's
media time for files, in any steady seconds for live sources.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from instantreact_sdk.types import Event


@dataclass(frozen=True, slots=True)
class Message:
    """Events to be told together.

    Attributes:
        number: 1 for the first message, and so on; what `Coalescer.event` returned for each of its events.
        events: At least one, in the order in which they came.
        told: The last event of the message that was delivered before, after which these are "more"; None for none.
    """

    number: int
    events: tuple[Event, ...]
    told: Event | None = None


class Coalescer:
    """Gathers events into messages; every event goes into exactly one, and stays in it.

    An event goes into the message that is not yet delivered, unless that one has been handed out for sending: then into the
    next. Once a message was delivered, the cooldown runs; what is gathered until its end is told in one message,
    whose delivery starts the cooldown anew. A delivery that fails starts nothing.

    Args:
        cooldown: Seconds of quiet after a delivery.

    Example:
        >>> from instantreact_sdk.types import Event
        >>> seen = [Event("intruder", "lobby", time, time, (), {}) for time in (10.0, 20.0, 30.0)]
        >>> lobby = Coalescer(cooldown=60.0)
        >>> lobby.event(seen[0])
        1
        >>> lobby.due(10.0).events == (seen[0],)
        True
        >>> lobby.delivered(11.0)
        >>> lobby.event(seen[1]), lobby.event(seen[2]), lobby.due(70.9)
        (2, 2, None)
        >>> lobby.next, len(lobby.due(71.0).events)
        (71.0, 2)
    """

    def __init__(self, cooldown: float) -> None:
        self._cooldown = cooldown
        self._gathered: list[Event] = []
        self._out: Message | None = None
        self._sending = False
        self._frozen = False
        self._number = 0
        self._told: Event | None = None
        self._quiet_until = -math.inf

    def event(self, event: Event) -> int:
        """Take an event; returns the number of the message that tells it."""
        if self._out and not self._sending and not self._gathered and not self._frozen:
            self._out = Message(self._out.number, (*self._out.events, event), self._out.told)
            return self._out.number
        self._gathered.append(event)
        return self._number + 1

    @property
    def next(self) -> float:
        """When something will be due, as things are; infinity while nothing waits, or a message is being sent."""
        if self._sending:
            return math.inf
        if self._out:
            return -math.inf
        return self._quiet_until if self._gathered else math.inf

    def due(self, now: float) -> Message | None:
        """Hand out what is to be sent now, if anything; then `delivered`, `failed` or `gave_up` has to follow.

        A message that failed is due at once: how long to wait between attempts is the sender's affair.
        """
        if now < self.next:
            return None
        if self._out is None:
            self._number += 1
            self._out = Message(self._number, tuple(self._gathered), self._told)
            self._gathered.clear()
            self._frozen = False
        self._sending = True
        return self._out

    def delivered(self, now: float) -> None:
        """The message that was handed out has arrived: the cooldown starts."""
        self._told = self._leave().events[-1]
        self._quiet_until = now + self._cooldown

    def failed(self, *, untouched: bool) -> None:
        """The message that was handed out has to be tried again.

        Args:
            untouched: It is certain that nothing of it arrived, so that it may still grow. Otherwise it stays as it is: the
                service may have it already, and would take a longer one for the same.
        """
        self._sending = False
        self._frozen = self._frozen or not untouched

    def gave_up(self) -> None:
        """The message that was handed out will never be tried again; no cooldown, for nobody was told."""
        self._leave()

    def _leave(self) -> Message:
        message = self._out
        if message is None or not self._sending:
            raise RuntimeError("no message was handed out")
        self._out, self._sending = None, False
        return message


def text_of(message: Message, moment: Callable[[float], str]) -> str:
    """What a message says: ``intruder at lobby, 0:12 to 0:14``, or ``intruder at lobby, 7 more since 12:03``.

    Args:
        message: The message.
        moment: How a time in seconds of the source is written: `media_time` for files, `WallTime` for live sources.
    """
    first, last = message.events[0], message.events[-1]
    title = f"{first.rule} at {first.source}"
    if message.told is None:
        more = f", {len(message.events) - 1} more until {moment(last.end)}" if len(message.events) > 1 else ""
        return f"{title}, {_span(first, moment)}{more}"
    latest = "" if len(message.events) == 1 else "the last "
    return f"{title}, {len(message.events)} more since {moment(message.told.end)}, {latest}{_span(last, moment)}"


def media_time(seconds: float) -> str:
    """``m:ss``, from an hour on ``h:mm:ss``."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@dataclass(frozen=True, slots=True)
class WallTime:
    """Writes a live source's seconds as ``12:03:07``, with the date where it is not the day of `today`.

    Attributes:
        zero: Wall-clock time of the source's time 0, timezone-aware.
        today: The moment of writing, in the time zone of the reader.
    """

    zero: datetime
    today: datetime

    def __call__(self, seconds: float) -> str:
        """The wall-clock time of so many seconds of the source."""
        # Added in UTC, because an hour of wall-clock time is sometimes two, or none.
        moment = (self.zero.astimezone(UTC) + timedelta(seconds=seconds)).astimezone(self.today.tzinfo)
        return moment.strftime("%H:%M:%S" if moment.date() == self.today.date() else "%Y-%m-%d %H:%M:%S")


def _span(event: Event, moment: Callable[[float], str]) -> str:
    start, end = moment(event.start), moment(event.end)
    return start if start == end else f"{start} to {end}"
