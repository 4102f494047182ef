"""What the pipeline file may say as the URL of a service, and what becomes of it for one message."""

from __future__ import annotations

import re
from difflib import get_close_matches
from urllib.parse import quote, unquote

from instantreact_apprise.schemes import SCHEMES

RECIPIENT, KEY = "{recipient}", "{key}"
"""Places in a URL: for the address of a person, and for the key by which a service knows a message that comes again."""
OVERFLOW = "overflow"
"""Apprise's argument for texts that are too long."""

_SCHEME = re.compile(r"\s*([a-z0-9][a-z0-9+.-]{0,31})://", re.IGNORECASE)
_ANOTHER = re.compile(r"[\s,;]\s*[a-z0-9]{1,32}://", re.IGNORECASE)
_PLACES = re.compile(r"\{(recipient|key)\}")
_WEB = ("http", "https")
"""Not services of their own, but some services' own addresses are understood, as https://discord.com/api/webhooks/1/abc."""

_ELSEWHERE = {"smtp": "mailto", "smtps": "mailtos", "email": "mailtos"}
_LIMIT = "`timeout` of the options sets how long to wait"
_ATTEMPTS = "attempts inside an attempt would hold up other alerts, and the person's next route"
_REFUSED = {
    "retry": _ATTEMPTS,
    "wait": _ATTEMPTS,
    "cto": _LIMIT,
    "rto": _LIMIT,
    "optional": "a message that was not sent would count as sent",
    "redirect": "a message that is sent on to another address loses its text on the way",
}
_SPLIT = "of several messages some may be lost; a text that is too long is cut instead"


def scheme_of(url: str) -> str:
    """What stands before ``://``, in lower case; empty for nothing."""
    found = _SCHEME.match(url)
    return found[1].lower() if found else ""


def problem_with(url: str) -> str:
    """What is wrong with it, as far as that can be told without the service; empty for nothing. Never quotes more than its scheme.

    Apprise itself is asked only about schemes that are not in `SCHEMES`.
    """
    scheme = scheme_of(url)
    if not scheme:
        return (
            "this is no Apprise URL: it begins with what Apprise calls the service, and `://`, as in tgram://TOKEN/CHAT"
        )
    if scheme not in SCHEMES and scheme not in _WEB:
        from instantreact_apprise.services import names

        known = names()
        if known.get(scheme) != scheme:
            return _unknown(scheme, known)
    if _ANOTHER.search(url):
        return "it holds several URLs: give each service a notifier of its own, so that it can be told which of them took an alert"
    for name, value in arguments(url).items():
        if name in _REFUSED:
            return f"`{name}=` has to be taken out: {_REFUSED[name]}"
        if name == OVERFLOW and value.lower() == "split":
            return f"`overflow=split` has to be taken out: {_SPLIT}"
    return ""


def arguments(url: str) -> dict[str, str]:
    """What it says after the question mark, by names in lower case."""
    pairs = (pair.partition("=") for pair in re.split("[&;]", url.partition("?")[2]))
    return {unquote(name).strip().lower(): unquote(value).strip() for name, _, value in pairs}  # a + begins a header


def filled(url: str, recipient: str, key: str) -> str:
    """The URL for one message: what stands for its places is quoted, so that it is one target, whatever characters it has."""
    values = {"recipient": recipient, "key": key}
    return _PLACES.sub(lambda place: quote(values[place[1]], safe=""), url)


def _unknown(scheme: str, known: dict[str, str]) -> str:
    """Said of a scheme that Apprise does not have.

    Args:
        scheme: Which.
        known: What services are called, in URLs and otherwise, in lower case, with the schemes that stand for them.
    """
    near = _ELSEWHERE.get(scheme) or next((known[name] for name in get_close_matches(scheme, known, n=1)), "")
    guess = f"; did you mean {near}://?" if near else ""
    return f"there is no service {scheme}:// in Apprise{guess}"
