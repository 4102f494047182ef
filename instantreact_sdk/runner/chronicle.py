"""What a run writes down, and whom it tells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from instantreact_sdk.alerts.stored import Outcome, StoredEvent
from instantreact_sdk.alerts.told import alert_line, delivery_line
from instantreact_sdk.config import Loaded
from instantreact_sdk.config.pipeline_file import Then
from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.pipeline import Floor, Unwell
from instantreact_sdk.registry import Observer, Registry
from instantreact_sdk.runner.crew import Crew
from instantreact_sdk.runner.folder import Folder
from instantreact_sdk.runner.hooks import HookThread
from instantreact_sdk.runner.keeping import Keeping
from instantreact_sdk.runner.mailing import Mailing
from instantreact_sdk.runner.settings import Settings
from instantreact_sdk.runner.tally import Tally
from instantreact_sdk.runner.telling import Telling, addressee
from instantreact_sdk.types import Alert, Event, Health, NearMiss, Observation

if TYPE_CHECKING:
    from instantreact_sdk.alerts.evidence import Room
    from instantreact_sdk.alerts.outboxed import StoredDelivery
    from instantreact_sdk.alerts.store import Store

_HEALTH_KEPT = 1000
_LEAVE = 5.0  # seconds that a hook has to hear the rest


class Chronicle:
    """Takes what was observed and decided, in order, and passes it on: first the files, then the store, the observing
    hooks of plugins, and the people.

    Args:
        loaded: The pipeline file.
        registry: The plugins.
        settings: What is asked besides.
        plugins: Names of those whose hooks hear of events.
        folder: Where files are written, or None.
        floor: What the run's threads share.
        keeping: The store, or None.
        mailing: The way to people, or None where nobody is told.
    """

    def __init__(
        self,
        loaded: Loaded,
        registry: Registry,
        settings: Settings,
        plugins: Sequence[str],
        folder: Folder | None,
        floor: Floor,
        keeping: Keeping | None,
        mailing: Mailing | None,
    ) -> None:
        self.tally = Tally()
        self.folder = folder
        self._config = str(loaded.path)
        self._settings = settings
        self._post = floor.post
        self._failed_hooks: set[tuple[str, str]] = set()
        self._hooks = [HookThread(one, floor, self._hook_failed) for one in registry.observers(plugins)]
        for hook in self._hooks:
            hook.start()
        self._keeping = keeping
        self._mailing = mailing
        self._file = loaded.file
        self._telling = Telling(loaded.file, self._told, self._became)
        self._room: Room | None = None
        self._unwritten = ""
        self._alerts: list[tuple[Alert, str]] = []

    def began(self, source: str, wall: float) -> None:
        """A live source's time 0, in seconds of UTC."""
        self._telling.began(source, datetime.fromtimestamp(wall, UTC))

    def observed(self, observations: Iterable[Observation]) -> None:
        """Write what was seen."""
        for observation in observations:
            self._write("observations.jsonl", observation.line())

    def happened(self, event: Event, picture: Path | None) -> None:
        """A rule became true.

        Args:
            event: The event.
            picture: Its snapshot.
        """
        self.tally.events += 1
        if picture:
            self.evidence(picture)
        self._write("events.jsonl", event.line())
        self._tell_hooks(event)
        if self._mailing and self._telling.live(event.source):
            rule = self._file.rules[event.rule]
            whom = [addressee(self._file, event.rule, step) for step in rule.steps()]
            self._mailing.event(StoredEvent(event), whom, picture, self._count)
        else:
            self._keep(event)
            self._telling.event(event, picture)

    def nearly(self, near_miss: NearMiss) -> None:
        """A rule nearly became true."""
        self.tally.near_misses += 1
        self._write("near_misses.jsonl", near_miss.line())
        self._keep(near_miss)

    def due(self, now: Callable[[str], float]) -> None:
        """Tell what cooldowns have held back until now.

        Args:
            now: Gives the present time of a source.
        """
        self._telling.due(now)

    def unwell(self, health: Health) -> None:
        """A change of health."""
        if len(self.tally.health) < _HEALTH_KEPT:
            self.tally.health.append(health)
        if self._settings.on_health:
            self._settings.on_health(health)
        self._tell_hooks(health)

    def flush(self) -> None:
        """Bring the files to the disk."""
        if self.folder:
            with self.going_on():
                self.folder.flush()

    def begin(self) -> None:
        """All components are open: replace what an earlier run left.

        Raises:
            InstantReactError: IR5020, the folder cannot be written to.
        """
        if self.folder:
            self.folder.begin()
        if self._keeping:
            self._keeping.begin()
        if self._mailing:
            self._mailing.begin()

    def tell_the_rest(self) -> None:
        """No more events come: tell people what is left, for a while."""
        self._telling.close()
        if self._mailing:
            for line in self._mailing.close(self._alerts):
                self._write("alerts.jsonl", line)

    def close(self, crew: Crew, end: str) -> None:
        """Complete the files, write the report."""
        for hook in self._hooks:
            hook.end(_LEAVE)
        if self._keeping:
            self._keeping.close()
        if self.folder:
            self.folder.close(self.tally.summary(crew, self._config, end))
            if self._settings.report and self.folder.begun:
                from instantreact_sdk.report import write_report

                write_report(self.folder.path)

    def _keep(self, decision: Event | NearMiss) -> None:
        if self._keeping:
            stored = StoredEvent(decision)
            run = self._keeping.run
            self._keeping.do(lambda store: store.add(run, [stored]))

    def _told(self, alert: Alert, step: Then, follows: bool) -> None:
        """An alert of a file is due; or any, where nobody is told."""
        self._count(1)
        whom = addressee(self._file, alert.rule, step)
        if self._mailing:
            self._mailing.alert(alert, whom, follows=follows)
            self._alerts.append((alert, step.then))
            return
        self._write("alerts.jsonl", alert_line(alert, step.then, delivered=False))
        if self._keeping:
            run = self._keeping.run

            def note(store: Store) -> None:
                from instantreact_sdk.alerts.intake import Intake

                Intake(store.engine).alert(run, alert, whom, status="noted")

            self._keeping.do(note)

    def evidence(self, path: Path) -> None:
        """A snapshot or a clip was written: cameras write them for ever, so the oldest have to go. From any thread."""
        if not self._keeping or not self.folder or self._settings.strict:
            return
        out, budget = self.folder.path, self._file.outbox.evidence

        def make_room(store: Store) -> None:
            from instantreact_sdk.alerts.evidence import Room, pinned

            self._room = self._room or Room(out, budget, lambda: pinned(store.engine))
            trimmed = self._room.added(path)
            if trimmed and not trimmed.fits:
                detail = f"Snapshots and clips of alerts that wait take {trimmed.size / 1e6:.0f} MB, more than `outbox: evidence` allows."
                self._post(Unwell(Health("plugin_failed", detail, by="evidence")))

        self._keeping.do(make_room)

    def ended(self, delivery: StoredDelivery) -> None:
        """A delivery came to its end; those of files are written in order at the end of the run. From any thread."""
        if delivery.wall is not None:
            self._write("alerts.jsonl", delivery_line(delivery))

    def _count(self, alerts: int) -> None:
        self.tally.alerts += alerts

    def _write(self, name: str, line: Mapping[str, Any]) -> None:
        if self.folder:
            with self.going_on():
                self.folder.write(name, line)

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """An analysis is for its files, and ends where they cannot be written. Whoever watches cameras goes on: people are to be told."""
        try:
            yield
        except InstantReactError as error:
            if self._settings.strict:
                raise
            if str(error) != self._unwritten:
                self._unwritten = str(error)
                self._post(Unwell(Health("plugin_failed", str(error), by="results")))
        else:
            self._unwritten = ""

    def _became(self, event: Event, outcome: Outcome) -> None:
        if self._keeping:
            run = self._keeping.run
            self._keeping.do(lambda store: store.set_outcome(run, [event.id], outcome))

    def _tell_hooks(self, news: Event | Health) -> None:
        for hook in self._hooks:
            hook.tell(news)

    def _hook_failed(self, observer: Observer, cause: str) -> None:
        """Called from the hook's thread. A hook about health must not make more health to be called about: its own
        failures are told once.
        """
        if (observer.plugin, observer.hook) not in self._failed_hooks:
            self._failed_hooks.add((observer.plugin, observer.hook))
            detail = f"{observer.hook} of {observer.plugin} failed: {cause}."
            self._post(Unwell(Health("plugin_failed", detail, by=observer.plugin)))
