"""Asking Meta what people wrote, where no webhook can run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from instantreact_messenger.conversations import conversations, moment
from instantreact_messenger.graph import Graph, NoAnswer, NotSent, Refused
from instantreact_messenger.heard import Heard
from instantreact_messenger.message import ACKNOWLEDGES
from instantreact_messenger.options import MessengerOptions
from instantreact_messenger.people import WINDOW, Person
from instantreact_messenger.reception import Reception
from instantreact_messenger.verdict import error_for
from instantreact_sdk import Context, PluginError, TransientError

_KEY = "polled"
_OVERLAP = timedelta(minutes=2)  # clocks, and messages that appear a little later


class Poll:
    """Looks through the Page's conversations for what is new since the last look.

    The first look ever opens windows only: an ``ok`` of yesterday answers none of today's alerts.

    Args:
        options: The notifier's.
        graph: The Graph API.
        context: Of the component.
        met: Called with each person who was not known before.
    """

    def __init__(
        self,
        options: MessengerOptions,
        graph: Graph,
        context: Context,
        met: Callable[[Person], None] = lambda _person: None,
    ) -> None:
        self._options = options
        self._graph = graph
        self._context = context
        self._reception = Reception(context.state, context.clock, met)
        self._page = "" if options.page == "me" else options.page

    def look(self) -> None:
        """Take in what is new.

        Raises:
            TransientError: Meta cannot be asked at present.
            PermanentError: Meta will not answer.
        """
        error: PluginError
        try:
            self._look()
        except (NotSent, NoAnswer) as failure:
            error = TransientError(f"What people answered cannot be asked for. {failure}")
        except Refused as refused:
            error = error_for(refused, 1, {})
        else:
            return
        raise error

    def _look(self) -> None:
        clock = self._context.clock
        end = clock.monotonic() + self._options.total_timeout
        if not self._page:
            answered = self._graph.get("me", {"fields": "id"}, end - clock.monotonic())
            self._page = str(answered.body.get("id", ""))
        if not self._page:
            raise NoAnswer("Meta does not say which Page it is.")  # and what it wrote itself would pass for an answer
        now = clock.now()
        last = moment(self._context.state.get(_KEY))
        since = max(last - _OVERLAP, now - WINDOW) if last else now - WINDOW
        newest = last or now
        for conversation in conversations(self._graph, self._page, since, lambda: end - clock.monotonic()):
            newest = max(newest, min(conversation.updated, now))
            for message in conversation.messages:
                if message.sender != self._page:
                    self._reception.receive(self._read(message), answers=last is not None)
        self._context.state[_KEY] = newest.isoformat()

    def _read(self, message: Heard) -> Heard:
        """Of a button the title is told here, and not what it stands for."""
        pressed = self._options.button and message.text.strip() == self._options.button
        return replace(message, text=ACKNOWLEDGES) if pressed else message
