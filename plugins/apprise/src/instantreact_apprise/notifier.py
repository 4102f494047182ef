"""The notifier: tells people over one of Apprise's services."""

from __future__ import annotations

import time
from collections.abc import Mapping

from apprise import AppriseAttachment, OverflowMode

from instantreact_apprise.message import TEXT, files, heading, messages, shortened
from instantreact_apprise.options import AppriseOptions
from instantreact_apprise.sending import LONGER, send
from instantreact_apprise.services import Services
from instantreact_sdk import Alert, Context, Delivery, Notifier, OutcomeUnknown, PermanentError, Receipt, TransientError


class AppriseNotifier(Notifier):
    """Sends text, snapshot and clip: in one message where the service takes text and picture as one, otherwise one after the other.

    Every call is one attempt: Apprise's own retries, redirects and pauses are off, as they would hold up other alerts and the person's next route.
    What Apprise says of a failure is no more than False and what it logs, so that is read; see `hearing` and `verdict`.

    Args:
        options: What the pipeline file sets.
    """

    def __init__(self, options: AppriseOptions) -> None:
        self._options = options
        self._services: Services | None = None

    def open(self, context: Context) -> None:
        """Find the service; it is not connected to before the first alert.

        Raises:
            PluginError: The URL names none that can be used here.
        """
        self.close()
        self._log = context.log
        self._services = Services(self._options.url.get_secret_value(), self._options.timeout)

    def close(self) -> None:
        """Leave the service."""
        if self._services:
            self._services.forget()
            self._services = None

    def notify(self, alert: Alert, delivery: Delivery) -> Receipt:
        """Send what was not sent in an earlier attempt, within ``total_timeout``.

        Where the text has arrived and the service will never take the picture, that counts as told, with a warning in the log: another
        way would tell the same person twice.

        Raises:
            TransientError: The service cannot be reached, is busy, or Apprise does not tell why it failed.
            PermanentError: The service will never take it.
            OutcomeUnknown: The service did not answer in time, and ``on_unknown`` is ``retry``.
        """
        services = self._services
        assert services is not None, "`open` comes first"
        taken = services.takes if self._options.attachments else ()
        found = files(alert, taken, self._options.largest_attachment, self._log)
        sent = dict(delivery.done)
        end = time.monotonic() + self._options.total_timeout
        left = [part for part in (TEXT, *found) if part not in sent]
        for parts in messages(left, whole=services.whole):
            refused = self._send(services, alert, delivery, {part: found.get(part) for part in parts}, sent, end)
            if refused and parts != (TEXT,):
                self._log.warning("The %s of an alert is left out: %s", parts[-1], refused.what)
                refused = self._send(services, alert, delivery, {TEXT: None}, sent, end) if TEXT in parts else None
            if refused:
                raise refused
        return Receipt(parts=sent)

    def _send(
        self,
        services: Services,
        alert: Alert,
        delivery: Delivery,
        parts: Mapping[str, AppriseAttachment | None],
        sent: dict[str, str],
        end: float,
    ) -> PermanentError | None:
        """Send some parts as one message, and note in `sent` which arrived; or say why they never will."""
        seconds = end - time.monotonic()
        if seconds <= 0:
            raise TransientError(
                f"There was no time left for the {' and the '.join(parts)} of an alert.", LONGER, sent=sent
            )
        service = services.made(delivery.recipient, f"{delivery.key}:{'+'.join(parts)}")
        form = self._options.title if service.title_maxlen > 0 and (TEXT in parts or services.whole) else ""
        body = alert.text if TEXT in parts else ""
        cuts = service.overflow_mode == OverflowMode.TRUNCATE
        error, warned = send(
            service,
            services.name,
            sent,
            title=heading(alert, form),
            body=shortened(body, service.body_maxlen) if cuts else body,
            attach=next((file for file in parts.values() if file), None),
            seconds=seconds,
        )
        if isinstance(error, OutcomeUnknown) and self._options.on_unknown == "assume_sent":
            error = None
        if error is not None:
            services.forget()  # with the connections that it may keep
            if isinstance(error, PermanentError):
                return error
            raise error
        for part in parts:
            if part == TEXT or not warned:
                sent[part] = ""
            else:
                self._log.warning("The service %s left out the %s of an alert.", services.name, part)
        return None
