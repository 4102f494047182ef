"""The Graph API, as far as sending messages and reading answers needs it."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from typing import Any

from instantreact_sdk.interfaces import Clock
from instantreact_sdk.testing.fakes.messenger.access import App, check_proof, page_of, steps, token_of
from instantreact_sdk.testing.fakes.messenger.attachments import attached, is_reusable, uploaded
from instantreact_sdk.testing.fakes.messenger.call import Call
from instantreact_sdk.testing.fakes.messenger.content import Piece
from instantreact_sdk.testing.fakes.messenger.faults import refusal, usage_headers
from instantreact_sdk.testing.fakes.messenger.graph_error import JSON_TYPE, GraphError, Refused
from instantreact_sdk.testing.fakes.messenger.limits import Limit
from instantreact_sdk.testing.fakes.messenger.page import Page, Person, Said
from instantreact_sdk.testing.fakes.messenger.parameters import Parameters
from instantreact_sdk.testing.fakes.messenger.reading import read, token_debugged
from instantreact_sdk.testing.fakes.messenger.records import Message
from instantreact_sdk.testing.fakes.messenger.sending import check_action, receiver, said
from instantreact_sdk.testing.fakes.messenger.settings import Settings
from instantreact_sdk.testing.fakes.messenger.shapes import an_object
from instantreact_sdk.testing.fakes.messenger.templates import created
from instantreact_sdk.testing.fakes.request import Answer, Request

SENDING = ("messages", "message_attachments")
"""The edges of a Page by which something is sent or uploaded."""


@dataclass(slots=True)
class Graph:
    """All that the platform knows, and how it answers.

    Attributes:
        app: Who calls.
        clock: The time.
        settings: How it behaves.
        pages: The Pages that there are.
        limit: How much may be sent; None for as much as one likes.
        messages: What was taken, in order.
    """

    app: App
    clock: Clock
    settings: Settings
    pages: list[Page]
    limit: Limit | None = None
    messages: list[Message] = field(default_factory=list)
    _counted: count[int] = field(default_factory=lambda: count(1), repr=False)

    def answer(self, request: Request, number: int) -> Answer:
        """Answer a request.

        Args:
            request: What is asked.
            number: Which of all requests it is, from 0.
        """
        headers = {"Content-Type": JSON_TYPE}
        try:
            path = steps(request.path, self.settings.versions)
            version = headers["facebook-api-version"] = request.path.split("/")[1]
            url = f"http://{request.headers['Host']}/{version}"
            found = self._answered(request, path, Parameters.of(request), number, url)
        except Refused as refused:
            return refused.error.answer(self.new_trace(), {**headers, **self._usage(refused.error)})
        return Answer(200, json.dumps(found).encode(), {**headers, **self._usage()})

    def new_trace(self) -> str:
        """An ``fbtrace_id`` that was never used."""
        return urlsafe_b64encode(sha256(b"%d" % next(self._counted)).digest()[:21]).decode()

    def new_message_id(self) -> str:
        """A ``mid`` that was never used."""
        return f"m_{self.new_trace()}{self.new_trace()}"

    def _answered(
        self, request: Request, path: list[str], parameters: Parameters, number: int, url: str
    ) -> dict[str, Any]:
        token = token_of(request, parameters)
        now = self.clock.now()
        check_proof(token, parameters, self.app, self.settings, now.timestamp())
        if path == ["debug_token"] and request.method == "GET":
            return token_debugged(token, parameters, self.app, self.pages, self.settings)
        page = page_of(token, self.pages, self.settings)
        if path[0] == "me":
            path[0] = page.id
        call = Call(path, parameters, page, token, now, number, url)
        if request.method == "GET":
            return read(call)
        if request.method != "POST" or path[0] != page.id:
            raise refusal("100/33", message=f"Unsupported {request.method.lower()} request.")
        match path[1:]:
            case ["messages"]:
                self._check_sending(page)
                return self._sent(call)
            case ["message_attachments"]:
                self._check_sending(page)
                return self._uploaded(call)
            case ["message_templates"]:
                return created(parameters, page, self._number())
        raise Refused(GraphError(2500, f"Unknown path components: /{'/'.join(path[1:])}"))

    def _check_sending(self, page: Page) -> None:
        if page.lacks("pages_messaging"):
            raise refusal("230")
        if self.limit and not self.limit.admits(self.clock.monotonic()):
            raise refusal(self.limit.error)

    def _sent(self, call: Call) -> dict[str, Any]:
        person = receiver(call, self.settings)
        if call.parameters.text("sender_action"):
            check_action(call, person, self.settings)
            return {"recipient_id": person.psid}
        answer = {"recipient_id": person.psid}
        for piece in said(call, person, self.settings):
            answer |= self._taken(piece, call, person)
        return answer

    def _taken(self, piece: Piece, call: Call, person: Person) -> dict[str, str]:
        message = call.parameters.object("message") or {}
        attachment = piece.attachment
        mid = self.new_message_id()
        answer = {"message_id": mid}
        if attachment and is_reusable(message.get("attachment") or {}):
            attachment = uploaded(attachment, call.page, self._number())
            answer["attachment_id"] = attachment.id
        self.messages.append(
            Message(
                id=mid,
                request=call.request,
                time=call.time,
                page=call.page.id,
                recipient=person.psid,
                kind=piece.kind,
                text=piece.text,
                attachment=attachment,
                messaging_type=call.parameters.text("messaging_type"),
                tag=call.parameters.text("tag"),
                metadata=str(message.get("metadata") or ""),
                message=message,
            )
        )
        call.page.heard(person.psid, Said(mid, call.time, piece.text, by_page=True))
        return answer

    def _uploaded(self, call: Call) -> dict[str, str]:
        attachment = an_object((call.parameters.object("message") or {}).get("attachment"), "message[attachment]")
        found = attached(attachment, call.parameters.files, call.page, call.time)
        return {"attachment_id": uploaded(found, call.page, self._number()).id}

    def _usage(self, error: GraphError | None = None) -> dict[str, str]:
        limit = self.limit
        refused = bool(limit and error and error.name == limit.error)
        if not self.settings.usage_headers or (limit and refused and not limit.tells):
            return {}
        now = self.clock.monotonic()
        used = limit.used(now) if limit else 0
        return usage_headers(self.pages[0].id, used, limit.minutes(now) if limit and refused else 0)

    def _number(self) -> str:
        return str(10**15 + next(self._counted))
