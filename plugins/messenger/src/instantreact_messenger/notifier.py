"""The notifier: tells people who wrote to the Page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from instantreact_messenger.graph import Answered, Graph, NoAnswer, NotSent, Refused
from instantreact_messenger.inbox import Inbox
from instantreact_messenger.message import Part, parts
from instantreact_messenger.options import MessengerOptions
from instantreact_messenger.poll import Poll
from instantreact_messenger.sending import Sending
from instantreact_messenger.uploads import Uploads
from instantreact_messenger.usage import pause_after
from instantreact_messenger.verdict import error_for, meaning
from instantreact_sdk import (
    Alert,
    Context,
    Delivery,
    Notifier,
    OutcomeUnknown,
    PermanentError,
    PluginError,
    Receipt,
    Reply,
    TransientError,
)

_REMEMBERED = 1_000


class Messenger(Notifier):
    """Sends the text, then the snapshot, then the clip, each as a message of its own.

    Meta takes them for 24 hours after the recipient wrote to the Page (mode ``response``), or in the form of an approved template at any
    time (mode ``utility``). It knows no idempotency key: a message whose answer was lost may arrive twice, see ``on_unknown``.

    Args:
        options: What the pipeline file sets.
    """

    def __init__(self, options: MessengerOptions) -> None:
        self._options = options
        self._graph: Graph | None = None
        self._meetings: dict[tuple[str, str], int] = {}

    def open(self, context: Context) -> None:
        """Get ready; the connection itself is made with the first alert, and kept while it is in use.

        Raises:
            PluginError: The token cannot be one.
        """
        self.close()
        self._context = context
        self._graph = Graph(self._options)
        self._sending = Sending(self._options, self._graph, Uploads(context.state, context.clock), self._heard)
        self._inbox = Inbox(context.state, context.clock)
        self._poll = Poll(self._options, self._graph, context)
        self._closed_until = self._look_at = context.clock.monotonic()

    def close(self) -> None:
        """Close the connection."""
        if self._graph:
            self._graph.close()
            self._graph = None

    def notify(self, alert: Alert, delivery: Delivery) -> Receipt:
        """Send what was not sent in an earlier attempt.

        Where the text has arrived and Meta will never take the picture, that counts as told, with a warning in the log: another way would
        tell the same person twice.

        Raises:
            TransientError: Meta cannot be reached, is out of order, or wants less.
            PermanentError: Meta will never take it; `refusals.TABLE` says of what when.
            OutcomeUnknown: The connection broke before Meta answered, and ``on_unknown`` is ``retry``.
        """
        if not delivery.recipient:
            raise PermanentError(
                "Messenger needs to know whom to write to.",
                'Give them an address under `people:`, as in `anna: [{messenger: "1234567"}]`, and name anna under `notify:`.',
            )
        end = self._context.clock.monotonic() + self._options.total_timeout
        sent = dict(delivery.done)
        for part in parts(alert, self._options, self._context.log):
            if part.name in sent:
                continue
            try:
                sent[part.name] = self._sent(part, delivery, sent, end)
            except PermanentError as error:
                if "text" not in sent:
                    raise
                self._context.log.warning("The %s of an alert is left out: %s", part.name, error.what)
        return Receipt(sent.get("text", ""), sent)

    def replies(self) -> Iterable[Reply]:
        """What people wrote, pressed or reacted with, as `messenger subscribe` heard it; with ``poll`` it is asked for here.

        A reply is forgotten when the next one is asked for: it comes again if the process ends before.

        Raises:
            TransientError: Meta cannot be asked at present.
            PermanentError: Meta will not answer.
        """
        clock = self._context.clock
        if self._options.poll and clock.monotonic() >= self._look_at:
            self._look_at = clock.monotonic() + self._options.poll
            self._poll.look()
        yield from self._inbox.taken()

    def _sent(self, part: Part, delivery: Delivery, sent: Mapping[str, str], end: float) -> str:
        """Meta's id of the message; empty where it is taken for sent without one."""
        clock = self._context.clock
        wait = self._closed_until - clock.monotonic()
        if wait > 0:
            problem = "The Page has used up what Meta allows for the moment."
            fix = "Give rules a longer `cooldown`, and look which other programs use the app."
            raise TransientError(problem, fix, retry_after=wait, sent=sent, closed_for=wait)
        try:
            return self._sending.send(part, delivery.recipient, lambda: end - clock.monotonic())
        except NotSent as failure:
            error: PluginError = TransientError(failure.problem, failure.fix, sent=sent)
        except NoAnswer as failure:
            if self._options.on_unknown == "assume_sent":
                return ""
            error = OutcomeUnknown(
                str(failure), "It may have arrived. `on_unknown: assume_sent` takes such a message for sent.", sent=sent
            )
        except Refused as refused:
            if meaning(refused).sent_if_again and delivery.attempt > 1:
                return ""
            error = error_for(refused, self._met(delivery.key, meaning(refused).name), sent)
        raise error

    def _met(self, key: str, refusal: str) -> int:
        """How often a delivery has met a refusal, this time included.

        Not the number of its attempts: after an hour without network, one unknown error must not end it. The count is forgotten
        with the process, so that there may be some attempts more.
        """
        times = self._meetings.pop((key, refusal), 0) + 1
        self._meetings[key, refusal] = times
        if len(self._meetings) > _REMEMBERED:
            del self._meetings[next(iter(self._meetings))]
        return times

    def _heard(self, answered: Answered) -> None:
        """Stop in time: Meta says with each message how much is left."""
        pause = pause_after(answered.headers)
        if pause:
            self._closed_until = self._context.clock.monotonic() + pause
            self._context.log.warning("The Page has used up what Meta allows; nothing is sent for %.0f s.", pause)
