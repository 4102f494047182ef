"""A platform with a Page to which two people wrote, and notifiers that send through it."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from instantreact_messenger.gate import Gate
from instantreact_messenger.notifier import Messenger
from instantreact_messenger.options import MessengerOptions
from instantreact_messenger.reception import Reception
from webhook_requests import PAGE, SECRET, listening, taken_by

from instantreact_sdk import Context
from instantreact_sdk.testing.fakes import FakeClock, MessengerFake


@pytest.fixture
def fake():
    with MessengerFake() as made:
        for person in made.page.people:
            made.write(person, "Hello")
        yield made


@pytest.fixture
def options(fake):
    """``options(**changed)``: those that reach the fake."""

    def make(**changed):
        given = {"page_token": fake.page.token, "base_url": fake.url, "read_timeout": 0.5}
        return MessengerOptions(**given | changed)

    return make


@pytest.fixture
def opened(options):
    """``opened(context, **changed)``: a notifier that is open, and closed in the end."""
    with ExitStack() as closing:

        def make(context=None, **changed):
            notifier = Messenger(options(**changed))
            notifier.open(context or Context())
            closing.callback(notifier.close)
            return notifier

        yield make


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def state():
    return {}


@pytest.fixture
def gate(state, clock):
    return Gate(SECRET, PAGE, taken_by(Reception(state, clock)))


@pytest.fixture
def webhook(gate):
    with listening(gate) as made:
        yield made
