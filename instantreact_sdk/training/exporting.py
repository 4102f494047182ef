"""Exporting the weights of what any plugin brings an exporter for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.interfaces import Progress
from instantreact_sdk.registry import Registry, discover
from instantreact_sdk.training.calling import card_from, context_of, silent
from instantreact_sdk.training.choosing import with_aide
from instantreact_sdk.training.options import checked
from instantreact_sdk.training.result_folder import ready
from instantreact_sdk.types import ModelCard


def export(
    use: str,
    weights: str | Path,
    *,
    out: str | Path,
    options: Mapping[str, Any] | None = None,
    progress: Progress = silent,
    registry: Registry | None = None,
) -> ModelCard:
    """Write weights in a form that another runtime can use; the exporter checks it against them.

    Args:
        use: The component, ``ssd/ssd300``.
        weights: A file of weights, or the folder of a training run.
        out: The file to write; one that is there is replaced.
        options: Of the exporter.
        progress: Told how far it is.
        registry: The plugins; by default those that are installed.

    Raises:
        InstantReactError: The component, the options or the weights cannot be used (IR2, IR7); the exporter failed
            (IR4001), or refused in its own words; IR4020, `out` cannot be written.
    """
    base = Path.cwd()
    choice = with_aide(registry or discover(), use, "exporter", base)
    exporter = choice.exporter()
    help_ = f"See `instantreact-sdk export {choice.id} --help`."
    settings: Any = checked(exporter.options, options or {}, id=choice.id, base=base, fix=help_)
    if not Path(weights).exists():
        raise InstantReactError("IR7012", path=weights, problem="there is no such file or folder")
    if Path(out).is_dir():
        raise InstantReactError("IR4020", path=out, problem="it is a folder")
    _must_spare(Path(weights), Path(out))
    ready(Path(out).parent)
    context = context_of(choice, base)
    return card_from(choice, "export", lambda: exporter.export(Path(weights), settings, context, Path(out), progress))


def _must_spare(weights: Path, out: Path) -> None:
    """What is written, and the card beside it, must not take the place of weights or of their card."""
    own = [*weights.glob("weights.*")] if weights.is_dir() else [weights, weights.with_suffix(".json")]
    if {each.resolve() for each in own} & {out.resolve(), out.with_suffix(".json").resolve()}:
        problem = f"it, or its card, would take the place of the weights {weights}, or of their card"
        fix = "Choose another name for the file."
        raise InstantReactError("IR7018", data=out, what="the exported file", problem=problem, fix=fix)
