"""An outbox at work on a clock that tests set."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

from instantreact_sdk import Event
from instantreact_sdk.alerts.intake import Addressee, Intake, Told
from instantreact_sdk.alerts.ledger import Ledger
from instantreact_sdk.alerts.outbox import Answer, Outbox, Work
from instantreact_sdk.alerts.outboxed import StoredDelivery
from instantreact_sdk.alerts.store import Store
from instantreact_sdk.alerts.stored import StoredEvent

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC).timestamp()
ANNA = Addressee("anna", (("sms", "+237600000001"),))
ANNA_TWO_WAYS = Addressee("anna", (("messenger", "4711"), ("sms", "+237600000001")))
BOB = Addressee("bob", (("sms", "+237600000002"),))
BOSS = Addressee("boss", (("sms", "+237600000009"),), after=120.0, unless_acknowledged=True)


class Gatehouse:
    """Raises, sends and asks; `now` is the time, which passes as the test says.

    The source ran from noon on: its seconds are those since then.
    """

    def __init__(self, store: Store, *, seed: int = 1, run: str = "") -> None:
        self.store = store
        self.now = NOON
        self.run = store.begin_run("gate.yaml", run=run)
        self.intake = Intake(store.engine, lambda: self.now)
        self.outbox = Outbox(store.engine, lambda: self.now, Random(seed))
        self.ledger = Ledger(store.engine, lambda: self.now)

    def event(self, rule: str = "intruder", source: str = "gate") -> Event:
        end = self.now - NOON
        return Event(rule, source, end, end, (), {}, datetime.fromtimestamp(self.now, UTC))

    def raised(self, *whom: Addressee, rule: str = "intruder", source: str = "gate", snapshot: str = "") -> list[Told]:
        event = self.event(rule, source)
        return self.intake.event(self.run, StoredEvent(event), whom or (ANNA,), snapshot=snapshot)

    def at(self, seconds: float) -> None:
        """Go to so many seconds after noon."""
        self.now = NOON + seconds

    def take(self, notifier: str = "sms", most: int = 16) -> list[Work]:
        return self.outbox.take(notifier, most)

    def one(self, notifier: str = "sms") -> Work:
        (work,) = self.take(notifier)
        return work

    def settle(self, work: Work, what: str = "sent", error: str = "", **facts) -> StoredDelivery:
        return self.outbox.settle(work, Answer(what, error, **facts))

    def tell(self, notifier: str = "sms", what: str = "sent", error: str = "", **facts) -> list[str]:
        """Try all that is due; the texts."""
        works = self.take(notifier)
        for work in works:
            self.settle(work, what, error, **facts)
        return [work.alert.text for work in works]

    def failing(self, notifier: str = "sms", what: str = "transient", *, until: float) -> int:
        """Let everything fail from now on, at every moment at which something is due; how many attempts there were."""
        tried = 0
        while self.now < NOON + until:
            tried += len(self.tell(notifier, what, "no"))
            self.outbox.pass_on(notifier)
            self.wait(notifier)
        return tried

    def wait(self, notifier: str = "sms") -> None:
        """Until something is due and may be sent, for a second at least."""
        shut = self.ledger.figures().notifiers[notifier].closed_for
        self.now = max(self.now + 1.0, self.now + shut, self.outbox.next(notifier) or 0.0)

    def states(self, recipient: str = "anna") -> list[str]:
        return [row.status for row in self.rows(recipient)]

    def rows(self, recipient: str | None = "anna") -> list[StoredDelivery]:
        """The first one first."""
        return self.ledger.deliveries(recipient=recipient, limit=None)[::-1]

    def row(self, recipient: str = "anna") -> StoredDelivery:
        (row,) = self.rows(recipient)
        return row

    def outcomes(self, recipient: str = "anna") -> list[str]:
        return [attempt.outcome for row in self.rows(recipient) for attempt in self.ledger.attempts(row)]


def moment(seconds: float) -> str:
    """So many seconds after noon, as a text says it."""
    return f"{datetime.fromtimestamp(NOON + seconds, UTC).astimezone():%H:%M:%S}"


def day_and_moment(seconds: float) -> str:
    """The tests' noon is some day other than today."""
    return f"{datetime.fromtimestamp(NOON + seconds, UTC).astimezone():%Y-%m-%d %H:%M:%S}"
