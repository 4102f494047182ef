"""Making sure that a value is what it says, whatever a plugin computed it with."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from instantreact_sdk.errors import InstantReactError


def number(what: str, value: Any) -> float:
    """A finite number as a plain float: plugins hand over numpy's, too.

    Raises:
        InstantReactError: IR4011, it is none.
    """
    got = f"of type {type(value).__name__}"
    if not isinstance(value, str | bytes):  # which float() would read
        try:
            plain = float(value)
        except (TypeError, ValueError, OverflowError):
            pass
        else:
            if math.isfinite(plain):
                return plain
            got = str(plain)
    raise InstantReactError("IR4011", what=what, wanted="a finite number", got=got)


def share(what: str, value: Any) -> float:
    """A number in 0..1.

    Raises:
        InstantReactError: IR4011, it is none.
    """
    plain = number(what, value)
    if not 0.0 <= plain <= 1.0:
        raise InstantReactError("IR4011", what=what, wanted="a number in 0..1", got=f"{plain:g}")
    return plain


def text(what: str, value: Any) -> str:
    """A text.

    Raises:
        InstantReactError: IR4011, it is none.
    """
    if not isinstance(value, str):
        raise InstantReactError("IR4011", what=what, wanted="a text", got=f"of type {type(value).__name__}")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise InstantReactError("IR4011", what=what, wanted="a text", got=f"not whole characters: {value!a}") from None
    return str(value)


def jsonable(what: str, value: Mapping[str, Any]) -> Mapping[str, Any]:
    """A mapping that can be written as JSON.

    Raises:
        InstantReactError: IR4011, it cannot.
    """
    try:
        plain: Mapping[str, Any] = json.loads(json.dumps(dict(value), allow_nan=False, ensure_ascii=False).encode())
    except (TypeError, ValueError, RecursionError) as error:
        raise InstantReactError("IR4011", what=what, wanted="JSON-able", got=f"not: {error}") from None
    return plain
