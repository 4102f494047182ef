"""A Page, the people who have written to it, and what it keeps."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from instantreact_sdk.testing.fakes.messenger.graph_error import GraphError

_PLACE = re.compile(r"\{\{([1-9]\d*)\}\}")
DAY = timedelta(days=1)
PERMISSIONS = ("pages_messaging", "pages_manage_metadata", "pages_read_engagement", "pages_show_list")
"""What the token of a Page has been granted; add ``human_agent`` and ``page_utility_messaging`` to a Page that may use these."""


@dataclass(slots=True)
class Person:
    """Somebody who can be messaged by the Page.

    Attributes:
        psid: Their id, of this Page only.
        name: Given name and family name.
        has_role: Whether they are an administrator, developer or tester of the app.
        blocked: Whether they have blocked the Page.
        wrote: When they last did what opens the window of 24 hours; None for never.
    """

    psid: str
    name: str
    has_role: bool = False
    blocked: bool = False
    wrote: datetime | None = None

    def wrote_within(self, span: timedelta, now: datetime) -> bool:
        """Whether they wrote less than `span` before `now`."""
        return self.wrote is not None and now - self.wrote < span


@dataclass(frozen=True, slots=True)
class Template:
    """A utility template.

    Attributes:
        name: As the app calls it.
        text: The body, in which ``{{1}}``, ``{{2}}``, ... stand for parameters.
        language: As ``en`` or ``pt_BR``.
        status: ``APPROVED``, ``PENDING`` or ``REJECTED``.
    """

    name: str
    text: str
    language: str = "en"
    status: str = "APPROVED"

    def places(self) -> int:
        """How many parameters it takes."""
        return max((int(number) for number in _PLACE.findall(self.text)), default=0)

    def filled(self, parameters: Sequence[str]) -> str:
        """Its text with parameters, as many as it has places."""
        return _PLACE.sub(lambda place: parameters[int(place[1]) - 1], self.text)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that was uploaded, to be sent again and again for 90 days.

    Attributes:
        id: What the platform calls it.
        kind: ``image``, ``audio``, ``video`` or ``file``.
        uploaded: When.
        content: Its bytes; empty where it came from an address, which the fake never asks.
        filename: As the client called it.
        type: Its media type.
        url: Where it came from; empty for bytes.
    """

    id: str
    kind: str
    uploaded: datetime
    content: bytes = field(default=b"", repr=False)
    filename: str = ""
    type: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a conversation.

    Attributes:
        id: Its ``mid``.
        time: When.
        text: Empty for a picture.
        by_page: Whether the Page said it.
    """

    id: str
    time: datetime
    text: str
    by_page: bool


@dataclass(slots=True)
class Page:
    """A Page.

    Attributes:
        id: Its id.
        token: Its access token.
        name: What people see.
        permissions: What the token has been granted.
        token_error: As what the token is refused; None while it is good.
        people: By PSID.
        templates: By name and language.
        attachments: By id.
        threads: What was said with each person, by PSID, in order.
    """

    id: str
    token: str = field(repr=False)
    name: str = "Night Watch"
    permissions: set[str] = field(default_factory=lambda: set(PERMISSIONS))
    token_error: GraphError | None = None
    people: dict[str, Person] = field(default_factory=dict)
    templates: dict[tuple[str, str], Template] = field(default_factory=dict)
    attachments: dict[str, Attachment] = field(default_factory=dict)
    threads: dict[str, list[Said]] = field(default_factory=dict)

    def lacks(self, *permissions: str) -> list[str]:
        """Which of these permissions the token has not been granted."""
        return [permission for permission in permissions if permission not in self.permissions]

    def heard(self, psid: str, said: Said) -> None:
        """Add to what was said with a person."""
        self.threads.setdefault(psid, []).append(said)

    def add_template(self, template: Template) -> None:
        """Let the Page have a template."""
        self.templates[template.name, template.language] = template
