"""What a value of JSON has to be; clients send anything."""

from __future__ import annotations

from typing import Any

from instantreact_sdk.testing.fakes.messenger.graph_error import bad_parameter


def an_object(value: Any, name: str) -> dict[str, Any]:
    """An object; an empty one where there is none.

    Raises:
        Refused: It is something else.
    """
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise bad_parameter(f"Param {name} must be a JSON object.")
    return value


def objects(value: Any, name: str) -> list[dict[str, Any]]:
    """A list of objects; an empty one where there is none.

    Raises:
        Refused: It is something else.
    """
    if value is None:
        return []
    if not isinstance(value, list):
        raise bad_parameter(f"Param {name} must be an array.")
    return [an_object(one, name) for one in value]


def a_text(value: Any, name: str) -> str:
    """A text; an empty one where there is none.

    Raises:
        Refused: It is something else.
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        raise bad_parameter(f"Param {name} must be a string.")
    return value
