"""Who may tell the webhook something, and what: decided over bytes, without a network."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import parse_qs

from instantreact_messenger.heard import Heard, Malformed, heard

LARGEST = 1_000_000
"""Bytes of a notice; Meta's have some hundred for each message, and at most a thousand messages."""

_SIGNATURE = re.compile(r"sha256=([0-9a-f]{64})")
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{1,256}")


class Gate:
    """Lets in what Meta signed with the app's secret, and nothing else.

    Args:
        app_secret: The app's.
        page: Id of the Page; ``me`` for any.
        take: Called with what people did, of one notice, in order; gives whether it was taken in.
    """

    def __init__(self, app_secret: str, page: str, take: Callable[[list[Heard]], bool]) -> None:
        self._secret = app_secret.encode()
        self._page = page
        self._take = take

    @property
    def verify_token(self) -> str:
        """What Meta has to be told when the webhook is entered there; always the same for the same app."""
        return hmac.new(self._secret, b"instantreact webhook", hashlib.sha256).hexdigest()[:32]

    def challenge(self, query: str) -> tuple[HTTPStatus, bytes]:
        """The answer to Meta's question whether this is the right webhook.

        Args:
            query: Of the address, as it came.
        """
        try:
            fields = parse_qs(query, max_num_fields=10)
        except ValueError:
            return HTTPStatus.BAD_REQUEST, b""
        mode, token, challenge = (
            (fields.get(f"hub.{name}") or [""])[0] for name in ("mode", "verify_token", "challenge")
        )
        same = hmac.compare_digest(token.encode(errors="replace"), self.verify_token.encode())
        if mode != "subscribe" or not same or not _CHALLENGE.fullmatch(challenge):
            return HTTPStatus.FORBIDDEN, b""
        return HTTPStatus.OK, challenge.encode()

    def notice(self, signature: str | None, body: bytes) -> HTTPStatus:
        """The answer to a notice; all but 200 let Meta tell it again.

        Args:
            signature: The header ``X-Hub-Signature-256``; None where there is none.
            body: As it came: the signature is over these very bytes.
        """
        if len(body) > LARGEST:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        given = _SIGNATURE.fullmatch(signature or "")
        right = hmac.new(self._secret, body, hashlib.sha256).hexdigest()
        if not given or not hmac.compare_digest(given[1], right):
            return HTTPStatus.FORBIDDEN
        try:
            found = heard(body, self._page)
        except Malformed:
            return HTTPStatus.BAD_REQUEST
        return HTTPStatus.OK if not found or self._take(found) else HTTPStatus.SERVICE_UNAVAILABLE
