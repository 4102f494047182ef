"""The parameter ``fields`` of the Graph API: which fields of a node are told, and of the nodes inside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Self

from instantreact_sdk.testing.fakes.messenger.graph_error import GraphError, Refused

_PIECE = re.compile(r"\s*([A-Za-z_]\w*|[{},.()]|[^\s{},.()]+)")
_SYNTAX = "Syntax error in the parameter fields: {text}"


@dataclass(frozen=True, slots=True)
class Field:
    """One field that was asked for.

    Attributes:
        arguments: As ``{"limit": "5"}`` for ``messages.limit(5)``.
        inside: Which fields of what it holds were asked for, as ``messages{id,from}`` does; none for those that are told anyway.
    """

    arguments: Mapping[str, str] = field(default_factory=dict)
    inside: Mapping[str, Field] = field(default_factory=dict)


@dataclass(slots=True)
class _Reader:
    pieces: list[str]

    @classmethod
    def of(cls, text: str) -> Self:
        return cls([*reversed(_PIECE.findall(text))])

    def next(self) -> str:
        return self.pieces.pop() if self.pieces else ""

    def take(self, piece: str) -> bool:
        if self.pieces and self.pieces[-1] == piece:
            self.pieces.pop()
            return True
        return False

    def fields(self) -> Iterator[tuple[str, Field]]:
        while True:
            name = self.next()
            if not name.isidentifier():
                raise ValueError
            arguments = dict(self.arguments())
            inside: dict[str, Field] = {}
            if self.take("{"):
                inside = dict(self.fields())
                if not self.take("}"):
                    raise ValueError
            yield name, Field(arguments, inside)
            if not self.take(","):
                return

    def arguments(self) -> Iterator[tuple[str, str]]:
        while self.take("."):
            name = self.next()
            if not self.take("("):
                raise ValueError
            value = self.next()
            if not self.take(")"):
                raise ValueError
            yield name, value


def asked(text: str) -> dict[str, Field]:
    """Read the parameter; none for an empty one.

    Raises:
        Refused: It is written wrongly.
    """
    if not text.strip():
        return {}
    reader = _Reader.of(text)
    try:
        found = dict(reader.fields())
    except ValueError:
        found = {}
    if not found or reader.pieces:
        raise Refused(GraphError(2500, _SYNTAX.format(text=text)))
    return found


def written(fields: Mapping[str, Field]) -> str:
    """The same as the client would write it."""
    return ",".join(
        name
        + "".join(f".{key}({value})" for key, value in field.arguments.items())
        + (f"{{{written(field.inside)}}}" if field.inside else "")
        for name, field in fields.items()
    )
