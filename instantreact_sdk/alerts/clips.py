"""Clips, which come later than the words of their alert."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Engine, select, update

from instantreact_sdk.alerts.stored import alert_id
from instantreact_sdk.alerts.tables import component_state, deliveries
from instantreact_sdk.alerts.upsert import upsert

CLIP_LASTS = 3600.0
"""Seconds for which it is tried to send a clip after its words."""

_OWNER = "sdk/clips"  # no component can be called so: names of the pipeline file hold no slash

_C = component_state.c
_D = deliveries.c


@dataclass(frozen=True, slots=True)
class Clip:
    """The clip of an event.

    Attributes:
        run: The run's id.
        event: The event's.
        path: The file.
        notifiers: Those that send clips, and may.
    """

    run: str
    event: str
    path: str
    notifiers: tuple[str, ...]


def attach(connection: Connection, clip: Clip, now: float) -> None:
    """Have a clip follow the words that were sent already, and go with those that were not; once only.

    Args:
        connection: To the store or to memory.
        clip: It.
        now: Seconds of UTC.
    """
    about = (_D.run == clip.run, _D.alert == alert_id(clip.event), _D.clip != clip.path)
    query = select(_D.position, _D.status, _D.notifier).where(*about).order_by(_D.position).with_for_update()
    for row in connection.execute(query).all():
        sends = row.notifier in clip.notifiers
        values: dict[str, Any] = {"clip": clip.path, "clip_due": sends}
        values |= follow(now) if row.status == "sent" and sends else {}
        connection.execute(update(deliveries).where(_D.position == row.position).values(values))


def follow(now: float) -> dict[str, Any]:
    """What becomes of a delivery whose words were sent, and whose clip is there."""
    return {"status": "pending", "due": now, "due_set": now, "expires": now + CLIP_LASTS}


def keep_clip(memory: Engine, connection: Connection, clip: Clip) -> None:
    """Remember a clip for deliveries that memory does not have.

    Args:
        memory: From `memory_engine`.
        connection: To it.
        clip: It.
    """
    row = {"component": _OWNER, "key": f"{clip.run}/{clip.event}", "value": asdict(clip)}
    connection.execute(upsert(memory, component_state, ["component", "key"], ["value"]), row)


def kept_clips(connection: Connection) -> Iterator[Clip]:
    """What `keep_clip` remembers."""
    for value in connection.scalars(select(_C.value).where(_C.component == _OWNER)):
        yield Clip(**{**value, "notifiers": tuple(value["notifiers"])})


def forget_clip(connection: Connection, clip: Clip) -> None:
    """The store has it; `keep_clip` need not remember it any more."""
    gone = component_state.delete().where(_C.component == _OWNER, _C.key == f"{clip.run}/{clip.event}")
    connection.execute(gone)
