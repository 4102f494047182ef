"""The report: one page that needs nothing but itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from importlib.resources import files
from math import isfinite
from pathlib import Path
from typing import Any
from urllib.parse import quote

from instantreact_sdk.report.evidence import Snapshots, clip_url
from instantreact_sdk.report.reading import lines, whole
from instantreact_sdk.report.reasons import Reason, reason
from instantreact_sdk.report.self_contained import rendered, write_page
from instantreact_sdk.report.timeline import Timelines

_CARDS = 200  # of events, and of near misses; the files hold them all
_ALERTS = 2000


@dataclass(slots=True)
class Card:
    """One event, or near miss, as the page shows it."""

    id: str
    rule: str
    source: str
    start: float
    end: float
    evidence: list[str]
    reason: Reason
    alerts: list[dict[str, Any]] = field(default_factory=list)


def write_report(out: Path) -> Path:
    """Writes ``report.html`` from what a run left in its folder.

    It reads ``summary.json``, ``observations.jsonl``, ``events.jsonl``, ``near_misses.jsonl``, ``alerts.jsonl``,
    ``snapshots/``, ``clips/`` and ``annotated.mp4`` (``annotated-<source>.mp4`` of several sources), whichever are there, line
    by line, so that their size does not matter. The page loads nothing from a network, and its content security policy holds
    it to that. Films stay files beside it.

    Args:
        out: The run's folder.

    Returns:
        The path of the page.

    Raises:
        InstantReactError: IR4020 where the page cannot be written.
    """
    summary = whole(out / "summary.json")
    timelines = Timelines(_named(summary, "sources"))
    cards, events = _cards(out / "events.jsonl", "events", timelines)
    missed, near_misses = _cards(out / "near_misses.jsonl", "near_misses", timelines)
    _add_alerts(cards, lines(out / "alerts.jsonl"))
    timelines.see(lines(out / "observations.jsonl"))
    health = _health(summary, out)
    for line in health:
        timelines.mark("health", line, f"{line.get('by') or line.get('source')}: {line.get('kind')}")
    drawn = timelines.done()
    parts = {
        "summary": summary,
        "sources": _named(summary, "sources"),
        "components": _named(summary, "components"),
        "health": health,
        "timelines": drawn,
        "cards": cards,
        "events": events,
        "missed": missed,
        "near_misses": near_misses,
        "snapshot": Snapshots(out).url,
        "clip": partial(clip_url, out),
        "videos": {timeline.source: _video(out, timeline.source, alone=len(drawn) == 1) for timeline in drawn},
    }
    room = files("instantreact_sdk.report") / "page"
    style, script = ((room / name).read_text(encoding="utf-8") for name in ("report.css", "report.js"))
    return write_page(out / "report.html", rendered(room, "report.html.j2", parts, style=style, script=script))


def _video(out: Path, source: str, *, alone: bool) -> str:
    """The relative link to a source's annotated video; empty without one."""
    name = "annotated.mp4" if alone else f"annotated-{source}.mp4"
    return quote(name) if "/" not in name and (out / name).is_file() else ""


def _cards(path: Path, kind: str, timelines: Timelines) -> tuple[list[Card], int]:
    """The first cards, and how many there are altogether."""
    cards: list[Card] = []
    count = 0
    for line in lines(path):
        try:
            card = Card(
                id=str(line["id"]),
                rule=str(line["rule"]),
                source=str(line["source"]),
                start=float(line["start"]),
                end=float(line["end"]),
                evidence=[str(id_) for id_ in line["evidence"]],
                reason=reason(line["trace"]),
            )
        except (KeyError, TypeError, ValueError):
            continue
        if not (isfinite(card.start) and isfinite(card.end)):
            continue
        count += 1
        timelines.mark(kind, line, card.rule)
        if len(cards) < _CARDS:
            cards.append(card)
    return cards, count


def _add_alerts(cards: list[Card], alerts: Iterable[dict[str, Any]]) -> None:
    by_event = {card.id: card for card in cards}
    for count, alert in enumerate(alerts):
        told = alert.get("events")
        if count >= _ALERTS or not isinstance(told, list):
            continue
        for event in told:
            if isinstance(event, str) and event in by_event:
                by_event[event].alerts.append(alert)


def _health(summary: dict[str, Any], out: Path) -> list[dict[str, Any]]:
    """From the summary; from the observations where an interrupted run has none."""
    told = summary.get("health")
    if isinstance(told, list):
        return [line for line in told[:_CARDS] if isinstance(line, dict)]
    found: list[dict[str, Any]] = []
    for line in lines(out / "observations.jsonl"):
        if line.get("kind") == "health" and isinstance(line.get("data"), dict) and len(found) < _CARDS:
            found.append({**line, **line["data"]})
    return found


def _named(summary: dict[str, Any], key: str) -> dict[str, dict[str, Any]]:
    value = summary.get(key)
    return (
        {str(name): facts for name, facts in value.items() if isinstance(facts, dict)}
        if isinstance(value, dict)
        else {}
    )
