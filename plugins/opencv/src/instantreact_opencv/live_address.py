"""The address of a camera: what may be shown of it, and what a connection needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from instantreact_sdk import InstantReactError, redacted

LIVE_SCHEMES = {"rtsp": 554, "rtsps": 322, "http": 80, "https": 443}
"""The schemes of streams, with their usual ports."""


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
        # With an @ on both sides of a slash nobody knows whether what looks like the host is a piece of the password.
        if not host or parts.scheme not in LIVE_SCHEMES or ("@" in parts.netloc and "@" in parts.path):
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
