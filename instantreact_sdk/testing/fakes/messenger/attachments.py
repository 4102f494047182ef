"""Files that are sent: where they come from, and what is wrong with them."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from instantreact_sdk.testing.fakes.messenger.faults import refusal
from instantreact_sdk.testing.fakes.messenger.graph_error import bad_parameter
from instantreact_sdk.testing.fakes.messenger.page import Attachment, Page
from instantreact_sdk.testing.fakes.messenger.shapes import an_object
from instantreact_sdk.testing.fakes.request import Part

KINDS = ("image", "audio", "video", "file")
MOST_BYTES = 25_000_000
"""Of one file."""
LASTS = timedelta(days=90)
"""For how long an uploaded file may be sent."""


def attached(attachment: Mapping[str, Any], files: Mapping[str, Part], page: Page, now: datetime) -> Attachment:
    """What an attachment stands for; one that is new has no id.

    Args:
        attachment: ``type`` and ``payload``, as it was sent.
        files: What came with it.
        page: Whose uploads it may name.
        now: The time.

    Raises:
        Refused: It is none, or not one that can be sent.
    """
    kind, payload = attachment.get("type"), an_object(attachment.get("payload"), "message[attachment][payload]")
    if kind not in KINDS:
        raise bad_parameter(f"Param message[attachment][type] must be one of {{{', '.join(KINDS)}, template}}")
    if number := payload.get("attachment_id"):
        return _uploaded(str(number), kind, page, now)
    if url := payload.get("url"):
        return _at(str(url), kind, now)
    if "filedata" in files:
        return _brought(files["filedata"], kind, now)
    raise refusal("100/2018034")


def uploaded(attachment: Attachment, page: Page, number: str) -> Attachment:
    """Keep a new attachment with its Page, so that it can be sent by its id.

    Args:
        attachment: As of `attached`.
        page: Whose it will be.
        number: Its id, where it has none.
    """
    kept = attachment if attachment.id else replace(attachment, id=number)
    page.attachments[kept.id] = kept
    return kept


def is_reusable(attachment: Mapping[str, Any]) -> bool:
    """Whether the client wants to send it again."""
    payload = an_object(attachment.get("payload"), "message[attachment][payload]")
    return str(payload.get("is_reusable")).lower() == "true"


def _uploaded(number: str, kind: str, page: Page, now: datetime) -> Attachment:
    found = page.attachments.get(number)
    if found is None or found.kind != kind or now - found.uploaded >= LASTS:
        raise refusal("100/2018074")
    return found


def _at(url: str, kind: str, now: datetime) -> Attachment:
    """An address that the platform could ask; it is never asked."""
    try:
        parts = urlsplit(url)
        reachable = parts.scheme in {"http", "https"} and _is_public(parts.hostname or "")
    except ValueError:  # it is no address at all
        reachable = False
    if not reachable:
        raise refusal("100/2018008")
    return Attachment("", kind, now, url=url)


def _is_public(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:  # a name
        return "." in host.rstrip(".") and not host.rstrip(".").endswith(
            (".local", ".localhost", ".internal", ".lan", ".home")
        )


def _brought(part: Part, kind: str, now: datetime) -> Attachment:
    if len(part.content) > MOST_BYTES:
        raise refusal("100/2018109")
    if not part.content or not part.type or (kind != "file" and part.type.split("/")[0] != kind):
        raise refusal("100/2018047")
    return Attachment("", kind, now, part.content, part.filename, part.type)
