"""What is kept of every send: who asked for it, when, and what came of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from instantreact_sdk.testing.conformance.case import Sent
from instantreact_sdk.testing.fakes.messenger.graph_error import Refused
from instantreact_sdk.testing.fakes.messenger.page import Attachment
from instantreact_sdk.testing.fakes.messenger.parameters import Parameters
from instantreact_sdk.testing.fakes.request import Exchange

_PARTS = {"template": "text", "utility": "text", "image": "snapshot", "video": "clip"}
"""What notifiers call a kind of message, where that is another word."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message that the platform took. Of a message with several pictures, each is one.

    Attributes:
        id: Its ``mid``.
        request: Where among `MessengerFake.requests` it was asked for, from 0.
        time: When it was taken, in UTC, by the fake's clock.
        page: The id of the Page that sent it.
        recipient: The PSID of who reads it.
        kind: ``text``, ``template``, ``utility``, ``image``, ``audio``, ``video`` or ``file``.
        text: What can be read of it: of templates with their parameters.
        attachment: The file; None for text.
        messaging_type: As it was sent; empty where it was left out.
        tag: As it was sent; empty for none.
        metadata: What the app wants to see again in echoes.
        message: The field ``message`` as it was sent, with buttons and quick replies.
    """

    id: str
    request: int
    time: datetime
    page: str
    recipient: str
    kind: str
    text: str = ""
    attachment: Attachment | None = None
    messaging_type: str = ""
    tag: str = ""
    metadata: str = ""
    message: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def offers(self) -> dict[str, tuple[str, bool]]:
        """What can be tapped on it: by title, the payload, and whether it is a button and no quick reply."""
        if self.kind == "utility":
            return {}
        payload = self.message["attachment"]["payload"] if self.kind == "template" else {}
        cards = payload["elements"] if payload.get("template_type") == "generic" else [payload]
        buttons = [button for card in cards for button in card.get("buttons") or [] if button["type"] == "postback"]
        replies = [reply for reply in self.message.get("quick_replies") or [] if reply.get("content_type") == "text"]
        return {
            **{reply["title"]: (reply["payload"], False) for reply in replies},
            **{button["title"]: (button["payload"], True) for button in buttons},
        }

    def sent(self) -> Sent:
        """The same in the words of the conformance checks."""
        body = (self.attachment.content or self.attachment.url) if self.attachment else self.text
        return Sent(self.recipient, _PARTS.get(self.kind, self.kind), body)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request to send or to upload, whatever came of it.

    Attributes:
        request: Where among `MessengerFake.requests` it is, from 0.
        time: When it had arrived, in UTC, by the fake's clock.
        edge: ``messages`` or ``message_attachments``.
        recipient: The PSID that it names; empty for none.
        text: The text of its message; empty for none.
        token_in: Where the access token was: of ``header``, ``query`` and ``body`` those that had one.
        failure: The name of the fault that met it; empty for none.
        status: Of HTTP, as answered; None where the client got no answer.
        error: Code and subcode, as ``100/2018001``; empty where there was none.
    """

    request: int
    time: datetime
    edge: str
    recipient: str
    text: str
    token_in: tuple[str, ...]
    failure: str
    status: int | None
    error: str

    @classmethod
    def of(cls, number: int, exchange: Exchange) -> Self:
        """What an exchange was, whose request is one to send or to upload.

        Args:
            number: Where among all requests it is, from 0.
            exchange: It.
        """
        request = exchange.request
        try:
            parameters = Parameters.of(request)
        except Refused:
            parameters = Parameters({}, {}, frozenset())
        places = {
            "header": request.headers["Authorization"] is not None,
            "query": "access_token" in request.query,
            "body": parameters.text("access_token") != request.query.get("access_token", ""),
        }
        return cls(
            number,
            exchange.time,
            request.path.rsplit("/", 1)[-1],
            _inside(parameters, "recipient", "id"),
            _inside(parameters, "message", "text"),
            tuple(place for place, there in places.items() if there),
            exchange.failure,
            exchange.answer.status if exchange.answer else None,
            _error(exchange.answer.body) if exchange.answer else "",
        )


def _inside(parameters: Parameters, name: str, key: str) -> str:
    try:
        return str((parameters.object(name) or {}).get(key, ""))
    except Refused:
        return ""


def _error(body: bytes) -> str:
    try:
        error = json.loads(body)["error"]
        return "/".join(str(error[name]) for name in ("code", "error_subcode") if name in error)
    except (ValueError, KeyError, TypeError):
        return ""
