"""From a pipeline file and the plugins to the members of a pipeline."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from instantreact_sdk.config import Loaded, check_components
from instantreact_sdk.config.pipeline_file import ComponentUse, ObserverUse
from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.errors.hiding import covered, covering_log
from instantreact_sdk.interfaces import Clock, Component, Context
from instantreact_sdk.pipeline import AFTER, CALL_LIMIT, Board, Member, Who, position
from instantreact_sdk.pipeline.board import CALLS
from instantreact_sdk.registry import Choice, Kind, Registry
from instantreact_sdk.registry.home import home_folder
from instantreact_sdk.types import Health, HealthKind

HealthSink = Callable[[Health], None]


@dataclass(frozen=True, slots=True)
class Members:
    """All components of a pipeline, by kind, in the order of the file.

    Attributes:
        plugins: Names of the plugins that were named, without local files; for their observing hooks.
    """

    sources: tuple[Member[Any], ...]
    detectors: tuple[Member[Any], ...]
    captioners: tuple[Member[Any], ...]
    recognizers: tuple[Member[Any], ...]
    notifiers: tuple[Member[Any], ...]
    plugins: tuple[str, ...]


class _Watched:
    """The end of the run as components see it: they cannot bring it about."""

    def __init__(self, stop: threading.Event) -> None:
        self.is_set = stop.is_set
        self.wait = stop.wait


class _Noted:
    """A registry whose imports stand on the board, for they run a plugin's code in this process."""

    def __init__(self, registry: Registry, board: Board) -> None:
        self._registry = registry
        self._board = board
        self._slot = board.slot()

    def resolve(self, kind: Kind, use: str, base: Path) -> Choice:
        """See `Registry.resolve`."""
        self._board.enter(self._slot, self._board.register(use, use), CALLS.index("import"), CALL_LIMIT)
        try:
            choice = self._registry.resolve(kind, use, base)
            choice.options_type()
        finally:
            self._board.leave(self._slot)
        return choice

    def done(self) -> None:
        """Nothing more will be imported."""
        self._board.give_back(self._slot)


class Builder:
    """Makes members; holds what all of them are given.

    Args:
        loaded: The pipeline file.
        registry: The plugins.
        stop: Set when the run ends.
        health: Where components tell how they are doing.
        quarantined: Components that must not be called, with the reason.
        board: Where a supervisor sees whose import does not come back.
        clock: Time, as components have it; left out, the real one.
    """

    def __init__(
        self,
        loaded: Loaded,
        registry: Registry,
        *,
        stop: threading.Event,
        health: HealthSink,
        quarantined: Mapping[str, InstantReactError],
        board: Board,
        clock: Clock | None = None,
    ) -> None:
        self._loaded = loaded
        self._clock = clock or Clock()
        self._stop = stop
        self._health = health
        self._quarantined = quarantined
        noted = _Noted(registry, board)
        self._checked = {(found.kind, found.name): found for found in check_components(loaded, noted)}
        noted.done()
        self.sends = {
            found.name: found.choice.spec.needs.sends for found in self._checked.values() if found.kind == "notifier"
        }
        """What each notifier sends away, by its own declaration."""

    def members(
        self,
        wants: Mapping[str, Callable[[float], bool]],
        state: Callable[[str], MutableMapping[str, Any]],
        *,
        notifiers: bool,
    ) -> Members:
        """All of them.

        Args:
            wants: For each source, whether a frame of a time would be looked at.
            state: Gives the durable dictionary of a component.
            notifiers: Whether people will be told.
        """
        self._state = state
        file = self._loaded.file
        everywhere = tuple(file.sources)
        plugins = [
            found.choice.id.partition("/")[0]
            for found in self._checked.values()
            if not found.choice.id.startswith((".", "/"))
        ]
        return Members(
            tuple(self._member("source", name, use, (name,), wants[name]) for name, use in file.sources.items()),
            self._observers("detector", file.detectors, everywhere),
            self._observers("captioner", file.captioners, everywhere),
            self._observers("recognizer", file.recognizers, everywhere),
            tuple(self._member("notifier", name, use, ()) for name, use in file.notifiers.items() if notifiers),
            tuple(dict.fromkeys(plugins)),
        )

    def _observers(
        self, kind: Kind, uses: Mapping[str, ObserverUse], everywhere: tuple[str, ...]
    ) -> tuple[Member[Any], ...]:
        members: list[Member[Any]] = []
        for name, use in uses.items():
            watched = tuple(use.sources) if use.sources is not None else everywhere
            if self._checked[kind, name].choice.spec.stateful:  # it remembers frames, so each source has its own
                members += [self._member(kind, name, use, (source,)) for source in watched]
            else:
                members.append(self._member(kind, name, use, watched))
        return tuple(members)

    def _member(
        self,
        kind: Kind,
        name: str,
        use: ComponentUse,
        sources: tuple[str, ...],
        wants: Callable[[float], bool] | None = None,
    ) -> Member[Any]:
        found = self._checked[kind, name]
        choice, options = found.choice, found.options

        def tell(what: HealthKind, detail: str) -> None:
            about = name if kind == "source" else ""
            here = position()
            self._health(Health(what, covered(detail), source=about, by=name, time=here[1] + AFTER if here else 0.0))

        context = Context(
            name=name,
            health=tell,
            stop=_Watched(self._stop),
            clock=self._clock,
            log=covering_log(name),
            state=self._state(name),
            base=self._loaded.base,
            cache_dir=home_folder() / "cache" / choice.id.replace("/", "-"),
        )
        if wants:
            context = replace(context, wants=wants)
        return Member(
            who=Who(name, choice.plugin),
            make=lambda: self._make(choice, options, name),
            context=context,
            sources=sources,
            stateful=choice.spec.stateful,
            limit=use.time_limit,
            max_failures=use.max_failures if isinstance(use, ObserverUse) else 1,
            sends=frozenset(choice.spec.needs.sends),
        )

    def _make(self, choice: Choice, options: BaseModel, name: str) -> Component:
        if name in self._quarantined:
            raise self._quarantined[name]
        return choice.make(options)
