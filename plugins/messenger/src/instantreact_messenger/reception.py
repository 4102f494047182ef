"""What becomes of what was heard: each thing once, however often it is told."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, MutableMapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

from instantreact_messenger.heard import Heard
from instantreact_messenger.inbox import Inbox
from instantreact_messenger.people import WINDOW, People, Person
from instantreact_sdk import Clock

_PREFIX = "heard/"
_AHEAD = timedelta(minutes=10)
_SWEEP = 500
"""With the first new thing, and every so many later, ids too old to come again are forgotten."""


def _nobody(_person: Person) -> None:
    pass


class Reception:
    """Notes who wrote, opens their window, and passes on what they answered; not for several threads.

    Things older than the window change nothing, whoever tells them: so ids have to be remembered for that long only, and a request
    that was recorded and is sent again later is of no use to anyone.

    Args:
        state: The component's.
        clock: Time.
        met: Called with each person who was not known before.
    """

    def __init__(self, state: MutableMapping[str, Any], clock: Clock, met: Callable[[Person], None] = _nobody) -> None:
        self._state = state
        self._clock = clock
        self._met = met
        self._people = People(state)
        self._inbox = Inbox(state, clock)
        self._new = 0

    def receive(self, heard: Heard, *, answers: bool = True) -> bool:
        """Take something in.

        Args:
            heard: What somebody did.
            answers: Whether it may be an answer; else it opens the window only.

        Returns:
            Whether it was new.
        """
        now = self._clock.now()
        key = _PREFIX + hashlib.sha256(heard.mid.encode(errors="replace")).hexdigest()[:32]
        if not now - WINDOW <= heard.time <= now + _AHEAD or key in self._state:
            return False
        first = self._people.note(heard.sender, min(heard.time, now), heard.name)
        if heard.text and answers:
            self._inbox.answered(heard.sender, heard.text, heard.time, heard.mid, heard.to)
        # Last: if the process ends before, Meta tells it again, and all of this bears being done twice.
        self._state[key] = heard.time.timestamp()
        self._sweep()
        if first and (person := self._people.find(heard.sender)):
            self._met(person)
        return True

    def _sweep(self) -> None:
        due = self._new % _SWEEP == 0  # with the first one, too: a process that ends each night may never hear so many
        self._new += 1
        if not due:
            return
        oldest = (self._clock.now() - WINDOW - _AHEAD).timestamp()
        for key in [key for key in self._state if key.startswith(_PREFIX)]:
            with suppress(KeyError, TypeError):
                if self._state[key] < oldest:
                    del self._state[key]
