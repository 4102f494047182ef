"""What a call to the Graph API asks for, wherever in the request it stands."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from instantreact_sdk.testing.fakes.messenger.graph_error import bad_parameter
from instantreact_sdk.testing.fakes.request import Part, Request


@dataclass(frozen=True, slots=True)
class Parameters:
    """The parameters of a call, from its query and its body: JSON, a form, or a form with files.

    Attributes:
        values: By name; what stands in the body comes before what stands in the query.
        files: The parts of the body that are files, by name.
        encoded: The names of those that are text by their nature, so that an object has to be given as JSON inside it.
    """

    values: Mapping[str, Any]
    files: Mapping[str, Part]
    encoded: frozenset[str]

    @classmethod
    def of(cls, request: Request) -> Self:
        """Read a request; a body of an unknown type has no parameters.

        Raises:
            Refused: The body says that it is JSON, and is none.
        """
        texts: dict[str, str] = dict(request.query)
        files: dict[str, Part] = {}
        structured: dict[str, Any] = {}
        match request.headers.get_content_type():
            case "application/json":
                structured = _json_object(request)
            case "application/x-www-form-urlencoded":
                texts |= request.form()
            case "multipart/form-data":
                for name, part in request.parts().items():
                    if part.filename or part.type:
                        files[name] = part
                    else:
                        texts[name] = part.content.decode("utf-8", "replace")
        return cls({**texts, **structured}, files, frozenset(texts.keys() - structured.keys()))

    def text(self, name: str) -> str:
        """A parameter as text; empty where it is not there, or something else."""
        value = self.values.get(name, "")
        return value if isinstance(value, str) else ""

    def object(self, name: str) -> dict[str, Any] | None:
        """A parameter that is an object; None where it is not there.

        Raises:
            Refused: It is none: in a form or query, it is no JSON; in JSON, it is JSON inside a text.
        """
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if name in self.encoded:
            try:
                value = json.loads(value)
            except ValueError:
                value = None
        if not isinstance(value, dict):
            raise bad_parameter(f"Param {name} must be a JSON object.")
        return value


def _json_object(request: Request) -> dict[str, Any]:
    try:
        found = request.json()
    except ValueError:
        raise bad_parameter("The body is no JSON.") from None
    return found if isinstance(found, dict) else {}
