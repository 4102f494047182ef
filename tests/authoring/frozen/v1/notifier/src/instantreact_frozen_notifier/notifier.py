"""The notifier: posts alerts as JSON to a webhook."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from contextlib import suppress

import requests
from instantreact_sdk import (
    Alert,
    Context,
    Delivery,
    Notifier,
    OutcomeUnknown,
    PermanentError,
    PluginError,
    Receipt,
    TransientError,
)
from urllib3.exceptions import MaxRetryError

from instantreact_frozen_notifier.options import FrozenNotifierNotifierOptions


class FrozenNotifierNotifier(Notifier):
    """Posts the text, then the snapshot where there is one, each as a JSON object.

    Errors of `requests` quote the address, which is a secret, so none is passed on: ``from None``.

    Args:
        options: What the pipeline file sets.
    """

    def __init__(self, options: FrozenNotifierNotifierOptions) -> None:
        self.options = options

    def open(self, context: Context) -> None:
        """Check the address; the connection itself is made with the first alert, and kept."""
        url = self.options.url.get_secret_value()
        self._session = requests.Session()
        try:
            self._session.get_adapter(url)
            requests.Request("POST", url).prepare()
        except requests.RequestException:
            raise PluginError("`url` is no web address.", "It begins with https:// or http:// and a host.") from None

    def close(self) -> None:
        """Close the connection."""
        if hasattr(self, "_session"):
            self._session.close()

    def notify(self, alert: Alert, delivery: Delivery) -> Receipt:
        """Post what was not posted in an earlier attempt."""
        sent = dict(delivery.done)
        for part, content in _parts(alert).items():
            if part not in sent:
                message = {"alert": alert.id, "recipient": delivery.recipient, "part": part, **content}
                sent[part] = self._post(message, f"{delivery.key}:{part}", sent)
        return Receipt(parts=sent)

    def _post(self, message: Mapping[str, str], key: str, sent: Mapping[str, str]) -> str:
        """What the service calls the message.

        The key is the same in every attempt, so that the service can tell a repeated message from a new one.
        """
        try:
            answer = self._session.post(
                self.options.url.get_secret_value(),
                json=message,
                headers={"Idempotency-Key": key},
                timeout=self.options.timeout,
                allow_redirects=False,  # a redirected POST becomes a GET without its message
            )
        except requests.RequestException as error:
            if error.args and isinstance(error.args[0], MaxRetryError):  # urllib3 never got a connection
                raise TransientError("The webhook cannot be reached.", sent=sent) from None
            raise OutcomeUnknown("The connection broke before the webhook answered.", sent=sent) from None
        problem = f"The webhook answered with status {answer.status_code}."
        if answer.status_code >= 500 or answer.status_code in (408, 425, 429):
            raise TransientError(problem, retry_after=_seconds(answer.headers.get("Retry-After", "")), sent=sent)
        if answer.status_code >= 300:
            raise PermanentError(problem, "Check `url` and the recipient.")
        return answer.headers.get("Location", "")


def _parts(alert: Alert) -> dict[str, dict[str, str]]:
    """What there is to tell, by part; a picture that was cleared away meanwhile does not hold up the text."""
    parts = {"text": {"text": alert.text}}
    if alert.snapshot:
        with suppress(OSError):
            parts["snapshot"] = {"jpeg": base64.b64encode(alert.snapshot.read_bytes()).decode("ascii")}
    return parts


def _seconds(value: str) -> float | None:
    """Seconds that a Retry-After header names; a date, which few services send, leaves the pace to the SDK."""
    return float(value) if value.isdecimal() else None
