"""Saying who is new, so that they can be put under ``people:``."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import TracebackType
from typing import Self

from instantreact_messenger.graph import Graph, NoAnswer, NotSent, Refused
from instantreact_messenger.options import MessengerOptions
from instantreact_messenger.people import People, Person
from instantreact_sdk import InstantReactError

_SECONDS = 10.0
_LONGEST = 64  # characters of a name in a pipeline file


def line_for(person: Person, notifier: str) -> str:
    """What to write under ``people:``, as ``"Anna": [{messenger: "1234567"}]``.

    Args:
        person: Who.
        notifier: How the file calls the notifier.
    """
    name = " ".join("".join(one if one.isprintable() and one != "/" else " " for one in person.name).split())
    name = name[:_LONGEST].strip() or f"guest {person.id[-4:]}"
    quoted, way, address = (json.dumps(one, ensure_ascii=False) for one in (name, notifier, person.id))
    return f"{quoted}: [{{{way}: {address}}}]"


class Introductions:
    """Asks Meta for the names of people who wrote, in a thread of its own: the webhook has no time for that.

    Args:
        options: The notifier's.
        people: Where names are kept.
        known: Addresses by name, as the file has them.
        say: Called with each person who is not in the file, once.
    """

    def __init__(
        self, options: MessengerOptions, people: People, known: Mapping[str, str], say: Callable[[Person], None]
    ) -> None:
        self._page = options.page
        self._graph = Graph(options)
        self._people = people
        self._known = {*known.values()}
        self._say = say
        self._new: queue.SimpleQueue[Person | None] = queue.SimpleQueue()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work, name="messenger introductions", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        for person in self._people.all():
            self.met(person)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._new.put(None)
        self._thread.join()
        self._graph.close()

    def met(self, person: Person) -> None:
        """They wrote for the first time."""
        if person.id not in self._known:
            self._known.add(person.id)
            self._new.put(person)

    def _work(self) -> None:
        while (person := self._new.get()) is not None and not self._ended.is_set():
            name = person.name or self._name(person)
            if name != person.name:
                with suppress(InstantReactError):  # the store fails; the name can be asked for another time
                    self._people.note(person.id, person.last, name)
            self._say(Person(person.id, person.last, name))

    def _name(self, person: Person) -> str:
        """As Meta shows it to the Page; empty where it does not tell."""
        fields = {"platform": "messenger", "user_id": person.id, "fields": "participants"}
        try:
            body = self._graph.get(f"{self._page}/conversations", fields, _SECONDS).body
        except (NotSent, NoAnswer, Refused):
            return ""
        try:
            everybody = [one for each in body["data"] for one in each["participants"]["data"]]
            return next(str(one["name"]) for one in everybody if one["id"] == person.id)
        except (KeyError, TypeError, StopIteration):
            return ""
