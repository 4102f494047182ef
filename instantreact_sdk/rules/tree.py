"""From a condition in the pipeline file to nodes at work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from instantreact_sdk.config.conditions import (
    AllCondition,
    AnyCondition,
    Condition,
    HealthCondition,
    LabelCondition,
    Leaf,
    NoneCondition,
)
from instantreact_sdk.config.pipeline_file import Zone
from instantreact_sdk.rules.compounds import AllNode, AnyNode, NoneNode
from instantreact_sdk.rules.health import HealthNode
from instantreact_sdk.rules.instant import Node
from instantreact_sdk.rules.labels import LabelNode
from instantreact_sdk.rules.moments import MomentNode


def grow(condition: Condition, sources: Sequence[str], zones: Mapping[str, Zone]) -> Node:
    """The node for a condition, on these sources.

    Raises:
        KeyError: A condition names a zone that is not there; loading a pipeline file refuses that.
    """
    match condition:
        case AllCondition(all=parts):
            return AllNode(condition, [grow(part, sources, zones) for part in parts])
        case AnyCondition(any=parts):
            return AnyNode(condition, [grow(part, sources, zones) for part in parts])
        case NoneCondition(none=parts):
            return NoneNode(condition, [grow(part, sources, zones) for part in parts])
        case LabelCondition():
            zone = zones[condition.zone] if condition.zone is not None else None
            own = [source for source in _own(condition, sources) if zone is None or source == zone.source]
            return LabelNode(condition, own, zone)
        case HealthCondition():
            return HealthNode(condition, _own(condition, sources))
        case _:
            return MomentNode(condition, _own(condition, sources))


def _own(leaf: Leaf, sources: Sequence[str]) -> list[str]:
    return [source for source in sources if leaf.source in (None, source)]
