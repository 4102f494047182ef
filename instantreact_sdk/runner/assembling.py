"""Putting the parts of a run together."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from instantreact_sdk.config import Loaded
from instantreact_sdk.config.conditions import LabelCondition, NoneCondition, leaves
from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.pipeline import Board, Floor, Merge, Message, Sampler, Unwell, Watch
from instantreact_sdk.registry import Registry
from instantreact_sdk.rules import RuleEngine
from instantreact_sdk.runner.building import Builder
from instantreact_sdk.runner.chronicle import Chronicle
from instantreact_sdk.runner.crew import Crew
from instantreact_sdk.runner.folder import Folder
from instantreact_sdk.runner.keeping import Keeping
from instantreact_sdk.runner.pictures import Pictures
from instantreact_sdk.runner.settings import Settings
from instantreact_sdk.runner.times import Times
from instantreact_sdk.runner.wellbeing import Wellbeing
from instantreact_sdk.types import Health


@dataclass(frozen=True, slots=True)
class Parts:
    """What a run works with.

    Attributes:
        workers: How many component calls may run at once.
        engine: The rules.
        merge: What was seen, in order.
        crew: The threads.
        chronicle: What is written and told.
        pictures: Frames for the video and for snapshots.
        times: What time it is in a source.
        wellbeing: How components are doing.
        board: Who is being called.
        watch: Time limits; it goes on until the last call has been made.
    """

    workers: int
    engine: RuleEngine
    merge: Merge
    crew: Crew
    chronicle: Chronicle
    pictures: Pictures
    times: Times
    wellbeing: Wellbeing
    board: Board
    watch: Watch


def assemble(
    loaded: Loaded,
    registry: Registry,
    settings: Settings,
    post: Callable[[Message], None],
    stop: threading.Event,
) -> Parts:
    """Make all parts; nothing is started.

    Args:
        loaded: The pipeline file.
        registry: The plugins.
        settings: What is asked besides.
        post: Where threads tell what happened.
        stop: Set when the run ends.

    Raises:
        InstantReactError: IR1003, a component is not there or its options are wrong; IR5020, the folder cannot be
            written to.
    """
    file = loaded.file
    workers = file.workers or os.cpu_count() or 1
    board = settings.board or _own_board()
    floor = Floor(board, Watch(board), threading.Semaphore(workers), post, stop, settings.strict)
    samplers = {name: Sampler(use.sample_fps or file.defaults.sample_fps) for name, use in file.sources.items()}

    builder = Builder(
        loaded,
        registry,
        stop=stop,
        health=lambda health: post(Unwell(health)),
        quarantined=settings.quarantined,
        board=board,
    )
    folder = _folder(loaded, settings)
    keeping = _keeping(loaded, settings, post)

    def state(component: str) -> MutableMapping[str, Any]:
        """What a component remembers: in the store, where the run is more than an analysis of files."""
        return {} if settings.strict or keeping is None else keeping.opened().state(component)

    wants = {name: sampler.wants for name, sampler in samplers.items()}
    members = builder.members(wants, state, notifiers=settings.deliver)
    chronicle = Chronicle(loaded, registry, settings, members, folder, floor, keeping)
    merge = Merge()
    engine = RuleEngine(file.rules, file.zones, tuple(file.sources))
    pictures = _pictures(loaded, settings, chronicle)
    crew = Crew(members, floor, samplers, draws=pictures.wanted)
    times = Times(crew, chronicle.tally)
    return Parts(
        workers,
        engine,
        merge,
        crew,
        chronicle,
        pictures,
        times,
        Wellbeing(crew, engine, merge, chronicle, times),
        board,
        floor.watch,
    )


def _folder(loaded: Loaded, settings: Settings) -> Folder | None:
    if settings.out is None:
        return None
    urls = [use.options.get("url") for use in loaded.file.sources.values()]
    inputs = [(loaded.base / url).resolve() for url in urls if isinstance(url, str) and "://" not in url]
    return Folder(settings.out, observations=settings.observations, goes_on=not settings.strict, inputs=inputs)


def _keeping(loaded: Loaded, settings: Settings, post: Callable[[Message], None]) -> Keeping | None:
    def failed(error: InstantReactError) -> None:
        post(Unwell(Health("plugin_failed", str(error), by="store")))

    if settings.store is None:
        return None
    return Keeping(settings.store, str(loaded.path), failed, anew=settings.new_store)


def _pictures(loaded: Loaded, settings: Settings, chronicle: Chronicle) -> Pictures:
    file, folder = loaded.file, chronicle.folder
    zones = {
        source: {name: zone.polygon for name, zone in file.zones.items() if zone.source == source}
        for source in file.sources
    }
    conditions = [leaf for rule in file.rules.values() for leaf in leaves(rule.when)]
    later = any(not isinstance(leaf, LabelCondition) for leaf in conditions) or any(
        isinstance(rule.when, NoneCondition) for rule in file.rules.values()
    )
    if folder is None:
        return Pictures(None, None, zones, remember=later)

    def video(source: str) -> Path:
        return folder.path / ("annotated.mp4" if len(file.sources) == 1 else f"annotated-{source}.mp4")

    return Pictures(
        folder.snapshots if settings.snapshots else None, video if settings.video else None, zones, remember=later
    )


def _own_board() -> Board:
    """One that nobody else reads; the file is gone as soon as it is in memory."""
    with tempfile.TemporaryDirectory(prefix="instantreact-") as folder:
        return Board(Path(folder) / "board")
