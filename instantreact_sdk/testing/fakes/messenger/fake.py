"""The Messenger Platform, on loopback."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.errors.wording import listed
from instantreact_sdk.testing.fakes.fake_clock import FakeClock
from instantreact_sdk.testing.fakes.faults import Faults
from instantreact_sdk.testing.fakes.http_fake import HttpFake, Trouble
from instantreact_sdk.testing.fakes.messenger import events
from instantreact_sdk.testing.fakes.messenger.access import App
from instantreact_sdk.testing.fakes.messenger.faults import FAULTS, as_trouble
from instantreact_sdk.testing.fakes.messenger.graph import SENDING, Graph
from instantreact_sdk.testing.fakes.messenger.graph_error import GraphError
from instantreact_sdk.testing.fakes.messenger.limits import Limit
from instantreact_sdk.testing.fakes.messenger.page import Page, Person, Said
from instantreact_sdk.testing.fakes.messenger.records import Attempt, Message
from instantreact_sdk.testing.fakes.messenger.settings import Settings
from instantreact_sdk.testing.fakes.messenger.webhook import Notice, Webhook
from instantreact_sdk.testing.fakes.request import Answer, Request

PAGE_ID = "104000000000001"
APP_ID = "204000000000001"
TOKEN = "EAAfakePageToken0000000000000000000000001"  # noqa: S105  (of a fake)
APP_SECRET = "fa4e0000000000000000000000000001"  # noqa: S105  (likewise)
_NEW = "Somebody New"
PEOPLE = {"7000000000000001": "Anna Ngo", "7000000000000002": "Ben Achu"}


class MessengerFake(HttpFake):
    """A Messenger Platform of one's own: a Page, its people, the Graph API, and webhooks; it listens on 127.0.0.1 in the ``with`` block.

    What a person does is said by `write`, `press` and `react`; each opens the 24 hours in which the Page may answer. What goes wrong is said
    by `failing` (while a block lasts), `script` (the next requests) and `at_random`.

    Args:
        page: The Page that sends; left out, one with two people, who have not written yet.
        app: On whose behalf.
        clock: Its time, which stands still unless it is moved.
        settings: How the platform behaves.
        port: Where it listens; 0 for a free port.

    Attributes:
        page: The Page that sends, with its token, people, permissions, templates.
        app: On whose behalf, with its secret.
        clock: Its time.
        settings: How the platform behaves; may be changed at any time.
        webhook: The app's webhook, and all that it was told.
        failures: What a notifier has to make of each of `FAULTS`, by its name.
        requests: All requests, in order of arrival.
        exchanges: The same, each with how it ended.
        sent: What people got, in the words of the conformance checks.

    Raises:
        InstantReactError: IR2026, it is used as `HttpFake` must not be, or an unknown fault is asked for.

    Example:
        An answer within the 24 hours, and one that comes too late::

            with MessengerFake() as fake:
                anna = "7000000000000001"
                fake.write(anna, "Hello")
                notifier = Messenger(MessengerOptions(page_token=fake.page.token, base_url=fake.url))
                notifier.open(Context())
                notifier.notify(alert, Delivery("k-1", anna))
                assert fake.messages[0].text == alert.text

                fake.clock.advance(24 * 3600)
                with pytest.raises(PermanentError):
                    notifier.notify(alert, Delivery("k-2", anna))
                assert fake.attempts[-1].error == "10/2018278"
    """

    clock: FakeClock

    def __init__(
        self,
        page: Page | None = None,
        app: App | None = None,
        *,
        clock: FakeClock | None = None,
        settings: Settings | None = None,
        port: int = 0,
    ) -> None:
        self.page = page or Page(PAGE_ID, TOKEN, people={psid: Person(psid, name) for psid, name in PEOPLE.items()})
        self.app = app or App(APP_ID, APP_SECRET)
        self.settings = settings or Settings()
        clock = clock or FakeClock()
        self.webhook = Webhook(clock)
        self._graph = Graph(self.app, clock, self.settings, [self.page])
        self._events: dict[str, tuple[Page, events.Event]] = {}
        self._batch: list[tuple[Page, events.Event]] | None = None
        self._attempts: list[Attempt] = []
        self._looked_at = 0
        self._aimed: dict[str, Faults] = {}
        super().__init__(
            lambda request: self._graph.answer(request, len(self.requests) - 1),
            sent=lambda _: [message.sent() for message in self.messages[len(self.sent) :]],
            failures={name: (fault.failure, "reset") for name, fault in FAULTS.items() if fault.failure},
            clock=clock,
            port=port,
        )
        # In place, as the script looks names up here; with those of which nothing is asked of notifiers.
        self._troubles |= {name: fault.trouble(self.page.id) for name, fault in FAULTS.items()}

    @property
    def messages(self) -> Sequence[Message]:
        """What people got, in order: with files, and with who sent it and when."""
        return self._graph.messages

    @property
    def attempts(self) -> Sequence[Attempt]:
        """Every request to send or to upload, in order of arrival, whatever came of it."""
        with self._one_at_a_time:
            for number in range(self._looked_at, len(self.exchanges)):
                exchange = self.exchanges[number]
                if exchange.request.method == "POST" and exchange.request.path.endswith(SENDING):
                    self._attempts.append(Attempt.of(number, exchange))
            self._looked_at = len(self.exchanges)
            return [*self._attempts]

    @property
    def unconfirmed(self) -> Sequence[Message]:
        """The messages that people got without that the sender was told so: an honest sender may send these twice."""
        with self._one_at_a_time:
            return [message for message in self.messages if self.exchanges[message.request].answer is None]

    @property
    def limit(self) -> Limit | None:
        """How much may be sent, by the fake's clock; None for as much as one likes. May be set at any time."""
        return self._graph.limit

    @limit.setter
    def limit(self, limit: Limit | None) -> None:
        self._graph.limit = limit

    def add_page(self, page: Page) -> None:
        """Let there be another Page, with people of its own."""
        self._graph.pages.append(page)

    def script(
        self,
        *faults: str | GraphError | Answer,
        times: int = 1,
        after: int = 0,
        status: int | None = None,
        edge: str = "",
    ) -> None:
        """Fail at the next requests to send or to upload, one after the other; those scripted before come first.

        Args:
            faults: Names of `FAULTS`, errors of the Graph API, or any answers; an empty name lets a request through, and ``refused`` resets.
            times: How often, all of them in their order. The requests that follow go well.
            after: How many requests go by before.
            status: Of HTTP, where not that of the fault.
            edge: At other requests: at those whose path ends with it, as ``conversations``.
        """
        names = [fault if fault == "" else self._added(*as_trouble(fault, status, self.page.id)) for fault in faults]
        if edge:
            aimed = self._aimed.setdefault(edge, Faults(self._troubles.keys()))
            aimed.script(*[""] * after, *names * times)
        else:
            super().script(*names, times=times, after=after)

    def write(self, psid: str, text: str, *, payload: str = "", reply_to: str = "", name: str = _NEW) -> str:
        """Somebody writes to the Page.

        Args:
            psid: Who; the Page gets to know them, where it does not yet.
            text: What.
            payload: That of the quick reply that they chose; empty where they wrote themselves.
            reply_to: The ``mid`` of the message that they answer; empty for none.
            name: Of somebody new.

        Returns:
            The ``mid``.
        """
        with self._one_at_a_time:
            mid, page = self._heard(psid, text, name)
            event = events.written(page, psid, mid, text, payload, reply_to, self.clock.now())
        self._tell(page, event, mid)
        return mid

    def press(self, psid: str, payload: str, *, title: str = "OK") -> str:
        """Somebody presses a button with this payload and title; gives the ``mid``."""
        with self._one_at_a_time:
            mid, page = self._heard(psid, title)
            event = events.pressed(page, psid, mid, title, payload, self.clock.now())
        self._tell(page, event, mid)
        return mid

    def tap(self, psid: str, title: str) -> str:
        """Somebody taps a button or a quick reply of the last message that they got; gives the ``mid``.

        Raises:
            InstantReactError: IR2026, that offers none with this title.
        """
        last = next((message for message in reversed(self.messages) if message.recipient == psid), None)
        offers = last.offers() if last else {}
        if title not in offers:
            problem = f"the last message to {psid} offers nothing called {title!r}"
            raise InstantReactError("IR2026", problem=problem, fix=f"It offers {listed(offers, 'and') or 'nothing'}.")
        payload, is_button = offers[title]
        return self.press(psid, payload, title=title) if is_button else self.write(psid, title, payload=payload)

    def react(self, psid: str, mid: str, emoji: str = "\N{THUMBS UP SIGN}") -> None:
        """Somebody puts an emoji to a message of the Page."""
        with self._one_at_a_time:
            page = self._page_of(psid)
            page.people.setdefault(psid, Person(psid, _NEW)).wrote = self.clock.now()
        self._tell(page, events.reacted(page, psid, mid, emoji, self.clock.now()))

    def echo(self, mid: str) -> None:
        """The webhook is told what the Page has sent."""
        message = next((message for message in self.messages if message.id == mid), None)
        if message is None:
            raise _unknown(mid, "Give the id of one of `messages`.")
        self._tell(self._page_of(message.recipient), events.echoed(message, self.app.id, self.clock.now()))

    def deliver(self, psid: str, *mids: str) -> None:
        """The webhook is told that messages have reached somebody's device."""
        page = self._page_of(psid)
        self._tell(page, events.delivered(page, psid, mids, self.clock.now()))

    def see(self, psid: str) -> None:
        """The webhook is told that somebody has seen all that was sent to them."""
        page = self._page_of(psid)
        self._tell(page, events.seen(page, psid, self.clock.now()))

    def redeliver(self, mid: str) -> None:
        """The webhook is told once more of what somebody wrote or pressed, as happens where its answer was lost."""
        if mid not in self._events:
            raise _unknown(mid, "Give what `write`, `press` or `tap` returned.")
        self._tell(*self._events[mid])

    def forge(self, psid: str, text: str, headers: Mapping[str, str] | None = None) -> Notice | None:
        """Somebody who does not know the app's secret tells the webhook that a person has written; nobody has.

        Args:
            psid: Who is said to have.
            text: What.
            headers: With which signatures; left out, those of another secret.
        """
        now = self.clock.now()
        body = events.body([(self.page, events.written(self.page, psid, "m_forged", text, "", "", now))], now)
        return self.webhook.post(body, events.signatures(body, "a guess") if headers is None else headers)

    @contextmanager
    def batched(self) -> Iterator[None]:
        """What happens while this lasts is told to the webhook in one request, at its end."""
        gathered: list[tuple[Page, events.Event]] = []
        self._batch = gathered
        try:
            yield
        finally:
            self._batch = None
        if gathered:
            self._post(gathered)

    def _drawn(self, request: Request) -> str:
        edge = request.path.rsplit("/", 1)[-1]
        if edge in self._aimed and (drawn := self._aimed[edge].draw()):
            return drawn
        return super()._drawn(request) if request.method == "POST" and edge in SENDING else ""

    def _added(self, name: str, trouble: Trouble) -> str:
        while self._troubles.setdefault(name, trouble) != trouble:
            name += "'"
        return name

    def _heard(self, psid: str, text: str, name: str = _NEW) -> tuple[str, Page]:
        page = self._page_of(psid)
        person = page.people.setdefault(psid, Person(psid, name))
        person.wrote = self.clock.now()
        mid = self._graph.new_message_id()
        page.heard(psid, Said(mid, person.wrote, text, by_page=False))
        return mid, page

    def _page_of(self, psid: str) -> Page:
        return next((page for page in self._graph.pages if psid in page.people), self.page)

    def _tell(self, page: Page, event: events.Event, mid: str = "") -> None:
        if mid:
            self._events[mid] = page, event
        if self._batch is not None:
            self._batch.append((page, event))
        else:
            self._post([(page, event)])

    def _post(self, told: Sequence[tuple[Page, events.Event]]) -> None:
        body = events.body(told, self.clock.now())
        self.webhook.post(body, events.signatures(body, self.app.secret))


def _unknown(mid: str, fix: str) -> InstantReactError:
    return InstantReactError("IR2026", problem=f"it knows no message {mid!r}", fix=fix)
