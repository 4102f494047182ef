"""One message by one service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from apprise import AppriseAttachment, NotifyBase, NotifyFormat, NotifyType
from apprise.exception import AppriseException

from instantreact_apprise.hearing import hearing
from instantreact_apprise.verdict import AGAIN, error_for
from instantreact_sdk import OutcomeUnknown, PermanentError, PluginError


class Outcome(NamedTuple):
    """How it went.

    Attributes:
        error: What is to be raised; None where the service took the message. It is made, not raised, while Apprise's exceptions are at hand:
            it must not carry them, as they quote addresses.
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
) -> Outcome:
    """Send a message.

    The service's own method is called, not Apprise's dispatcher above it, which has retries, threads and an idea of success of its own.

    Args:
        service: For one recipient.
        name: What it is called.
        sent: Parts of the alert that were sent before, for the error.
        title: Its heading; empty for none.
        body: Plain text; it is escaped where the service takes HTML or Markdown. Empty where there is a file.
        attach: A file to go with it.
    """
    error: PluginError | None = None
    took = False
    with hearing() as heard:
        try:
            took = service.notify(
                body=body, title=title, notify_type=NotifyType.WARNING, body_format=NotifyFormat.TEXT, attach=attach
            )
        except AppriseException:
            error = PermanentError(f"The service {name} does not take such a message.", "Check `url`.")
        except OSError as failure:
            heard.errors.append(failure)
        except Exception as failure:  # noqa: BLE001  (at an answer that Apprise does not understand, for one)
            problem = f"Apprise failed inside its service {name} ({type(failure).__name__})."
            error = OutcomeUnknown(problem, AGAIN, sent=sent)
    if not took and error is None:
        error = error_for(heard, name, sent)
    return Outcome(error, heard.warned)
