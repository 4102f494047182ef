"""What a client asked of a fake, and what it is answered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from http.client import HTTPMessage
from typing import Any, Self, cast


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a ``multipart/form-data`` request.

    Attributes:
        content: Its bytes.
        filename: The name that the client gave to a file; empty for a plain field.
        type: Its media type, as ``image/jpeg``; ``text/plain`` where the client names none.
    """

    content: bytes = field(repr=False)
    filename: str = ""
    type: str = "text/plain"


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

    def parts(self) -> dict[str, Part]:
        """The parts of a ``multipart/form-data`` body by their names; none for any other body."""
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        message = BytesParser(policy=HTTP).parsebytes(head + self.body)
        return {
            str(part.get_param("name", header="Content-Disposition")): Part(
                cast("bytes", part.get_payload(decode=True)), part.get_filename() or "", part.get_content_type()
            )
            for part in message.iter_parts()
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer; ``Content-Length`` and ``Date`` are added.

    Attributes:
        status: 200 to 599.
        body: Its bytes.
        headers: By name.

    Example:
        >>> Answer.json({"id": 7}, status=201).body
        b'{"id": 7}'
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def json(cls, value: Any, *, status: int = 200) -> Self:
        """An answer with a JSON body.

        Args:
            value: What `json.dumps` takes.
            status: 200 to 599.
        """
        return cls(status, json.dumps(value).encode(), {"Content-Type": "application/json"})
