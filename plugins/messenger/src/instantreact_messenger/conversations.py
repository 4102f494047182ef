"""The Page's conversations, as the Graph API tells them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from instantreact_messenger.graph import Graph
from instantreact_messenger.heard import Heard
from instantreact_messenger.text import clean

_PAGES = 10
_FIELDS = "id,updated_time,messages.limit(50){id,created_time,from,message}"


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation.

    Attributes:
        updated: When something was last said in it, in UTC.
        messages: The latest ones, of both sides, in the order of time.
    """

    updated: datetime
    messages: tuple[Heard, ...]


def conversations(graph: Graph, page: str, since: datetime, left: Callable[[], float]) -> Iterator[Conversation]:
    """Those in which something was said since then, the latest first; of each the latest fifty messages.

    Args:
        graph: The Graph API.
        page: Id of the Page, or ``me``.
        since: A moment.
        left: Gives the seconds that are left for it.

    Raises:
        NotSent, NoAnswer, Refused: As `Graph.get`.
    """
    fields = {"platform": "messenger", "fields": _FIELDS, "limit": "25"}
    for _ in range(_PAGES):
        body = graph.get(f"{page}/conversations", fields, left()).body
        for each in _data(body):
            updated = moment(each.get("updated_time")) or since
            if updated < since:
                return
            found = [one for message in _data(each.get("messages")) if (one := _message(message))]
            yield Conversation(updated, tuple(sorted(found, key=lambda one: one.time)))
        after = _text(body, "paging", "cursors", "after")
        if not after or not _text(body, "paging", "next"):
            return
        fields["after"] = after  # `next` itself would have the token in the address


def moment(text: object) -> datetime | None:
    """A time as it is kept, or as Meta writes it (``2026-11-20T03:00:00+0000``), in UTC; None where it is none."""
    with suppress(ValueError, OverflowError):
        when = datetime.fromisoformat(text) if isinstance(text, str) else None
        return when.astimezone(UTC) if when and when.tzinfo else None
    return None


def _message(message: Mapping[str, Any]) -> Heard | None:
    sender, mid, when = _text(message, "from", "id"), _text(message, "id"), moment(message.get("created_time"))
    if not sender or not mid or when is None:
        return None
    return Heard(sender, _text(message, "message"), when, mid, name=_text(message, "from", "name"))


def _data(found: object) -> Iterator[Mapping[str, Any]]:
    entries = found.get("data") if isinstance(found, Mapping) else None
    yield from (entry for entry in entries if isinstance(entry, Mapping)) if isinstance(entries, list) else ()


def _text(found: Any, *keys: str) -> str:
    for key in keys:
        found = found.get(key) if isinstance(found, Mapping) else None
    return clean(found) if isinstance(found, str) else ""
