"""How components are doing, told to rules, files and people."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection
from dataclasses import replace

from instantreact_sdk.config.pipeline_file import SYSTEM
from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.pipeline import Merge
from instantreact_sdk.rules import RuleEngine
from instantreact_sdk.runner.chronicle import Chronicle
from instantreact_sdk.runner.crew import Crew
from instantreact_sdk.runner.times import Times
from instantreact_sdk.types import Health, Observation

_SILENCE = 30.0
_REMINDER = 60.0
"""Seconds before somebody who is still too slow is told of again."""


class Wellbeing:
    """Makes health observations: numbers them, and tells each source that a component serves.

    Args:
        crew: Who works where.
        engine: The rules.
        merge: What was seen, in order.
        chronicle: What is written.
        times: What time it is in a source.
        system: What belongs to no source: notifiers, the store.
    """

    def __init__(
        self, crew: Crew, engine: RuleEngine, merge: Merge, chronicle: Chronicle, times: Times, system: Collection[str]
    ) -> None:
        self._system = system
        self._crew = crew
        self._engine = engine
        self._merge = merge
        self._chronicle = chronicle
        self._times = times
        self._numbers: Counter[tuple[str, str]] = Counter()
        self._dropped: Counter[tuple[str, str]] = Counter()
        self._told_slow: dict[tuple[str, str, str], float] = {}
        self._printed: set[str] = set()
        self._frozen: set[str] = set()  # those of which it was found out here
        self._dark: set[str] = set()  # sources that are known to give no pictures

    def tell(self, health: Health) -> None:
        """A change of health. One without a source is told in every source that the component watches; that of a notifier or of the
        store, which watch none, in `SYSTEM`, where cameras are watched.
        """
        if health.kind in ("offline", "frozen"):
            self._dark.add(health.source)
        elif health.kind == "online":
            self._dark.discard(health.source)
        sources = (health.source,) if health.source else self._watched(health.by)
        if not sources and health.by in self._system:
            sources = (SYSTEM,)
        for source in sources:
            number = self._numbers[source, health.by]
            self._numbers[source, health.by] += 1
            live = self._times.live(source)
            now = self._times.now(source) if live or not health.time else health.time
            told = replace(health, source=source, time=now)
            seen = Observation(f"{source}/{health.by}/health-{number}", source, health.by, now, now, told)
            self._engine.observe(seen)
            if live:
                self._chronicle.observed([seen])
            else:  # in its place among what was seen, whoever was faster
                self._merge.add_aside(seen)
            self._chronicle.unwell(told)
        if not sources:
            self._chronicle.unwell(health)

    def late(self, by: str, source: str, observations: int) -> None:
        """So many observations came after the rules had decided."""
        self._chronicle.tally.late += observations
        self._slow("late", by, source, f"{by} was too late for the rules on {source}; see `allowed_lateness`.")

    def look_for_drops(self) -> None:
        """Tell where frames had to be left out since the last look."""
        for lane in self._crew.lanes:
            name = lane.member.who.name
            for source, dropped in tuple(lane.inbox.dropped.items()):
                if dropped > self._dropped[name, source]:
                    self._dropped[name, source] = dropped
                    text = f"{name} is slower than {source}; {dropped} frames were left out so far, see `sample_fps`."
                    self._slow("dropped", name, source, text)

    def look_for_silence(self) -> None:
        """Tell of live sources that give no pictures and say nothing about it; and of those that do again."""
        now = time.monotonic()
        for name, reader in self._crew.readers.items():
            if not self._times.live(name) or not reader.last_frame_at:
                continue
            silent = now - reader.last_frame_at > _SILENCE
            if silent and name not in self._dark:
                self._frozen.add(name)
                self.tell(Health("frozen", f"{name} has given no picture for {_SILENCE:g} s.", source=name, by=name))
            elif not silent and name in self._frozen:
                self._frozen.discard(name)
                self.tell(Health("online", f"{name} gives pictures again.", source=name, by=name))

    def printed(self, component: str) -> None:
        """A component wrote to standard output."""
        plugins = [lane.member.who.plugin for lane in self._crew.lanes if lane.member.who.name == component]
        if plugins and component not in self._printed:
            self._printed.add(component)
            error = InstantReactError("IR4009", component=component, plugin=plugins[0])
            # No observation: when a thread prints is no matter of media time, and files give the same lines in every run.
            self._chronicle.unwell(Health("plugin_failed", str(error), by=component))

    def _slow(self, how: str, by: str, source: str, detail: str) -> None:
        now = time.monotonic()
        if now - self._told_slow.get((how, by, source), -_REMINDER) >= _REMINDER:
            self._told_slow[how, by, source] = now
            self.tell(Health("falling_behind", detail, source=source, by=by))

    def _watched(self, component: str) -> tuple[str, ...]:
        return tuple(
            source for lane in self._crew.lanes if lane.member.who.name == component for source in lane.member.sources
        )
