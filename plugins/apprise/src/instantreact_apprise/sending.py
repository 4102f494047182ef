"""One message by one service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from apprise import Apprise, AppriseAttachment, NotifyBase, NotifyFormat, NotifyType

from instantreact_apprise.hearing import hearing
from instantreact_apprise.verdict import error_for
from instantreact_sdk import PluginError


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
) -> Outcome:
    """Send a message.

    Not by the service's own `notify`: that of Apprise above it converts the text first, without which Telegram takes ``a<b`` for a tag.

    Args:
        service: For one recipient.
        name: What it is called.
        sent: Parts of the alert that were sent before, for the error.
        title: Its heading; empty for none.
        body: Plain text; it is escaped where the service takes HTML or Markdown. Empty where there is a file.
        attach: A file to go with it.
    """
    with hearing() as heard:
        took = bool(
            Apprise(service, asset=service.asset).notify(
                body=body, title=title, notify_type=NotifyType.WARNING, body_format=NotifyFormat.TEXT, attach=attach
            )
        )
    return Outcome(None if took else error_for(heard, name, sent), heard.warned)
