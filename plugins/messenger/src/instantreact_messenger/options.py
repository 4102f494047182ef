"""What can be set of the notifier."""

from __future__ import annotations

import ipaddress
import string
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from instantreact_sdk import Options, Secret

_TAGS = "message tags cannot carry an alert"
_RETIRED = f"{_TAGS}: Meta refuses them since 27 April 2026 (error 100); use the mode `response`, or `utility` with an approved template"
_HUMAN = f"{_TAGS}: HUMAN_AGENT is for what a person writes, and an automatic message under it gets the Page blocked"
TAGS = {
    "CONFIRMED_EVENT_UPDATE": _RETIRED,
    "ACCOUNT_UPDATE": _RETIRED,
    "POST_PURCHASE_UPDATE": _RETIRED,
    "HUMAN_AGENT": _HUMAN,
}
"""Tags that other clients use, each with the reason why it is refused here."""

PLACES = ("text", "rule", "source", "time")
"""What of an alert a template's parameter may hold."""


class Template(Options):
    """A message template that Meta approved, of the category UTILITY."""

    name: str = Field(min_length=1, max_length=512)
    """Its name, as it was approved."""

    language: str = Field("en", pattern=r"^[a-z]{2,3}(_[A-Za-z]{2,4})?$")
    """The code of the language that it was approved in, as `en` or `pt_BR`."""

    parameters: tuple[str, ...] = Field(("{text}",), max_length=20)
    """What takes the place of each of its variables, in order; `{text}`, `{rule}`, `{source}` and `{time}` are the alert's."""

    @field_validator("parameters")
    @classmethod
    def _known(cls, parameters: tuple[str, ...]) -> tuple[str, ...]:
        for parameter in parameters:
            try:
                found = [rest for _, *rest in string.Formatter().parse(parameter) if rest[0] is not None]
            except ValueError:
                found = [[""]]
            if any(name not in PLACES or any(form) for name, *form in found):
                raise ValueError(
                    "a parameter may hold {text}, {rule}, {source} and {time}; a brace itself is written twice"
                )
        return parameters


class MessengerOptions(Options):
    """Options of `messenger/messenger`."""

    page_token: Secret
    """Access token of the Page, with the permission `pages_messaging`."""

    app_secret: Secret | None = None
    """Secret of the Meta app. With it every call carries a proof (`appsecret_proof`), and `messenger subscribe` can tell Meta's requests from forged ones."""

    page: str = Field("me", pattern=r"^(me|[0-9]{1,32})$", coerce_numbers_to_str=True)
    """Number of the Page; `me` is the one whose token it is."""

    version: str = Field("v26.0", pattern=r"^v[0-9]{1,3}\.[0-9]$")
    """Version of the Graph API; each works for about two years."""

    mode: Literal["response", "utility"] = "response"
    """`response`: plain messages, which Meta takes for 24 hours after the recipient wrote. `utility`: an approved template, at any time, without picture."""

    template: Template | None = None
    """The template, for the mode `utility`."""

    button: str = Field("OK", max_length=20)
    """Title of the button below an alert, which answers `ok`; empty for none."""

    on_unknown: Literal["retry", "assume_sent"] = "retry"
    """What a message is taken for when the connection broke before Meta answered: `retry`, for one that may have to be told again, and perhaps arrives twice; `assume_sent`, for sent, though perhaps it never arrives."""

    poll: float = Field(default=0, ge=0, le=3600)
    """Seconds between two looks for answers over the Graph API, where no webhook can run; 0 never looks, and `messenger subscribe --poll` every five minutes. Each look is a call or more, of the 200 a day that Meta allows for each person who is in touch with the Page."""

    connect_timeout: float = Field(default=5.0, gt=0, le=120)
    """Seconds to reach Meta."""

    read_timeout: float = Field(default=10.0, gt=0, le=300)
    """Seconds without a byte of an answer after which the connection is given up."""

    total_timeout: float = Field(default=25.0, gt=0, le=3600)
    """Seconds for one alert to one recipient, picture and clip too; less than the notifier's `time_limit`."""

    base_url: str = "https://graph.facebook.com"
    """Where the Graph API is; fakes are reached by it. Unencrypted `http://` is for this machine alone."""

    @model_validator(mode="before")
    @classmethod
    def _no_tags(cls, data: Any) -> Any:
        if isinstance(data, dict):
            for key in ("tag", "message_tag", "messaging_type"):
                if key in data:
                    raise ValueError(_reason(data[key]))
        return data

    @field_validator("mode", mode="before")
    @classmethod
    def _no_tag_as_mode(cls, mode: Any) -> Any:
        if isinstance(mode, str) and mode.upper() in (*TAGS, "MESSAGE_TAG"):
            raise ValueError(_reason(mode))
        return mode

    @field_validator("base_url")
    @classmethod
    def _safe(cls, address: str) -> str:
        try:
            url = urlsplit(address)
            host, _ = url.hostname or "", url.port
        except ValueError:
            raise ValueError("this is no web address") from None
        if url.scheme not in ("http", "https") or not host or url.query or url.fragment or "@" in url.netloc:
            raise ValueError("it begins with https:// and a host, and holds no user, no password and no `?`")
        if url.scheme == "http" and not _is_here(host):
            raise ValueError("the token would travel unencrypted: it has to begin with https://")
        return address.rstrip("/")

    @model_validator(mode="after")
    def _template_for_utility(self) -> Self:
        if self.mode == "utility" and not self.template:
            raise ValueError("the mode `utility` needs a `template` with its `name`")
        if self.mode == "response" and self.template:
            raise ValueError("a `template` is for the mode `utility`; set `mode: utility`, or leave it out")
        return self

    def reservations(self) -> str:
        """The 24-hour window, in the mode `response`."""
        if self.mode == "utility":
            return ""
        return "in the mode `response`, Meta takes a message only within 24 hours after its recipient wrote to the Page"


def _reason(tag: object) -> str:
    return TAGS.get(str(tag).upper(), f"{_TAGS}; leave it out: `mode` decides how a message goes")


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
