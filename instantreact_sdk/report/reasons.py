"""A rule's decision as a tree to read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_DEEPEST = 24


@dataclass(frozen=True, slots=True)
class Reason:
    """One node of an event's trace.

    Attributes:
        condition: What was asked.
        result: Whether it was so; None where the trace does not say.
        because: Why it came to this.
        evidence: The observations behind it.
        children: The conditions that it is made of.
    """

    condition: str
    result: bool | None
    because: str
    evidence: tuple[str, ...]
    children: tuple[Reason, ...]


def reason(trace: Any, depth: int = 0) -> Reason:
    """A trace as it stands in ``events.jsonl``, or a part of one; what is not as it should be is left empty."""
    node = trace if isinstance(trace, Mapping) else {}
    result, evidence, children = node.get("result"), node.get("evidence"), node.get("children")
    return Reason(
        condition=str(node.get("condition", "")),
        result=result if isinstance(result, bool) else None,
        because=str(node.get("because", "")),
        evidence=tuple(str(name) for name in evidence) if isinstance(evidence, list) else (),
        children=tuple(reason(child, depth + 1) for child in children)
        if isinstance(children, list) and depth < _DEEPEST
        else (),
    )
