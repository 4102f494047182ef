"""The address of a camera: what may be shown of it, and what a connection needs."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from instantreact_sdk import InstantReactError

LIVE_SCHEMES = {"rtsp": 554, "rtsps": 322, "http": 80, "https": 443}
"""The schemes of streams, with their usual ports."""

_SPLIT = re.compile(r"^([a-z][a-z0-9+.-]*)://(.*)$", re.IGNORECASE | re.DOTALL)
# Some makers put the credentials into the path: rtsp://host/user=admin&password=1234&channel=1
_PATH_SECRET = re.compile(r"(?i)\b([a-z_]*(?:user|login|pass|pwd|token|key|secret|auth)[a-z_]*)=[^&/;]*")


def redacted(url: str) -> str:
    """The address without what may be secret: user, password, and everything after a question mark.

    Whatever stands before the last ``@`` is taken for credentials, so that a password with a raw ``/``, ``?`` or ``@`` is
    hidden too, at the price that a path with an ``@`` is shown shortened.

    Args:
        url: Any address, also a malformed one. A path or the number of a webcam comes back as it is.

    Example:
        >>> redacted("rtsp://anna:p%40ss@10.0.0.7:554/cam?token=1")
        'rtsp://10.0.0.7:554/cam?...'
    """
    split = _SPLIT.match(url)
    if not split:
        return url
    scheme, rest = split[1].lower(), split[2].rpartition("@")[2]
    path, query, _ = rest.partition("?")
    shown = _PATH_SECRET.sub(r"\1=...", path)
    return f"{scheme}://{shown}{'?...' if query else ''}"


@dataclass(frozen=True, slots=True)
class Address:
    """A stream's address in its parts.

    Attributes:
        scheme: ``rtsp``, ``rtsps``, ``http`` or ``https``.
        host: Name or number.
        port: The port, the scheme's usual one where none is given.
        path: Path and query, as they are asked for.
        user: The user, percent-decoded; empty where none is given.
        password: The password, percent-decoded.
        shown: The address as it may be shown.
    """

    scheme: str
    host: str
    port: int
    path: str
    user: str = ""
    password: str = field(default="", repr=False)
    shown: str = ""

    @classmethod
    def parse(cls, url: str) -> Address:
        """Take an address apart.

        Raises:
            InstantReactError: IR3020 where it is not an address.
        """
        try:
            parts = urlsplit(url.strip())
            port, host = parts.port, parts.hostname
        except ValueError:
            host = None
        if not host or parts.scheme not in LIVE_SCHEMES:
            raise InstantReactError("IR3020", url=redacted(url)) from None
        return cls(
            scheme=parts.scheme,
            host=host,
            port=port or LIVE_SCHEMES[parts.scheme],
            path=(parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            shown=redacted(url),
        )

    @property
    def encrypted(self) -> bool:
        """Whether the connection begins with a TLS handshake."""
        return self.scheme in {"rtsps", "https"}

    @property
    def bare(self) -> str:
        """The address without user and password, for requests that carry them in a header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}{self.path}"
