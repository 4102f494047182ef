"""How the outbox is doing: each number by arithmetic."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, select

from instantreact_sdk.alerts.database import open_engine
from instantreact_sdk.alerts.figures import Figures
from instantreact_sdk.alerts.ledger import Ledger
from instantreact_sdk.alerts.store import Store
from instantreact_sdk.alerts.tables import attempts, deliveries, notifiers, quiet

NOW = 1_800_000_000.0


class Book:
    """Writes deliveries down as they could be."""

    def __init__(self, url: str) -> None:
        with Store.open(url) as store:
            self.run = store.begin_run()
        self.engine: Engine = open_engine(url, create=False)
        self.count = 0

    def delivery(self, status: str = "pending", notifier: str = "sms", **facts) -> int:
        self.count += 1
        row = {
            "key": f"{self.count:024x}", "run": self.run, "alert": f"{self.count:012x}", "rule": "intruder", "source": "gate",
            "recipient": "anna", "text": "", "events": [], "time": 0.0, "status": status, "routes": [[notifier, ""]], "lasts": [60.0],
            "notifier": notifier, "cooldown": 60.0, "created": NOW - 100, "due": NOW - 100, "due_set": NOW - 100, "expires": NOW + 60,
            "settled": NOW if status in ("sent", "failed", "expired", "acknowledged") else None,
        }  # fmt: skip
        return self.add(deliveries, row | facts)

    def attempt(self, delivery: int, began: float, outcome: str = "transient", number: int = 1) -> None:
        row = {
            "delivery": delivery,
            "number": number,
            "notifier": "sms",
            "began": began,
            "ended": began + 0.5,
            "outcome": outcome,
        }
        self.add(attempts, row)

    def add(self, table, row) -> int:
        with self.engine.begin() as connection:
            return connection.execute(table.insert().values(row)).inserted_primary_key[0]

    def figures(self, now: float = NOW) -> Figures:
        return Ledger(self.engine, lambda: now).figures()


@pytest.fixture
def book(url: str) -> Iterator[Book]:
    found = Book(url)
    yield found
    found.engine.dispose()


def test_an_empty_outbox_has_nothing_to_tell(book):
    assert book.figures() == Figures({}, None, (), (), {})


def test_deliveries_are_counted_by_status_and_by_notifier(book):
    for status, notifier in [
        ("sent", "sms"),
        ("sent", "sms"),
        ("failed", "sms"),
        ("sent", "mail"),
        ("pending", "mail"),
    ]:
        book.delivery(status, notifier)
    figures = book.figures()
    assert figures.counts == {"sent": 3, "failed": 1, "pending": 1}
    assert figures.notifiers["sms"].counts == {"sent": 2, "failed": 1}
    assert figures.notifiers["mail"].counts == {"sent": 1, "pending": 1}


def test_the_oldest_is_told_for_each_notifier(book):
    book.delivery(created=NOW - 30, due=NOW - 30)
    book.delivery(created=NOW - 70, due=NOW + 5, attempts=2)  # it failed, and waits for the next attempt
    book.delivery("sending", "mail", created=NOW - 200, due=NOW - 200, attempts=1)
    book.delivery("sent", created=NOW - 999)
    figures = book.figures()
    assert figures.oldest == 200
    assert (figures.notifiers["sms"].oldest, figures.notifiers["mail"].oldest) == (70, 200)


def test_what_has_taken_another_route_is_as_old_as_before(book):
    book.delivery(created=NOW - 150, due=NOW - 10, route=1)
    assert book.figures().oldest == 150


@pytest.mark.parametrize(
    "facts",
    [
        {"status": "waiting", "after": 120.0, "due": NOW + 20},
        {"after": 120.0, "due": NOW + 20},
        {"due": NOW + 40},  # the same was told just now
        {"settled": NOW - 50, "attempts": 0},  # the words are told, the clip follows
    ],
)
def test_what_is_to_wait_is_not_late(book, facts):
    book.delivery(**facts)
    assert book.figures().oldest is None


def test_what_was_to_wait_is_late_from_the_end_of_that_on(book):
    book.delivery(after=60.0, due=NOW - 40, attempts=3)
    assert book.figures().oldest == 40


def test_what_waits_for_the_end_of_a_cooldown_that_began_later_is_not_late(book):
    book.delivery()
    line = {"rule": "intruder", "source": "gate", "recipient": "anna", "told_until": NOW - 10}
    book.add(quiet, {**line, "since": NOW - 10, "until": NOW + 50})
    assert book.figures().oldest is None
    assert book.figures(NOW + 51).oldest == 151


def test_a_cooldown_from_before_the_clock_went_back_is_over(book):
    book.delivery()
    line = {"rule": "intruder", "source": "gate", "recipient": "anna", "told_until": NOW - 10}
    book.add(quiet, {**line, "since": NOW + 5000, "until": NOW + 5060})
    assert book.figures().oldest == 100


def test_a_wait_is_from_raising_to_the_very_first_attempt(book):
    one = book.delivery("sent", created=NOW - 100)
    book.attempt(one, NOW - 98)
    book.attempt(one, NOW - 90, "sent", number=2)
    other = book.delivery("sent", created=NOW - 80)
    book.attempt(other, NOW - 79, "permanent")
    book.attempt(other, NOW - 60, "sent")  # the first one on its second route
    later = book.delivery("sent", created=NOW - 200, after=120.0)
    book.attempt(later, NOW - 77, "sent")
    figures = book.figures()
    assert figures.waits == (1, 2, 3)
    assert figures.arrivals == (3.5, 10.5, 20.5)


def test_a_clip_that_follows_does_not_make_an_alert_late(book):
    one = book.delivery("sent", created=NOW - 100)
    book.attempt(one, NOW - 99, "sent")
    book.attempt(one, NOW - 80, "sent")
    assert book.figures().arrivals == (1.5,)


def test_a_clock_that_went_back_makes_no_time_less_than_nothing(book):
    one = book.delivery("sent", created=NOW)
    book.attempt(one, NOW - 50, "sent")
    assert (book.figures().waits, book.figures().arrivals) == ((0,), (0,))


def test_times_are_of_the_latest_thousand(book):
    for age in (5000, 4000):  # the two oldest; of 1,001 in all
        book.attempt(book.delivery("sent", created=NOW - age), NOW - age + 7, "sent")
    with book.engine.begin() as connection:
        row = connection.execute(select(deliveries)).first()._asdict() | {"created": NOW - 100}
        del row["position"]
        rows = [row | {"key": f"{number:024x}"} for number in range(100, 1099)]
        connection.execute(deliveries.insert(), rows)
        new = connection.scalars(select(deliveries.c.position).where(deliveries.c.created == NOW - 100)).all()
        tries = [
            {"delivery": one, "number": 1, "notifier": "sms", "began": NOW - 99, "ended": NOW - 98, "outcome": "sent"}
            for one in new
        ]
        connection.execute(attempts.insert(), tries)
    figures = book.figures()
    assert figures.waits == (*[1] * 999, 7)
    assert figures.arrivals == (*[2] * 999, 7.5)


@pytest.mark.parametrize(
    ("state", "closed_for", "cause"),
    [
        ({"closed_since": NOW - 5, "closed_until": NOW + 25, "cause": "busy"}, 25, "busy"),
        ({"closed_since": NOW - 60, "closed_until": NOW - 1, "cause": "busy"}, 0, ""),
        ({"closed_since": NOW + 900, "closed_until": NOW + 930, "cause": "busy"}, 0, ""),  # the clock went back
        ({}, 0, ""),
    ],
)
def test_a_notifier_that_is_left_alone_is_told_with_the_cause(book, state, closed_for, cause):
    book.add(notifiers, {"name": "sms", "failures": 6, **state})
    found = book.figures().notifiers["sms"]
    assert (found.closed_for, found.cause, found.failures, found.counts) == (closed_for, cause, 6, {})
