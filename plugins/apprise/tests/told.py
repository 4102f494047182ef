"""Opened notifiers, and what becomes of one alert."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from instantreact_apprise.notifier import AppriseNotifier
from instantreact_apprise.options import AppriseOptions

from instantreact_sdk import Alert, Context, Delivery, PluginError, Receipt
from instantreact_sdk.testing import HttpFake


@contextmanager
def opened(url: str, context: Context | None = None, **options: Any) -> Iterator[AppriseNotifier]:
    notifier = AppriseNotifier(AppriseOptions(url=url, **options))
    try:
        notifier.open(context or Context())
        yield notifier
    finally:
        notifier.close()


def refusal(notifier: AppriseNotifier, alert: Alert, delivery: Delivery) -> PluginError | Receipt:
    """What it raises; what it returns where it does not."""
    try:
        return notifier.notify(alert, delivery)
    except PluginError as error:
        return error


def host(fake: HttpFake) -> str:
    return fake.url.removeprefix("http://")
