"""Alerts for whoever looks at the terminal."""

from __future__ import annotations

from instantreact_sdk.errors.wording import clock, printable
from instantreact_sdk.interfaces import Context, Notifier
from instantreact_sdk.types import Alert, Delivery, Receipt


class Console(Notifier):
    """Prints one line for each alert to standard error, for standard output belongs to results: when, and the message."""

    def open(self, context: Context) -> None:
        """Load what prints."""
        from rich.console import Console as Terminal

        self._terminal = Terminal(stderr=True, highlight=False, soft_wrap=True)

    def notify(self, alert: Alert, delivery: Delivery) -> Receipt:
        """Print it; a message of several lines becomes one."""
        from rich.text import Text

        when = f"{alert.wall:%H:%M:%S}" if alert.wall else clock(alert.time)
        message = printable(" ".join(alert.text.split()))
        self._terminal.print(Text.assemble((when, "dim"), "  ", (message, "bold red")))
        return Receipt()
