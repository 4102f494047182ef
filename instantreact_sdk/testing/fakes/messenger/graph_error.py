"""How the Graph API refuses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from instantreact_sdk.testing.fakes.request import Answer

JSON_TYPE = "application/json; charset=UTF-8"


@dataclass(frozen=True, slots=True)
class GraphError:
    """An error of the Graph API.

    Attributes:
        code: As 100.
        message: For developers.
        subcode: As 2018001; None where there is none.
        status: Of HTTP. The platform is not strict about it: clients have to look at the code.
        type: ``OAuthException`` or ``GraphMethodException``.
        transient: The value of ``is_transient``; None where the answer has no such field.
        title: What a person may be told, as a heading; empty for nothing.
        detail: The same as a sentence.
    """

    code: int
    message: str
    subcode: int | None = None
    status: int = 400
    type: str = "OAuthException"
    transient: bool | None = None
    title: str = ""
    detail: str = ""

    @property
    def name(self) -> str:
        """Code and subcode, as ``100/2018001``."""
        return f"{self.code}/{self.subcode}" if self.subcode else str(self.code)

    def answer(self, trace: str, headers: Mapping[str, str] | None = None) -> Answer:
        """The answer of HTTP that says so.

        Args:
            trace: The ``fbtrace_id``.
            headers: Of the answer, besides its type.
        """
        fields: dict[str, Any] = {
            "message": self.message,
            "type": self.type,
            "code": self.code,
            "error_subcode": self.subcode,
            "is_transient": self.transient,
            "error_user_title": self.title or None,
            "error_user_msg": self.detail or None,
            "fbtrace_id": trace,
        }
        told = {name: value for name, value in fields.items() if value is not None}
        body = json.dumps({"error": told}).encode()
        return Answer(self.status, body, {"Content-Type": JSON_TYPE, **(headers or {})})


class Refused(Exception):  # noqa: N818  (it ends the making of an answer, and is none of the SDK's errors)
    """A request is refused.

    Args:
        error: As what.
    """

    def __init__(self, error: GraphError) -> None:
        super().__init__(error.name)
        self.error = error


def bad_parameter(message: str, subcode: int | None = None) -> Refused:
    """The refusal of a request that is wrong in itself; most of them share one code."""
    return Refused(GraphError(100, f"(#100) {message}", subcode))
