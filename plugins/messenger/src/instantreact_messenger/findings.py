"""What would stop an alert right now, found out without sending one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from instantreact_messenger.conversations import conversations
from instantreact_messenger.graph import Answered, Graph, NoAnswer, NotSent, Refused
from instantreact_messenger.options import MessengerOptions, Template
from instantreact_messenger.people import WINDOW, People
from instantreact_messenger.refusals import WINDOW as WRITE
from instantreact_messenger.usage import used
from instantreact_messenger.verdict import meaning, sentence
from instantreact_sdk import Context

Level = Literal["ok", "warning", "stops"]
_SOON = timedelta(hours=3)
_NEARLY, _FULL = 80, 100
_PERMISSIONS = "The app needs `pages_messaging` to send, and `pages_manage_metadata` and `pages_read_engagement` to read what was written."


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        about: ``network``, ``token``, ``limits``, ``permission``, ``template`` or ``window``.
        level: Whether it ``stops`` alerts, soon may (``warning``), or not.
        what: A sentence.
        fix: What to do about it; empty where nothing need be done.
        person: Whom it is about; empty for everybody.
    """

    about: str
    level: Level
    what: str
    fix: str = ""
    person: str = ""


def findings(options: MessengerOptions, people: Mapping[str, str], context: Context) -> Iterator[Finding]:
    """Look at one thing after the other; what makes the rest pointless ends it.

    Args:
        options: The notifier's.
        people: Addresses by name.
        context: Of the component.

    Raises:
        PluginError: The token cannot be one.
    """
    graph = Graph(options)
    try:
        yield from _Check(options, graph, context).all(people)
    finally:
        graph.close()


class _Check:
    def __init__(self, options: MessengerOptions, graph: Graph, context: Context) -> None:
        self._options = options
        self._graph = graph
        self._clock = context.clock
        self._known = People(context.state)

    def all(self, people: Mapping[str, str]) -> Iterator[Finding]:
        try:
            answered = self._graph.get("me", {"fields": "id,name"}, self._options.total_timeout)
        except (NotSent, NoAnswer, Refused) as failure:
            yield _failed("token", failure)
            return
        yield self._token(answered.body)
        yield from _limits(answered)
        if self._options.template:
            yield self._template(self._options.template)
        else:
            yield from self._windows(people)

    def _token(self, page: Mapping[str, Any]) -> Finding:
        number, name = str(page.get("id", "")), str(page.get("name", ""))
        if self._options.page not in ("me", number):
            what = f"The token belongs to {number} ({name}), and `page` is {self._options.page}."
            return Finding("token", "stops", what, "Take the token of that Page, or leave out `page`.")
        return Finding("token", "ok", f"The token belongs to {name or 'a Page'} ({number}).")

    def _template(self, wanted: Template) -> Finding:
        fields = {"name": wanted.name, "fields": "name,status,language"}
        path = f"{self._options.page}/message_templates"
        try:
            body = self._graph.get(path, fields, self._options.total_timeout).body
        except (NotSent, NoAnswer, Refused) as failure:
            return _failed("permission", failure)
        found = body.get("data")
        states = {
            str(one.get("status"))
            for one in (found if isinstance(found, list) else [])
            if isinstance(one, dict) and (one.get("name"), one.get("language")) == (wanted.name, wanted.language)
        }
        if "APPROVED" in states:
            return Finding("template", "ok", f"The template {wanted.name} is approved in {wanted.language}.")
        state = f"is {min(states).lower()}" if states else "does not exist"
        what = f"The template {wanted.name} {state} in {wanted.language}."
        return Finding("template", "stops", what, "Submit it in the Page's settings, under Message templates.")

    def _windows(self, people: Mapping[str, str]) -> Iterator[Finding]:
        end = self._clock.monotonic() + self._options.total_timeout
        since = self._clock.now() - WINDOW
        last: dict[str, datetime] = {}
        try:
            for each in conversations(self._graph, self._options.page, since, lambda: end - self._clock.monotonic()):
                last.update({message.sender: message.time for message in each.messages})
            yield Finding("permission", "ok", "The app may use the Page's conversations.")
        except (NotSent, NoAnswer, Refused) as failure:
            if isinstance(failure, Refused) and meaning(failure).name == "permission":
                # Perhaps it may send all the same; nothing shows that without sending.
                yield Finding("permission", "stops", sentence(failure), _PERMISSIONS)
            else:
                yield _failed("permission", failure)
        if not people:
            what = "The pipeline file sends nobody through it."
            yield Finding("window", "warning", what, "Add somebody under `people:`.")
        for name, address in people.items():
            kept = self._known.find(address)
            times = [time for time in (last.get(address), kept.last if kept else None) if time]
            yield self._window(name, max(times, default=None))

    def _window(self, name: str, last: datetime | None) -> Finding:
        if last is None:
            what = f"{name} has not written to the Page in the last 24 hours, as far as can be told."
            return Finding("window", "stops", what, WRITE, name)
        until = last + WINDOW
        left = until - self._clock.now()
        when = f"{until:%d %B %H:%M} UTC"
        if left <= timedelta():
            return Finding("window", "stops", f"The window of {name} closed on {when}.", WRITE, name)
        if left <= _SOON:
            what = f"The window of {name} closes on {when}, within three hours."
            return Finding("window", "warning", what, WRITE, name)
        return Finding("window", "ok", f"The window of {name} is open until {when}.", "", name)


def _failed(about: str, failure: NotSent | NoAnswer | Refused) -> Finding:
    if isinstance(failure, NotSent):
        return Finding("network", "stops", failure.problem, failure.fix)
    if isinstance(failure, NoAnswer):
        return Finding("network", "stops", str(failure), "See that the network is up.")
    return Finding(about, "stops", sentence(failure), meaning(failure).fix)


def _limits(answered: Answered) -> Iterator[Finding]:
    share = used(answered.headers)
    if share >= _NEARLY:
        level: Level = "stops" if share >= _FULL else "warning"
        what = f"{share:.0f} % of the calls that Meta allows the app or the Page are used up."
        yield Finding(
            "limits", level, what, "Give rules a longer `cooldown`, and look which other programs use the app."
        )
