'''What tells people.

A complete notifier in three files, one that posts to a webhook:

```python title="src/instantreact_webhook/hooks.py"
from instantreact_sdk import Capabilities, NotifierSpec, hookimpl


@hookimpl
def instantreact_register():
    return [
        NotifierSpec(
            name="webhook",
            summary="Posts the alert as JSON to a URL.",
            factory="instantreact_webhook.notifier:Webhook",
            options="instantreact_webhook.notifier:WebhookOptions",
            needs=Capabilities(network=True, sends=("text",)),
        )
    ]
```

```python title="src/instantreact_webhook/notifier.py"
import requests
from instantreact_sdk import Notifier, Options, OutcomeUnknown, PermanentError, Receipt, Secret, TransientError
from urllib3.exceptions import MaxRetryError


class WebhookOptions(Options):
    url: Secret
    """Where to post to."""


class Webhook(Notifier):
    def __init__(self, options: WebhookOptions):
        self.options = options

    def notify(self, alert, delivery):
        try:
            answer = requests.post(
                self.options.url.get_secret_value(),
                json={"text": alert.text},
                headers={"Idempotency-Key": delivery.key},
                timeout=(5, 20),
            )
        except requests.RequestException as error:
            if error.args and isinstance(error.args[0], MaxRetryError):  # urllib3 never got a connection
                raise TransientError("The webhook cannot be reached.") from error
            raise OutcomeUnknown("The webhook did not answer.") from error
        if answer.status_code >= 500 or answer.status_code == 429:
            wait = answer.headers.get("Retry-After", "")
            seconds = float(wait) if wait.isdigit() else None
            raise TransientError(f"The webhook answered {answer.status_code}.", retry_after=seconds)
        if not answer.ok:
            raise PermanentError(f"The webhook answered {answer.status_code}.", "Check `url`.")
        return Receipt()
```

and a third, by which they are found:

```toml title="pyproject.toml"
[project]
name = "instantreact-webhook"
version = "0.1.0"
dependencies = ["instantreact-sdk", "requests"]

[project.entry-points."instantreact_sdk.v1"]
webhook = "instantreact_webhook.hooks"
```

`instantreact-sdk plugins install --editable .` installs it, and says how it is doing.
'''

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable

from instantreact_sdk.interfaces.component import Component
from instantreact_sdk.types import Alert, Delivery, Receipt, Reply


class Notifier(Component):
    """Tells one recipient about one alert."""

    @abstractmethod
    def notify(self, alert: Alert, delivery: Delivery) -> Receipt:
        """Send the alert to ``delivery.recipient``.

        What ``delivery.done`` names was sent in an earlier attempt and must not be sent again. One call is one attempt: the outbox
        waits and tries again, so that other alerts go out meanwhile.

        Raises:
            TransientError: Not now, but later perhaps: it is tried again.
            PermanentError: Never: the person's next route is taken at once.
            OutcomeUnknown: Perhaps it arrived: it is tried again, with the same ``delivery.key``.
        """

    def update(self, alert: Alert, delivery: Delivery) -> Receipt:
        """Tell what has happened since an alert of the same rule and source was delivered; by default a message like any other.

        The alert and the delivery are new ones, and the text says how much there was since when. It raises what `notify` does.
        """
        return self.notify(alert, delivery)

    def replies(self) -> Iterable[Reply]:
        """What recipients answered since the last call, which comes every few seconds. By default nothing.

        An answer that says no more than that the alert was seen, as ``ok`` or 👍, acknowledges it: the one that `Reply.to` names, or the
        last that was sent to this recipient before the answer. Forget an answer when the next one is asked for, not before: the
        process may end in between.

        Raises:
            InstantReactError: They cannot be asked for at present.
        """
        return ()
