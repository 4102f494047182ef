"""Asking an RTSP server to describe a stream (RFC 2326, section 10.2), with the logins of RFC 7617 and RFC 2617."""

from __future__ import annotations

import socket
from base64 import b64encode
from dataclasses import dataclass
from hashlib import md5
from urllib.request import parse_http_list, parse_keqv_list

from instantreact_opencv.live_address import Address

_MOST = 65_536


@dataclass(frozen=True, slots=True)
class Description:
    """A server's answer.

    Attributes:
        status: As in HTTP; 0 where the answer is not RTSP.
        reason: The words beside the status.
        text: The description of the stream (SDP), or, for status 0, what came instead.
        challenges: The logins that a server asks for with status 401.
    """

    status: int
    reason: str
    text: str
    challenges: tuple[str, ...] = ()


def describe(stream: socket.socket, address: Address) -> Description:
    """Ask for the description, with the address's user and password where the server wants a login.

    Raises:
        OSError: The connection broke, or nothing came within its time limit.
    """
    answer = _ask(stream, address, 1, "")
    if answer.status == 401 and address.user:  # noqa: PLR2004
        for challenge in answer.challenges:
            login = _login(challenge, address)
            if login:
                return _ask(stream, address, 2, f"Authorization: {login}\r\n")
    return answer


def _ask(stream: socket.socket, address: Address, number: int, login: str) -> Description:
    request = f"DESCRIBE {address.bare} RTSP/1.0\r\nCSeq: {number}\r\nAccept: application/sdp\r\n{login}\r\n"
    stream.sendall(request.encode())
    data = b""
    while b"\r\n\r\n" not in data and len(data) < _MOST and (part := stream.recv(4096)):
        data += part
        if not b"RTSP/".startswith(data[:5]):
            return Description(0, "", data[:80].decode("latin-1"))
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    fields = [(name.strip().lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    length = min(_MOST, int(dict(fields).get("content-length") or 0))
    while len(body) < length and (part := stream.recv(4096)):
        body += part
    _, _, status = first.partition(" ")
    code, _, reason = status.partition(" ")
    return Description(
        int(code) if code.isdigit() else 0,
        reason,
        body.decode("utf-8", "replace"),
        tuple(value for name, value in fields if name == "www-authenticate"),
    )


def _login(challenge: str, address: Address) -> str:
    kind, _, rest = challenge.partition(" ")
    if kind.lower() == "basic":
        return "Basic " + b64encode(f"{address.user}:{address.password}".encode()).decode()
    if kind.lower() != "digest":
        return ""
    facts = parse_keqv_list(parse_http_list(rest))
    realm, nonce = facts.get("realm", ""), facts.get("nonce", "")
    secret = _md5(f"{address.user}:{realm}:{address.password}")
    answer = _md5(f"{secret}:{nonce}:{_md5(f'DESCRIBE:{address.bare}')}")
    return (
        f'Digest username="{address.user}", realm="{realm}", nonce="{nonce}", uri="{address.bare}", response="{answer}"'
    )


def _md5(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()
