"""Another video in the place of a pipeline file's source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from instantreact_sdk.config import Loaded
from instantreact_sdk.config.conditions import leaves
from instantreact_sdk.config.pipeline_file import ObserverUse, Rule, SourceUse
from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.registry import Registry


def substituted(loaded: Loaded, registry: Registry, video: str, source: str | None) -> Loaded:
    """The same pipeline with one source only, which plays the given video.

    What watches other sources only is left out, and so are rules that need them.

    Args:
        loaded: The pipeline file.
        registry: The plugins; they tell which source can play the video.
        video: A path or address.
        source: Name of the source whose place it takes; None where there is only one.

    Raises:
        InstantReactError: IR6010, there are several sources and none was named; IR6011, there is none of that name;
            IR6012, no plugin plays such an address.
    """
    file = loaded.file
    if source is None:
        if len(file.sources) > 1:
            raise InstantReactError("IR6010", path=loaded.path, sources=", ".join(file.sources))
        source = next(iter(file.sources))
    if source not in file.sources:
        raise InstantReactError("IR6011", path=loaded.path, source=source, sources=", ".join(file.sources))
    player = registry.source_for(video)
    if player is None:
        raise InstantReactError("IR6012", video=video if "@" not in video else "this address")
    old = file.sources[source]
    if "://" not in video and not video.isdecimal():
        video = str(Path(video).absolute())  # it is the caller's, while the file's own paths start beside the file
    options = {**(old.options if old.use == player else {}), "url": video}
    watching = {source}

    def kept(uses: Mapping[str, ObserverUse]) -> dict[str, ObserverUse]:
        return {
            name: use.model_copy(update={"sources": None})
            for name, use in uses.items()
            if use.sources is None or watching & {*use.sources}
        }

    def fits(rule: Rule) -> bool:
        named = {leaf.source for leaf in leaves(rule.when) if leaf.source}
        zones = {getattr(leaf, "zone", None) for leaf in leaves(rule.when)} - {None}
        elsewhere = {name for name in zones if name in file.zones and file.zones[name].source != source}
        return not elsewhere and named <= watching and (rule.sources is None or source in rule.sources)

    changes: dict[str, Any] = {
        "sources": {
            source: SourceUse(use=player, options=options, sample_fps=old.sample_fps, time_limit=old.time_limit)
        },
        "detectors": kept(file.detectors),
        "captioners": kept(file.captioners),
        "recognizers": kept(file.recognizers),
        "zones": {name: zone for name, zone in file.zones.items() if zone.source == source},
        "rules": {name: rule.model_copy(update={"sources": None}) for name, rule in file.rules.items() if fits(rule)},
    }
    return replace(loaded, file=file.model_copy(update=changes))
