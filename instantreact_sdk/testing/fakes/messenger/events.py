"""What webhooks are told: the events, as the platform writes them."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha1, sha256
from typing import Any

from instantreact_sdk.testing.fakes.messenger.page import Page
from instantreact_sdk.testing.fakes.messenger.records import Message

Event = Mapping[str, Any]
"""One event, as it stands in the list ``messaging`` of an entry."""


def written(page: Page, psid: str, mid: str, text: str, payload: str, reply_to: str, now: datetime) -> Event:
    """Somebody has written; `payload` is that of a quick reply that they chose, `reply_to` the message that they answered."""
    message: dict[str, Any] = {"mid": mid, "text": text}
    if payload:
        message["quick_reply"] = {"payload": payload}
    if reply_to:
        message["reply_to"] = {"mid": reply_to}
    return {**_between(psid, page.id, now), "message": message}


def pressed(page: Page, psid: str, mid: str, title: str, payload: str, now: datetime) -> Event:
    """Somebody has pressed a button."""
    return {**_between(psid, page.id, now), "postback": {"mid": mid, "title": title, "payload": payload}}


def reacted(page: Page, psid: str, mid: str, emoji: str, now: datetime) -> Event:
    """Somebody has put an emoji to a message of the Page."""
    reaction = {"reaction": "other", "emoji": emoji, "action": "react", "mid": mid}
    return {**_between(psid, page.id, now), "reaction": reaction}


def delivered(page: Page, psid: str, mids: Sequence[str], now: datetime) -> Event:
    """Messages have reached somebody's device."""
    return {**_between(psid, page.id, now), "delivery": {"mids": [*mids], "watermark": _milliseconds(now)}}


def seen(page: Page, psid: str, now: datetime) -> Event:
    """Somebody has seen all that was sent to them so far."""
    return {**_between(psid, page.id, now), "read": {"watermark": _milliseconds(now)}}


def echoed(message: Message, app_id: str, now: datetime) -> Event:
    """The Page has sent something."""
    told: dict[str, Any] = {"mid": message.id, "is_echo": True, "app_id": int(app_id)}
    if message.text:
        told["text"] = message.text
    if message.metadata:
        told["metadata"] = message.metadata
    if message.attachment:
        told["attachments"] = [{"type": message.attachment.kind, "payload": {}}]
    return {**_between(message.page, message.recipient, now), "message": told}


def body(events: Sequence[tuple[Page, Event]], now: datetime) -> bytes:
    """What is posted: an entry for each event of a Page; all that is not ASCII is escaped, and slashes are, too."""
    entries = [{"id": page.id, "time": _milliseconds(now), "messaging": [event]} for page, event in events]
    text = json.dumps({"object": "page", "entry": entries}, separators=(",", ":"))
    return text.replace("/", "\\/").encode("ascii")


def signatures(body: bytes, secret: str) -> dict[str, str]:
    """The headers by which a webhook knows that the platform has posted a body.

    Args:
        body: As it is sent.
        secret: The app's.
    """
    key = secret.encode()
    return {
        "X-Hub-Signature": f"sha1={hmac.new(key, body, sha1).hexdigest()}",
        "X-Hub-Signature-256": f"sha256={hmac.new(key, body, sha256).hexdigest()}",
    }


def _between(sender: str, recipient: str, now: datetime) -> dict[str, Any]:
    return {"sender": {"id": sender}, "recipient": {"id": recipient}, "timestamp": _milliseconds(now)}


def _milliseconds(time: datetime) -> int:
    return int(time.timestamp() * 1000)
