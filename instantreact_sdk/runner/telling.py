"""From events to alerts: who is told, when, and of how many events at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from instantreact_sdk.alerts.coalescing import Coalescer, Message, WallTime, media_time, text_of
from instantreact_sdk.alerts.stored import Outcome, alert_id
from instantreact_sdk.config.pipeline_file import PipelineFile, Then
from instantreact_sdk.types import Alert, Event

if TYPE_CHECKING:
    from instantreact_sdk.alerts.intake import Addressee

FOREVER = float("inf")


@dataclass(slots=True)
class _Line:
    """What one recipient is told of one rule in one source."""

    rule: str
    source: str
    step: Then
    coalescer: Coalescer
    pictures: dict[str, Path] = field(default_factory=dict)
    latest: float = 0.0  # end of the last event
    firsts: dict[int, str] = field(default_factory=dict)  # alert by number of the message

    @property
    def due(self) -> float:
        """When something is to be told; infinity while nothing is."""
        return FOREVER if self.coalescer.next == FOREVER else max(self.coalescer.next, self.latest)


class Telling:
    """Gathers events into alerts by the time of their source, as if each alert were delivered at once.

    So the same file gives the same alerts, however long it takes to tell them. Where people are really told of what a live source gives,
    the outbox gathers, which knows when they were; see `Intake.event`.

    Args:
        file: The pipeline file.
        told: ``told(alert, step, follows)`` is called for each alert when it is due; `follows`, where it tells of more after another one.
        became: ``became(event, outcome)`` is called for each event.
    """

    def __init__(
        self,
        file: PipelineFile,
        told: Callable[[Alert, Then, bool], None],
        became: Callable[[Event, Outcome], None],
    ) -> None:
        self._file = file
        self._told = told
        self._became = became
        self._zero: dict[str, datetime] = {}
        self._lines: dict[tuple[str, str, str], _Line] = {}

    def began(self, source: str, zero: datetime) -> None:
        """A live source's time 0 in UTC."""
        self._zero[source] = zero

    def live(self, source: str) -> bool:
        """Whether it is one of those."""
        return source in self._zero

    def event(self, event: Event, picture: Path | None) -> None:
        """Take an event for everybody who is to be told of it.

        Args:
            event: The event.
            picture: Its snapshot.
        """
        rule = self._file.rules[event.rule]
        first: Outcome | None = None
        for step in rule.steps():
            key = (event.rule, event.source, step.then)
            line = self._lines.setdefault(key, _Line(event.rule, event.source, step, Coalescer(rule.cooldown)))
            number = line.coalescer.event(event)
            merged = number in line.firsts
            alert = line.firsts.setdefault(number, alert_id(event.id))
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
        while True:
            ripe = [line for line in self._lines.values() if line.due <= now(line.source) and line.due != FOREVER]
            if not ripe:
                return
            line = min(ripe, key=lambda each: (each.due, each.source, each.rule, each.step.then))
            at = line.due
            message = line.coalescer.due(at)
            assert message is not None
            line.coalescer.delivered(at)
            self._told(self._alert(line, message, at), line.step, message.told is not None)

    def close(self) -> None:
        """Tell what cooldowns still hold back: better early than never."""
        self.due(_at_last)

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
            snapshot=pictures[0],
        )


def addressee(file: PipelineFile, rule: str, step: Then) -> Addressee:
    """How somebody is told.

    Args:
        file: The pipeline file.
        rule: The rule.
        step: Whom it tells, and when.
    """
    from instantreact_sdk.alerts.intake import Addressee

    routes = [pair for route in file.people.get(step.then, ()) for pair in route.items()]
    return Addressee(
        step.then,
        tuple(routes or [(step.then, "")]),
        cooldown=file.rules[rule].cooldown,
        after=step.after,
        unless_acknowledged=step.unless is not None,
        next_route=file.outbox.next_route,
        expire=file.outbox.expire,
    )


def _at_last(source: str) -> float:  # noqa: ARG001  (stands where a source's time is asked for)
    """The time at the end of a run, when every cooldown is over."""
    return FOREVER
