"""A call that may be made: whoever makes it has been recognized."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from instantreact_sdk.testing.fakes.messenger.page import Page
from instantreact_sdk.testing.fakes.messenger.parameters import Parameters


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the Graph API.

    Attributes:
        path: Below the version; ``me`` has become the id of the Page.
        parameters: Of query and body.
        page: Whose token it is.
        token: That token.
        time: When.
        request: Which of all requests it is, from 0.
        url: Where the API is, with the version.
    """

    path: Sequence[str]
    parameters: Parameters = field(repr=False)
    page: Page
    token: str = field(repr=False)
    time: datetime
    request: int
    url: str
