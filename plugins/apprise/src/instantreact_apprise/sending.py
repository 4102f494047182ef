"""One message by one service."""

from __future__ import annotations

import sys
import threading
from collections.abc import Mapping
from typing import NamedTuple

from apprise import Apprise, AppriseAttachment, NotifyBase, NotifyFormat, NotifyType

from instantreact_apprise.hearing import THREADS, hearing
from instantreact_apprise.verdict import CONNECTING, error_for
from instantreact_sdk import OutcomeUnknown, PluginError, TransientError

LONGER = "Raise `total_timeout` of the options, and `time_limit` of the notifier with it."


class Outcome(NamedTuple):
    """How it went.

    Attributes:
        error: What is to be raised; None where the service took the message.
        warned: Whether Apprise had something to say against it.
    """

    error: PluginError | None
    warned: bool


def send(
    service: NotifyBase,
    name: str,
    sent: Mapping[str, str],
    *,
    title: str,
    body: str,
    attach: AppriseAttachment | None,
    seconds: float,
) -> Outcome:
    """Send a message, in a thread of its own: neither a name server nor a service of Apprise keeps to any time limit.

    Not by the service's own `notify`: that of Apprise above it converts the text first, without which Telegram takes ``a<b`` for a tag.

    Args:
        service: For one recipient.
        name: What it is called.
        sent: Parts of the alert that were sent before, for the error.
        title: Its heading; empty for none.
        body: Plain text; it is escaped where the service takes HTML or Markdown. Empty where there is a file.
        attach: A file to go with it.
        seconds: How long that may take; then it is left to itself, and may still arrive.
    """
    outcome: list[Outcome] = []

    def work() -> None:
        took = False
        with hearing() as heard:
            try:
                took = bool(
                    Apprise(service, asset=service.asset).notify(
                        body=body,
                        title=title,
                        notify_type=NotifyType.WARNING,
                        body_format=NotifyFormat.TEXT,
                        attach=attach,
                    )
                )
            except Exception as error:  # noqa: BLE001  (what it quotes must not be shown)
                heard.crash = error
        outcome.append(Outcome(None if took else error_for(heard, name, sent), heard.warned))

    thread = threading.Thread(target=work, name=f"{THREADS}sending", daemon=True)
    thread.start()
    thread.join(seconds)
    if outcome:
        thread.join()
        return outcome[0]
    if _connects(thread):
        problem = f"The service {name} could not be reached in time."
        return Outcome(TransientError(problem, LONGER, sent=sent), warned=False)
    problem = f"The service {name} was not done in time."
    return Outcome(OutcomeUnknown(problem, LONGER, sent=sent), warned=False)


def _connects(thread: threading.Thread) -> bool:
    """Whether it has not even a connection yet."""
    frame = sys._current_frames().get(thread.ident or 0)  # noqa: SLF001  (public in all but name)
    while frame is not None:
        if frame.f_code.co_name == CONNECTING:
            return True
        frame = frame.f_back
    return False
