"""What a run counts, for its summary."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from instantreact_sdk.runner.crew import Crew
from instantreact_sdk.types import VERSION, Health, SourceInfo
from instantreact_sdk.version import __version__


@dataclass(slots=True)
class Tally:
    """Figures of a run.

    Attributes:
        began: When it began, on the monotonic clock.
        events: Rules that became true.
        near_misses: Rules that nearly did.
        alerts: Messages that people got, or would have got.
        late: Observations that came too late for their rules.
        health: All changes of health; only the first thousand.
        infos: What the sources say of themselves.
        reached: Seconds of media looked at, by source.
    """

    began: float = field(default_factory=time.monotonic)
    events: int = 0
    near_misses: int = 0
    alerts: int = 0
    late: int = 0
    health: list[Health] = field(default_factory=list)
    infos: dict[str, SourceInfo] = field(default_factory=dict)
    reached: dict[str, float] = field(default_factory=dict)

    def summary(self, crew: Crew | None, config: str | None, end: str) -> dict[str, Any]:
        """The contents of ``summary.json``.

        Args:
            crew: The threads of the run; None where it never started.
            config: The pipeline file, or None.
            end: ``done``, ``interrupted`` or ``failed``.
        """
        seconds = time.monotonic() - self.began
        readers = crew.readers if crew else {}
        media = sum(self.reached.values())
        return {
            "v": VERSION,
            "sdk": __version__,
            "config": config,
            "exit": end,
            "sources": {
                name: {
                    "frames": readers[name].frames_read,
                    "sampled": readers[name].frames_sampled,
                    "seconds": round(self.reached.get(name, 0.0), 5),
                    "width": info.width,
                    "height": info.height,
                    "fps": info.fps,
                    "live": info.live,
                    "sound": info.has_sound,
                }
                for name, info in self.infos.items()
            },
            "components": self._components(crew),
            "events": self.events,
            "near_misses": self.near_misses,
            "alerts": self.alerts,
            "late": self.late,
            "wall_seconds": round(seconds, 3),
            "speed": round(media / seconds, 3) if seconds else 0.0,
            "health": [
                {"kind": h.kind, "detail": h.detail, "source": h.source, "by": h.by, "time": round(h.time, 5)}
                for h in self.health
            ],
        }

    @staticmethod
    def _components(crew: Crew | None) -> dict[str, Any]:
        found: dict[str, dict[str, Any]] = {}
        for kind, lanes in crew.by_kind if crew else ():
            for lane in lanes:
                figures = found.setdefault(
                    lane.member.who.name,
                    {
                        "kind": kind,
                        "plugin": lane.member.who.plugin,
                        "calls": 0,
                        "seconds": 0.0,
                        "failures": 0,
                        "dropped": 0,
                    },
                )
                figures["calls"] += lane.calls
                figures["seconds"] = round(figures["seconds"] + lane.seconds, 3)
                figures["failures"] += lane.failures
                figures["dropped"] += sum(lane.inbox.dropped.values())
        return found
