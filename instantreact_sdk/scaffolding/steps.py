"""What to do with a plugin that was made, as commands to paste."""

from __future__ import annotations

from collections.abc import Sequence

from instantreact_sdk.registry import ComponentKind
from instantreact_sdk.scaffolding.names import Names


def first_steps(names: Names) -> list[str]:
    """Install, check and test it, from its folder."""
    return [
        "python -m pip install --editable . --group dev  # pip 25.1 or later, or uv pip",
        f"instantreact-sdk plugins check {names.name}",
        "pytest",
    ]


def demo_steps(names: Names, kinds: Sequence[ComponentKind]) -> list[str]:
    """Try it on the demo clip, from its folder. A source is what `analyze` would replace by the video, so it is run instead."""
    commands = ["instantreact-sdk demo --clip examples/yard.mp4"] if tuple(kinds) != ("source",) else []
    if "source" in kinds:
        commands.append("instantreact-sdk demo --pictures examples/pictures")
    if "notifier" in kinds:
        commands.append(f"export {names.variable}_URL=https://example.org/hook")
    if "source" in kinds:
        commands.append("instantreact-sdk run examples/pipeline.yaml --out examples/yard-out")
    else:
        commands.append(
            "instantreact-sdk analyze examples/yard.mp4 --config examples/pipeline.yaml --out examples/yard-out"
        )
    return commands
