"""What can be set of the notifier."""

from __future__ import annotations

import string
from typing import Literal

from pydantic import Field, SecretStr, field_validator

from instantreact_apprise.address import problem_with
from instantreact_sdk import Options, Secret

PLACES = ("rule", "source")
"""What of an alert its title may hold."""


class AppriseOptions(Options):
    """Options of `apprise/apprise`."""

    url: Secret
    """Apprise's URL of the service. In it `{recipient}` stands for a person's address, `{key}` for what is the same at every attempt to send a message."""

    title: str = "{rule} ({source})"
    """Heading, where the service has one (the subject of a mail); `{rule}` and `{source}` are the alert's. Empty for none."""

    attachments: bool = True
    """Send the pictures and clips that the pipeline's `attach` allows, where the service takes any."""

    largest_attachment: float = Field(10.0, gt=0, le=100)
    """Megabytes; what is larger stays here, and the text goes without it."""

    timeout: float = Field(15.0, gt=0, le=300)
    """Seconds to wait for a connection, and for each answer."""

    total_timeout: float = Field(25.0, gt=0, le=3600)
    """Seconds for one alert to one recipient, with picture and clip; less than the notifier's `time_limit`, beyond which a run gives it up."""

    on_unknown: Literal["retry", "assume_sent"] = "retry"
    """What an answer that never came stands for: not sent, so that a person may be told twice, or sent, so that perhaps nobody is told."""

    @field_validator("url")
    @classmethod
    def _usable(cls, url: SecretStr) -> SecretStr:
        problem = problem_with(url.get_secret_value())
        if problem:
            raise ValueError(problem)
        return url

    @field_validator("title")
    @classmethod
    def _known(cls, title: str) -> str:
        try:
            found = [rest for _, *rest in string.Formatter().parse(title) if rest[0] is not None]
        except ValueError:
            found = [[""]]
        if any(name not in PLACES or any(form) for name, *form in found):
            raise ValueError("a title may hold {rule} and {source}; a brace itself is written twice")
        return title
