"""What Meta tells the webhook, read with suspicion: the body is from outside, whoever signed it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from instantreact_messenger.text import clean

_NAME = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_MOST = 2_000  # characters of a text, and of an id
_THUMBS = {369239263222822, 369239343222814, 369239383222810}  # the big blue one, in three sizes
THUMB = "\N{THUMBS UP SIGN}"


@dataclass(frozen=True, slots=True)
class Heard:
    """Somebody did something that opens the 24-hour window.

    Attributes:
        sender: Page-scoped id of the person.
        text: What they wrote, the payload of the button, or the emoji that they reacted with; empty for a picture and the like.
        time: When, in UTC, as Meta says.
        mid: Meta's id of it, or one made of its content; the same when it is told again.
        to: Meta's id of the message that they answered to; empty where it does not say.
        name: Of the person, where Meta says it.
    """

    sender: str
    text: str
    time: datetime
    mid: str
    to: str = ""
    name: str = ""


class Malformed(Exception):  # noqa: N818  (told to Meta's server alone)
    """This is no notice of the Messenger Platform."""


def heard(body: bytes, page: str = "me") -> list[Heard]:
    """What people did, of a webhook's body.

    What is of no concern is left out: echoes of what the Page sent, receipts, other Pages, and whatever is not formed as Meta's
    pages describe it.

    Args:
        body: As it came.
        page: Id of the Page; ``me`` for any.

    Raises:
        Malformed: It is no JSON object of a Page.
    """
    try:
        notice = json.loads(body)
    except (ValueError, RecursionError):
        raise Malformed from None
    if not isinstance(notice, dict) or notice.get("object") != "page" or not isinstance(notice.get("entry"), list):
        raise Malformed
    return [
        one
        for entry in notice["entry"]
        if isinstance(entry, dict) and (page == "me" or entry.get("id") == page)
        for item in _list(entry.get("messaging"))
        if isinstance(item, dict) and (one := _one(item, str(entry.get("id"))))
    ]


def _one(item: dict[str, Any], page: str) -> Heard | None:
    sender, when = _text(item, "sender", "id"), _moment(item.get("timestamp"))
    if not _NAME.fullmatch(sender) or sender == page or when is None:
        return None
    for read in (_message, _postback, _reaction, _referral):
        found = read(item)
        if found is not None:
            text, mid, to = found
            return Heard(sender, text[:_MOST], when, mid[:_MOST] or _made_of(item), to[:_MOST])
    return None


def _message(item: dict[str, Any]) -> tuple[str, str, str] | None:
    message = item.get("message")
    if not isinstance(message, dict) or message.get("is_echo") or message.get("is_deleted"):
        return None
    text = _text(message, "quick_reply", "payload") or _text(message, "text") or _thumb(message)
    return text, _text(message, "mid"), _text(message, "reply_to", "mid")


def _postback(item: dict[str, Any]) -> tuple[str, str, str] | None:
    if not isinstance(item.get("postback"), dict):
        return None
    return _text(item, "postback", "payload") or _text(item, "postback", "title"), _text(item, "postback", "mid"), ""


def _reaction(item: dict[str, Any]) -> tuple[str, str, str] | None:
    """Taking one back is none; its ``mid`` is that of the message that it is about."""
    if _text(item, "reaction", "action") != "react":
        return None
    return _text(item, "reaction", "emoji"), "", _text(item, "reaction", "mid")


def _referral(item: dict[str, Any]) -> tuple[str, str, str] | None:
    """An m.me link, followed into a conversation that is there."""
    return ("", "", "") if isinstance(item.get("referral"), dict) else None


def _thumb(message: dict[str, Any]) -> str:
    for attachment in _list(message.get("attachments")):
        payload = attachment.get("payload") if isinstance(attachment, dict) else None
        sticker = payload.get("sticker_id") if isinstance(payload, dict) else None
        if isinstance(sticker, int) and sticker in _THUMBS:
            return THUMB
    return ""


def _text(found: Any, *keys: str) -> str:
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    return clean(found) if isinstance(found, str) else ""


def _list(found: object) -> Iterator[Any]:
    yield from found if isinstance(found, list) else ()


def _moment(milliseconds: object) -> datetime | None:
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int):
        return None
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _made_of(item: dict[str, Any]) -> str:
    """For what has no id of its own; the same content, with its time, is the same thing."""
    return hashlib.sha256(json.dumps(item, sort_keys=True).encode()).hexdigest()
