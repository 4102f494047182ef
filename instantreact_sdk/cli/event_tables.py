"""Events for people, and for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from instantreact_sdk.alerts.outboxed import StoredDelivery
from instantreact_sdk.alerts.stored import StoredEvent
from instantreact_sdk.cli.delivery_wording import CROSS, TICK, mark_of, state_of
from instantreact_sdk.cli.terminal import styled, terminal
from instantreact_sdk.errors.wording import clock

_SHOWN = 20


def event_json(stored: StoredEvent) -> dict[str, Any]:
    """The line of ``events.jsonl``, with what the store adds to it."""
    return {
        **stored.event.line(),
        "kind": stored.event.kind,
        "run": stored.run,
        "wall": stored.event.wall.isoformat() if stored.event.wall else None,
        "outcome": asdict(stored.outcome) if stored.outcome else None,
    }


def print_events(found: Sequence[StoredEvent], what: str) -> None:
    """One line an event."""
    out = terminal()
    if not found:
        out.print(f"There are no {what}.")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("id", "when", "source", "rule", "what became of it"):
        table.add_column(heading, no_wrap=heading == "id", overflow="fold")
    for stored in found:
        event = stored.event
        table.add_row(*map(Text, (event.id, _when(stored), event.source, event.rule, _became(stored))))
    out.print(table)


def print_event(stored: StoredEvent, told: Sequence[StoredDelivery]) -> None:
    """Everything about one event, and how telling of it went."""
    event, out = stored.event, terminal()
    kind = "Event" if event.kind == "event" else "Near miss"
    out.print(styled((f"{kind} {event.id}", "bold"), f": {event.rule}, on {event.source}"))
    out.print(
        f"From {clock(event.start)} to {clock(event.end)}{f', {stored.event.wall:%Y-%m-%d %H:%M:%S} UTC' if stored.event.wall else ''}; run {stored.run}"
    )
    out.print()
    tree = Tree("Why" if event.kind == "event" else "Why not", guide_style="dim")
    _grow(tree, event.trace)
    out.print(tree)
    out.print()
    evidence = Tree("Evidence" if event.evidence else "No evidence", guide_style="dim")
    for observation in event.evidence[:_SHOWN]:
        evidence.add(styled(observation))
    if len(event.evidence) > _SHOWN:
        evidence.add(f"and {len(event.evidence) - _SHOWN} more; --json has them all")
    out.print(evidence)
    out.print()
    out.print(f"What became of it: {_became(stored)}")
    for delivery in told:
        out.print(styled("  ", mark_of(delivery), f"{delivery.recipient}: {delivery.text} ({state_of(delivery)})"))


def missing(trace: Mapping[str, Any]) -> list[str]:
    """What kept a rule from being true: the innermost conditions that were not."""
    if trace.get("result"):
        return []
    children = [] if str(trace.get("condition", "")).startswith("none ") else trace.get("children", ())
    inner = [found for child in children for found in missing(child)]
    return inner or [f"{trace.get('condition', '')}: {trace.get('because', '')}"]


def _when(stored: StoredEvent) -> str:
    return _moment(stored, stored.event.end)


def _moment(stored: StoredEvent, seconds: float) -> str:
    """A time of its source, in UTC where that is known."""
    if stored.event.wall is None:
        return clock(seconds)
    return f"{stored.event.wall + timedelta(seconds=seconds - stored.event.end):%Y-%m-%d %H:%M:%S}"


def _became(stored: StoredEvent) -> str:
    if stored.event.kind == "near_miss":
        return f"not true: {'; '.join(missing(stored.event.trace)) or 'it did not last'}"
    outcome = stored.outcome
    if outcome is None:
        return "not known: the run ended before, or was killed"
    if outcome.what == "alerted":
        return f"alert {outcome.alert}"
    if outcome.what == "untold":
        return "nobody to tell"
    if outcome.until is None:
        return f"alert {outcome.alert}, together with others"
    return f"alert {outcome.alert}, held back until {_moment(stored, outcome.until)} by the cooldown"


def _grow(tree: Tree, node: Mapping[str, Any]) -> None:
    because = f"  {node['because']}" if node.get("because") else ""
    branch = tree.add(styled(TICK if node.get("result") else CROSS, str(node.get("condition", "")), (because, "dim")))
    for child in node.get("children", ()):
        _grow(branch, child)
