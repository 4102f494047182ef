"""What may be shown of an address."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"^([a-z][a-z0-9+.-]*)://([^/?#]*)([^?#]*)(.*)$", re.IGNORECASE | re.DOTALL)
_LOGIN = re.compile(r"[^/\s:@]+:[^/\s@]*@")
_HOST = re.compile(r"^(\[[0-9a-f:.]+\]|[\w.-]+)?(:\d*)?$", re.IGNORECASE)
# Some makers put the credentials into the path: rtsp://host/user=anna&password=1234&channel=1
_SECRET = re.compile(r"\b([a-z_]*(?:user|login|pass|pwd|token|key|secret|auth)[a-z_]*)=[^&/;]*", re.IGNORECASE)


def redacted(url: str) -> str:
    """An address without what may be secret: user, password, and all from a question mark on.

    An address from which they cannot be told with certainty (a password with a raw ``/``, an ``@`` in the path) is shown by its
    scheme alone.

    Args:
        url: Any address, also a malformed one. What is no ``scheme://`` address comes back as it is, but for ``user:password@``:
            a path may be an address with a slash too few.

    Example:
        >>> redacted("rtsp://anna:p%40ss@10.0.0.7:554/cam?token=1")
        'rtsp://10.0.0.7:554/cam?...'
    """
    found = _ADDRESS.match(url)
    if not found:
        return _LOGIN.sub("...@", url)
    scheme, authority, path, rest = found.groups()
    host = authority.rpartition("@")[2]
    if "@" in path + rest or not _HOST.match(host):
        return f"{scheme.lower()}://..."
    shown = _SECRET.sub(r"\1=...", path)
    return f"{scheme.lower()}://{host}{shown}{'?...' if rest else ''}"
