"""From events to people: who is told, when, and of how many events at once."""

from __future__ import annotations

import contextlib
import queue
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import blake2s
from pathlib import Path
from typing import Any

from instantreact_sdk.alerts.coalescing import Coalescer, Message, WallTime, media_time, text_of
from instantreact_sdk.alerts.stored import Outcome
from instantreact_sdk.config.pipeline_file import PipelineFile
from instantreact_sdk.errors import InstantReactError, OutcomeUnknown, TransientError
from instantreact_sdk.pipeline import Floor, Member, Unwell
from instantreact_sdk.runner.notifying import Job, NotifierThread
from instantreact_sdk.types import Alert, Delivery, Event, Health

FOREVER = float("inf")
_LEAVE = 10.0  # seconds that notifiers have at the end to send what waits


@dataclass(slots=True)
class _Line:
    """What one recipient is told of one rule in one source."""

    rule: str
    source: str
    recipient: str
    coalescer: Coalescer
    pictures: dict[str, Path] = field(default_factory=dict)
    latest: float = 0.0  # end of the last event
    follows: bool = False  # whether what is being sent comes after an alert that was delivered
    firsts: dict[int, str] = field(default_factory=dict)  # alert by number of the message

    @property
    def due(self) -> float:
        """When something is to be told; infinity while nothing is."""
        return FOREVER if self.coalescer.next == FOREVER else max(self.coalescer.next, self.latest)


class Telling:
    """Gathers events into alerts, and hands each to its recipient's routes in turn until one takes it.

    Everything but the notifiers' own work happens in the thread that merges. For files the time is media time and
    each delivery is waited for, so that the same file gives the same alerts.

    Args:
        file: The pipeline file.
        notifiers: Empty where nobody is to be told; then every alert counts as delivered at once.
        floor: What the run's threads share.
        told: ``told(alert, recipient, error)`` is called for each alert when it is delivered or has failed.
        became: ``became(event, outcome)`` is called for each event.
    """

    def __init__(
        self,
        file: PipelineFile,
        notifiers: Sequence[Member[Any]],
        floor: Floor,
        told: Callable[[Alert, str, InstantReactError | None], None],
        became: Callable[[Event, Outcome], None],
    ) -> None:
        self._file = file
        self._floor = floor
        self._told = told
        self._became = became
        self._zero: dict[str, datetime] = {}
        self._lines: dict[tuple[str, str, str], _Line] = {}
        self._answers: queue.SimpleQueue[tuple[_Line, Alert, list[tuple[str, str]], InstantReactError | None]] = (
            queue.SimpleQueue()
        )
        self._sending: dict[tuple[str, str, str], tuple[_Line, Alert]] = {}
        self._sends = {member.who.name: member.sends for member in notifiers}
        self._notifiers = {member.who.name: self._notifier(member) for member in notifiers}
        for thread in self._notifiers.values():
            thread.start()

    def began(self, source: str, zero: datetime) -> None:
        """A live source's time 0 in UTC."""
        self._zero[source] = zero

    def event(self, event: Event, picture: Path | None) -> None:
        """Take an event for everybody who is to be told of it.

        Args:
            event: The event.
            picture: Its snapshot.
        """
        rule = self._file.rules[event.rule]
        first: Outcome | None = None
        for recipient in rule.notify:
            key = (event.rule, event.source, recipient)
            line = self._lines.setdefault(key, _Line(*key, Coalescer(rule.cooldown)))
            number = line.coalescer.event(event)
            merged = number in line.firsts
            alert = line.firsts.setdefault(number, _alert_id(event))
            line.latest = event.end
            if picture:
                line.pictures[event.id] = picture
            due = line.due
            waits = merged or due > event.end
            until = due if waits and due != FOREVER else None
            first = first or Outcome("merged" if waits else "alerted", alert, until)
        self._became(event, first or Outcome("untold"))

    def due(self, now: Callable[[str], float]) -> None:
        """Tell what is due, in order of time.

        Args:
            now: Gives the present time of a source.
        """
        self._take_answers(now)
        while True:
            ripe = [line for line in self._lines.values() if line.due <= now(line.source) and line.due != FOREVER]
            if not ripe:
                return
            line = min(ripe, key=lambda each: (each.due, each.source, each.rule, each.recipient))
            self._send(line, now)

    def close(self) -> None:
        """Tell what cooldowns still hold back: better early than never. What cannot be told in time is written down."""
        until = time.monotonic() + _LEAVE
        self.due(_at_last)
        while self._sending and (left := until - time.monotonic()) > 0:
            with contextlib.suppress(queue.Empty):
                self._answer(*self._answers.get(timeout=left), _at_last)
            self.due(_at_last)
        for notifier in self._notifiers.values():
            notifier.end(until - time.monotonic())
        late = InstantReactError("IR5021", seconds=_LEAVE)
        for line, alert in self._sending.values():
            line.coalescer.gave_up()
            self._told(alert, line.recipient, late)
            while message := line.coalescer.due(FOREVER):
                line.coalescer.gave_up()
                self._told(self._alert(line, message, line.latest), line.recipient, late)

    def _send(self, line: _Line, now: Callable[[str], float]) -> None:
        at = line.due
        message = line.coalescer.due(at)
        assert message is not None
        alert = self._alert(line, message, at)
        if not self._notifiers:
            line.coalescer.delivered(at)
            self._told(alert, line.recipient, None)
            return
        line.follows = message.told is not None
        self._try(line, alert, self._routes(line.recipient))
        while self._sending and not self._zero:  # files can wait, and then alerts depend on media time alone
            self._answer(*self._answers.get(), now)

    def _routes(self, recipient: str) -> list[tuple[str, str]]:
        if recipient in self._file.people:
            return [pair for route in self._file.people[recipient] for pair in route.items()]
        return [(recipient, "")]

    def _try(self, line: _Line, alert: Alert, routes: list[tuple[str, str]]) -> None:
        (notifier, address), *others = routes
        key = blake2s(f"{alert.id}\0{alert.wall}\0{line.recipient}".encode(), digest_size=12).hexdigest()
        self._sending[line.rule, line.source, line.recipient] = (line, alert)
        leaving = alert if "snapshot" in self._sends[notifier] else replace(alert, snapshot=None)
        self._notifiers[notifier].send(
            Job(
                leaving,
                Delivery(key, address),
                line.follows,
                lambda error: self._answers.put((line, alert, others, error)),
            )
        )

    def _take_answers(self, now: Callable[[str], float]) -> None:
        while not self._answers.empty():
            self._answer(*self._answers.get(), now)

    def _answer(
        self,
        line: _Line,
        alert: Alert,
        others: list[tuple[str, str]],
        error: InstantReactError | None,
        now: Callable[[str], float],
    ) -> None:
        del self._sending[line.rule, line.source, line.recipient]
        if isinstance(error, TransientError | OutcomeUnknown) and "text" in error.sent:
            detail = f"{line.recipient} was told of {alert.rule} at {alert.source} in words alone. {error}"
            self._floor.post(Unwell(Health("plugin_failed", detail, by=line.recipient)))
            error = None  # another route would tell the same words again
        if error and others:
            self._try(line, alert, others)
            return
        if error:
            line.coalescer.gave_up()
            detail = f"{line.recipient} was not told of {alert.rule} at {alert.source}. {error}"
            self._floor.post(Unwell(Health("plugin_failed", detail, by=line.recipient)))
        else:
            at = now(line.source) if line.source in self._zero else alert.time
            line.coalescer.delivered(alert.time if at == FOREVER else at)
        self._told(alert, line.recipient, error)

    def _alert(self, line: _Line, message: Message, at: float) -> Alert:
        zero = self._zero.get(line.source)
        moment = WallTime(zero.astimezone(), datetime.now().astimezone()) if zero else media_time
        pictures = [line.pictures.pop(event.id, None) for event in message.events]
        return Alert(
            id=line.firsts.pop(message.number),
            rule=line.rule,
            source=line.source,
            text=text_of(message, moment),
            events=message.events,
            time=at,
            wall=zero + timedelta(seconds=at) if zero else None,
            snapshot=pictures[0] if self._file.attach != "none" else None,
        )

    def _notifier(self, member: Member[Any]) -> NotifierThread:
        def failed(error: InstantReactError) -> None:
            self._floor.post(Unwell(Health("plugin_failed", str(error), by=member.who.name)))

        return NotifierThread(member, self._floor, failed)


def _at_last(source: str) -> float:  # noqa: ARG001  (stands where a source's time is asked for)
    """The time at the end of a run, when every cooldown is over."""
    return FOREVER


def _alert_id(first: Event) -> str:
    """The id of the alert whose first event this is."""
    return blake2s(f"alert\0{first.id}".encode(), digest_size=6).hexdigest()
