"""What a run writes down, and whom it tells."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from instantreact_sdk.alerts.stored import Outcome, StoredEvent
from instantreact_sdk.config import Loaded
from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.pipeline import Floor, Unwell
from instantreact_sdk.registry import Observer, Registry
from instantreact_sdk.runner.building import Members
from instantreact_sdk.runner.crew import Crew
from instantreact_sdk.runner.folder import Folder
from instantreact_sdk.runner.hooks import HookThread
from instantreact_sdk.runner.keeping import Keeping
from instantreact_sdk.runner.settings import Settings
from instantreact_sdk.runner.tally import Tally
from instantreact_sdk.runner.telling import Telling
from instantreact_sdk.types import VERSION, Alert, Event, Health, NearMiss, Observation

_HEALTH_KEPT = 1000
_LEAVE = 5.0  # seconds that a hook has to hear the rest


class Chronicle:
    """Takes what was observed and decided, in order, and passes it on: first the files, then the store, the observing
    hooks of plugins, and the people.

    Args:
        loaded: The pipeline file.
        registry: The plugins.
        settings: What is asked besides.
        members: The components.
        folder: Where files are written, or None.
        floor: What the run's threads share.
        keeping: The store, or None.
    """

    def __init__(
        self,
        loaded: Loaded,
        registry: Registry,
        settings: Settings,
        members: Members,
        folder: Folder | None,
        floor: Floor,
        keeping: Keeping | None,
    ) -> None:
        self.tally = Tally()
        self.folder = folder
        self._config = str(loaded.path)
        self._settings = settings
        self._post = floor.post
        self._failed_hooks: set[tuple[str, str]] = set()
        self._hooks = [HookThread(one, floor, self._hook_failed) for one in registry.observers(members.plugins)]
        for hook in self._hooks:
            hook.start()
        self._keeping = keeping
        self._telling = Telling(loaded.file, members.notifiers, floor, self._told, self._became)

    def began(self, source: str, wall: float) -> None:
        """A live source's time 0, in seconds of UTC."""
        self._telling.began(source, datetime.fromtimestamp(wall, UTC))

    def observed(self, observations: Iterable[Observation]) -> None:
        """Write what was seen."""
        if self.folder:
            for observation in observations:
                self.folder.write("observations.jsonl", observation.line())

    def happened(self, event: Event, picture: Path | None) -> None:
        """A rule became true.

        Args:
            event: The event.
            picture: Its snapshot.
        """
        self.tally.events += 1
        if self.folder:
            self.folder.write("events.jsonl", event.line())
        self._keep(event)
        self._tell_hooks(event)
        self._telling.event(event, picture)

    def nearly(self, near_miss: NearMiss) -> None:
        """A rule nearly became true."""
        self.tally.near_misses += 1
        if self.folder:
            self.folder.write("near_misses.jsonl", near_miss.line())
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

    def close(self, crew: Crew, end: str) -> None:
        """Tell what is left, complete the files, write the report."""
        self._telling.close()
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
            self._keeping.do(lambda store, run: store.add(run, [stored]))

    def _told(self, alert: Alert, recipient: str, failure: InstantReactError | None) -> None:
        """An alert reached its recipient (`failure` is None), or did not."""
        error = str(failure) if failure else None
        delivered = error is None and self._settings.deliver
        self.tally.alerts += 1
        if self.folder:
            line = {
                "v": VERSION,
                "id": alert.id,
                "rule": alert.rule,
                "source": alert.source,
                "recipient": recipient,
                "time": round(alert.time, 5),
                "text": alert.text,
                "events": [event.id for event in alert.events],
                "delivered": delivered,
            }
            self.folder.write("alerts.jsonl", line if error is None else {**line, "error": error})
        if self._keeping:
            self._keeping.do(
                lambda store, run: store.add_alert(run, alert, recipient, delivered=delivered, error=error or "")
            )

    def _became(self, event: Event, outcome: Outcome) -> None:
        if self._keeping:
            self._keeping.do(lambda store, run: store.set_outcome(run, [event.id], outcome))

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
