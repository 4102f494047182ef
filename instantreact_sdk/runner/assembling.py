"""Putting the parts of a run together."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Callable, Collection, Mapping, MutableMapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from instantreact_sdk.alerts.stored import Run, run_id
from instantreact_sdk.config import Loaded
from instantreact_sdk.config.conditions import LabelCondition, NoneCondition, leaves
from instantreact_sdk.config.pipeline_file import SYSTEM
from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.pipeline import Board, Floor, Merge, Message, Sampler, Unwell, Watch
from instantreact_sdk.registry import Registry
from instantreact_sdk.rules import RuleEngine
from instantreact_sdk.runner.building import Builder, Members
from instantreact_sdk.runner.chronicle import Chronicle
from instantreact_sdk.runner.clips import Clips
from instantreact_sdk.runner.crew import Crew
from instantreact_sdk.runner.folder import Folder
from instantreact_sdk.runner.heartbeat import Heartbeat
from instantreact_sdk.runner.keeping import Keeping
from instantreact_sdk.runner.mailing import Mailing
from instantreact_sdk.runner.office import Office
from instantreact_sdk.runner.pictures import Pictures
from instantreact_sdk.runner.raising import Raising
from instantreact_sdk.runner.settings import Settings
from instantreact_sdk.runner.times import Times
from instantreact_sdk.runner.wellbeing import Wellbeing
from instantreact_sdk.types import Event, Health

if TYPE_CHECKING:
    from instantreact_sdk.alerts.outboxed import StoredDelivery
    from instantreact_sdk.runner.courier import Courier

_OURS = ("sdk", "results", "store", "clips", "evidence", "delivery", "links", "metrics", "heartbeat")
"""Parts of the SDK that tell how they are doing."""
_BUSY = 2.0
"""Seconds to wait for another program that writes into the store, where alerts can go another way."""


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
        mailing: The way to people, or None.
        heartbeat: Tells a watcher elsewhere that all is well, or None.
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
    mailing: Mailing | None
    heartbeat: Heartbeat | None


def assemble(
    loaded: Loaded,
    registry: Registry,
    settings: Settings,
    post: Callable[[Message], None],
    stop: threading.Event,
    alive: Callable[[], bool],
) -> Parts:
    """Make all parts; nothing is started.

    Args:
        loaded: The pipeline file.
        registry: The plugins.
        settings: What is asked besides.
        post: Where threads tell what happened.
        stop: Set when the run ends.
        alive: Whether all is well.

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
        if settings.strict or keeping is None:
            return {}
        from instantreact_sdk.alerts.state import SafeState  # loads SQLAlchemy

        return SafeState(lambda: keeping.opened().state(component))

    wants = {name: sampler.wants for name, sampler in samplers.items()}
    members = builder.members(wants, state, notifiers=settings.deliver and settings.line is None)

    def ended(delivery: StoredDelivery) -> None:
        chronicle.ended(delivery)

    mailing = _mailing(loaded, settings, members, builder.sends, floor, keeping, ended)
    heartbeat = _heartbeat(loaded, settings, post, alive)
    chronicle = Chronicle(loaded, registry, settings, members.plugins, folder, floor, keeping, mailing)
    merge = Merge()
    # What is wrong with a notifier or the store happens in no camera; an analysis has no rules on it.
    sources = tuple(file.sources) if settings.strict else (*file.sources, SYSTEM)
    engine = RuleEngine(file.rules, file.zones, sources)
    pictures = _pictures(loaded, settings, chronicle, mailing, post)
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
        Wellbeing(crew, engine, merge, chronicle, times, () if settings.strict else (*file.notifiers, *_OURS)),
        board,
        floor.watch,
        mailing,
        heartbeat,
    )


def _folder(loaded: Loaded, settings: Settings) -> Folder | None:
    if settings.out is None:
        return None
    urls = [use.options.get("url") for use in loaded.file.sources.values()]
    inputs = [(loaded.base / url).resolve() for url in urls if isinstance(url, str) and "://" not in url]
    return Folder(settings.out, observations=settings.observations, goes_on=not settings.strict, inputs=inputs)


def _keeping(loaded: Loaded, settings: Settings, post: Callable[[Message], None]) -> Keeping | None:
    def failed(error: InstantReactError | None) -> None:
        again = Health("online", "What happens is in the store again.", by="store")
        post(Unwell(Health("plugin_failed", str(error), by="store") if error else again))

    def broken_off(run: Run) -> None:
        if settings.strict or settings.restarted:  # then it is told of each camera, with the reason
            return
        detail = (
            f"The run that began at {run.started:%Y-%m-%d %H:%M} UTC was broken off; perhaps nobody has watched since."
        )
        post(Unwell(Health("restarted", detail, by="sdk")))

    if settings.store is None:
        return None
    busy = {"busy": _BUSY} if settings.deliver else {}
    return Keeping(settings.store, str(loaded.path), failed, broken_off=broken_off, anew=settings.new_store, **busy)


def _mailing(
    loaded: Loaded,
    settings: Settings,
    members: Members,
    sends: Mapping[str, Collection[str]],
    floor: Floor,
    keeping: Keeping | None,
    ended: Callable[[StoredDelivery], None],
) -> Mailing | None:
    if not settings.deliver:
        return None
    run = keeping.run if keeping else run_id()
    clips = [name for name, sends in sends.items() if "clip" in sends] if loaded.file.attach == "clip" else []
    if settings.line:
        from instantreact_sdk.alerts.parcel import DistantIntake  # loads SQLAlchemy

        line = settings.line
        raising = Raising(run, keeping, lambda: DistantIntake(line.send), line.poke)
        office = Office(line, keeping, lambda health: floor.post(Unwell(health)))
        return Mailing(run, raising, None, office, clips=clips, drain=settings.drain, live=not settings.strict)

    @cache
    def courier() -> Courier:
        from instantreact_sdk.runner.delivering import deliverer  # loads SQLAlchemy

        connect = (lambda: keeping.opened().engine) if keeping else None

        def told(health: Health) -> None:
            floor.post(Unwell(health))

        return deliverer(loaded, members.notifiers, floor, connect, holder=f"run {run}", told=told, ended=ended)

    raising = Raising(run, keeping, lambda: courier().memory, lambda: courier().poke())
    return Mailing(run, raising, courier, None, clips=clips, drain=settings.drain, live=not settings.strict)


def _heartbeat(
    loaded: Loaded, settings: Settings, post: Callable[[Message], None], alive: Callable[[], bool]
) -> Heartbeat | None:
    asked = loaded.file.heartbeat
    if asked is None or settings.strict:  # an analysis ends, and nobody waits for its next sign of life
        return None

    def failed(problem: str) -> None:
        detail = f"The heartbeat does not arrive: {problem}." if problem else "The heartbeat arrives again."
        post(Unwell(Health("plugin_failed" if problem else "online", detail, by="heartbeat")))

    return Heartbeat(asked.url.get_secret_value(), asked.every, alive, failed)


def _pictures(
    loaded: Loaded, settings: Settings, chronicle: Chronicle, mailing: Mailing | None, post: Callable[[Message], None]
) -> Pictures:
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
    clips = None
    if file.attach == "clip":

        def ready(event: Event, path: Path) -> None:
            chronicle.evidence(path)
            if mailing:
                mailing.clip(event.id, path)

        def failed(detail: str) -> None:
            post(Unwell(Health("plugin_failed", detail, by="clips")))

        clips = Clips(folder.clips, ready, failed)

    def video(source: str) -> Path:
        return folder.path / ("annotated.mp4" if len(file.sources) == 1 else f"annotated-{source}.mp4")

    return Pictures(
        folder.snapshots if settings.snapshots else None,
        video if settings.video else None,
        zones,
        remember=later,
        clips=clips,
    )


def _own_board() -> Board:
    """One that nobody else reads; the file is gone as soon as it is in memory."""
    with tempfile.TemporaryDirectory(prefix="instantreact-") as folder:
        return Board(Path(folder) / "board")
