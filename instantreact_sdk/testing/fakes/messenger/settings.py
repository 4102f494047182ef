"""What differs between apps, and what nobody outside knows for sure about the platform."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

TextUnit = Literal["utf-16", "code points", "bytes"]
"""In what the length of a text is counted."""


@dataclass(slots=True)
class Settings:
    """How the platform behaves; may be changed at any time. The defaults are the stricter reading where there are two.

    Attributes:
        versions: Of the Graph API, that may be used. What is older has expired, everything else is unknown.
        token_status: The HTTP status of a token that is refused: 400 or 401.
        proof_required: Whether the app demands an ``appsecret_proof`` with every call; a wrong one is refused in any case.
        development_mode: Whether the app is one that only people with a role on it can be reached by.
        closed_window: As what a message outside of the 24 hours is refused.
        text_unit: In what the 2000 of a text are counted.
        messaging_type_required: Whether a message without ``messaging_type`` is refused, as the documentation has it; else it is
            taken for an ``UPDATE``.
        template_in_message: Whether the template of a utility message is expected in ``message``; else beside it.
        usage_headers: Whether answers say how much of what it may the app has used.
    """

    versions: Collection[str] = ("v21.0", "v22.0", "v23.0", "v24.0", "v25.0", "v26.0")
    token_status: int = 400
    proof_required: bool = False
    development_mode: bool = False
    closed_window: Literal["10/2018278", "10/2534022", "10/2018065"] = "10/2018278"
    text_unit: TextUnit = "utf-16"
    messaging_type_required: bool = True
    template_in_message: bool = True
    usage_headers: bool = True
