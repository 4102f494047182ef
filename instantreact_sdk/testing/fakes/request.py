"""What a client asked of a fake, and what it is answered."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.parser import BytesParser
from email.policy import HTTP
from http.client import HTTPMessage
from typing import Any, Self
from urllib.parse import parse_qsl


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a ``multipart/form-data`` request.

    Attributes:
        content: Its bytes.
        filename: The name that the client gave to a file; empty for a plain field.
        type: Its media type, as ``image/jpeg``; empty where the client names none, which stands for ``text/plain``
            (RFC 7578, section 4.4).
    """

    content: bytes = field(repr=False)
    filename: str = ""
    type: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request, whole.

    Attributes:
        method: ``GET``, ``POST``, ...
        path: As it was sent, without the query.
        query: What follows the question mark, decoded; of a name given twice, the last.
        headers: ``headers["content-type"]`` finds a header whatever its case, and gives None for one that is not there.
        body: Its bytes, put together where they came in chunks.
    """

    method: str
    path: str
    query: Mapping[str, str]
    headers: HTTPMessage = field(repr=False)
    body: bytes = field(default=b"", repr=False)

    def json(self) -> Any:
        """The body, read as JSON.

        Raises:
            ValueError: It is none.
        """
        return json.loads(self.body)

    def form(self) -> dict[str, str]:
        """The fields of an ``application/x-www-form-urlencoded`` body, of a name given twice the last; none for any other body."""
        if self.headers.get_content_type() != "application/x-www-form-urlencoded":
            return {}
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    def parts(self) -> dict[str, Part]:
        """The parts of a ``multipart/form-data`` body by their names; none for any other body."""
        return dict(self._parts())

    def _parts(self) -> Iterator[tuple[str, Part]]:
        boundary = self.headers.get_boundary()
        if boundary is None:
            return
        # By hand: `email` reads bodies line by line, which takes seconds for a film.
        for piece in (b"\r\n" + self.body).split(b"\r\n--" + boundary.encode())[1:]:
            if piece.startswith(b"--"):
                return
            head, _, content = piece.partition(b"\r\n\r\n")
            about = BytesParser(policy=HTTP).parsebytes(head.lstrip() + b"\r\n\r\n")
            name = str(about.get_param("name", header="Content-Disposition"))
            kind = about.get_content_type() if "Content-Type" in about else ""
            yield name, Part(content, about.get_filename() or "", kind)


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer; ``Content-Length`` and ``Date`` are added.

    Attributes:
        status: 200 to 599.
        body: Its bytes.
        headers: By name.
        delay: Seconds, of real time, for which the client waits for it.

    Example:
        >>> Answer.json({"id": 7}, status=201).body
        b'{"id": 7}'
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0

    @classmethod
    def json(cls, value: Any, *, status: int = 200) -> Self:
        """An answer with a JSON body.

        Args:
            value: What `json.dumps` takes.
            status: 200 to 599.
        """
        return cls(status, json.dumps(value).encode(), {"Content-Type": "application/json"})


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request, and how it ended.

    Attributes:
        time: When it had arrived, in UTC, by the fake's clock.
        request: What was asked.
        failure: The name of the failure that met it; empty for none.
        answer: None where the client got no answer: the connection was broken, or nothing ever came.
    """

    time: datetime
    request: Request
    failure: str = ""
    answer: Answer | None = None
