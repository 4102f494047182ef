"""Alerts that travel from process to process, because the store does not take them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from instantreact_sdk.alerts.intake import Addressee, Intake, Told
from instantreact_sdk.alerts.stored import StoredEvent
from instantreact_sdk.types import Alert, Event

MOST = 100_000
"""Bytes of one parcel; traces and evidence are left out of one that would be larger."""


class DistantIntake:
    """Has another process take alerts into its memory. See `Intake`; it does not know where they went, or together with what.

    Args:
        send: Takes a JSON-able parcel to that process, where `unpack` takes it in.
    """

    def __init__(self, send: Callable[[dict[str, Any]], None]) -> None:
        self._send = send

    def event(self, run: str, stored: StoredEvent, whom: Sequence[Addressee], *, snapshot: str = "") -> list[Told]:
        """See `Intake.event`."""
        event = stored.event
        assert isinstance(event, Event)
        self._send({"event": _packed(event), "run": run, "whom": [asdict(one) for one in whom], "snapshot": snapshot})
        return [Told("", "", merged=False, due=0.0) for _ in whom]

    def alert(self, run: str, alert: Alert, whom: Addressee, *, status: str = "pending", follows: bool = False) -> str:
        """See `Intake.alert`."""
        packed = {
            "id": alert.id,
            "rule": alert.rule,
            "source": alert.source,
            "text": alert.text,
            "time": alert.time,
            "wall": alert.wall.isoformat() if alert.wall else None,
            "snapshot": str(alert.snapshot.absolute()) if alert.snapshot else "",
        }
        events = [_packed(event) for event in alert.events]
        self._send(
            {
                "alert": packed,
                "events": events,
                "run": run,
                "whom": [asdict(whom)],
                "status": status,
                "follows": follows,
            }
        )
        return ""

    def clip(self, run: str, event: str, path: Path, notifiers: Sequence[str]) -> None:
        """See `Intake.clip`."""
        self._send({"clip": event, "run": run, "path": str(path.absolute()), "notifiers": [*notifiers]})

    def over(self, run: str) -> None:
        """See `Intake.over`."""
        self._send({"over": run, "run": run})


def unpack(intake: Intake, parcel: Mapping[str, Any]) -> None:
    """Take in what `DistantIntake` has sent.

    Args:
        intake: Of a memory.
        parcel: It.

    Raises:
        InstantReactError: IR5003 to IR5006.
    """
    run = parcel["run"]
    whom = [Addressee(**{**one, "routes": tuple((a, b) for a, b in one["routes"])}) for one in parcel.get("whom", ())]
    if "event" in parcel:
        intake.event(run, StoredEvent(_event(parcel["event"])), whom, snapshot=parcel["snapshot"])
    elif "alert" in parcel:
        packed = parcel["alert"]
        snapshot = Path(packed["snapshot"]) if packed["snapshot"] else None
        events = tuple(_event(one) for one in parcel["events"])
        alert = Alert(**{**packed, "wall": _moment(packed["wall"]), "snapshot": snapshot, "events": events})
        intake.alert(run, alert, whom[0], status=parcel["status"], follows=parcel["follows"])
    elif "clip" in parcel:
        intake.clip(run, parcel["clip"], Path(parcel["path"]), parcel["notifiers"])
    elif "over" in parcel:
        intake.over(run)


def slim(parcel: dict[str, Any]) -> dict[str, Any]:
    """A parcel without what only explains it."""
    without: dict[str, Any] = {"evidence": [], "trace": {}}
    if "event" in parcel:
        return parcel | {"event": parcel["event"] | without}
    return parcel | {"events": [one | without for one in parcel.get("events", ())]}


def _packed(event: Event) -> dict[str, Any]:
    wall = event.wall.isoformat() if event.wall else None
    return {
        "rule": event.rule, "source": event.source, "start": event.start, "end": event.end,
        "evidence": [*event.evidence], "trace": event.trace, "wall": wall,
    }  # fmt: skip


def _event(packed: Mapping[str, Any]) -> Event:
    return Event(
        packed["rule"], packed["source"], packed["start"], packed["end"], tuple(packed["evidence"]), packed["trace"],
        _moment(packed["wall"]),
    )  # fmt: skip


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
