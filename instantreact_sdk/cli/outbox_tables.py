"""The outbox for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from instantreact_sdk.alerts.figures import Figures, quantile
from instantreact_sdk.alerts.outboxed import Attempt, StoredDelivery
from instantreact_sdk.cli.delivery_wording import (
    CROSS,
    DASH,
    TICK,
    mark_of,
    moment,
    shortened,
    span,
    state_of,
)
from instantreact_sdk.cli.terminal import styled, terminal
from instantreact_sdk.errors.wording import listed

KEY = 8
"""Digits of a key that are shown; that is enough to name a delivery."""
_QUANTILES = (0.5, 0.99)
_SHOWN = 20


def print_deliveries(found: Sequence[StoredDelivery], figures: Figures, *, narrowed: bool) -> None:
    """One line a delivery, and how things stand."""
    out = terminal()
    if not found:
        out.print("There are no such deliveries." if narrowed else "There are no deliveries.")
    else:
        table = _table("id", "raised (UTC)", "to", "status", "what it says, and what became of it")
        for one in found:
            table.add_row(
                one.key[:KEY],
                moment(one.created),
                Text(one.recipient),
                Text(one.status),
                Text(f"{one.text} ({state_of(one)})"),
            )
        out.print(table)
    out.print(standing(figures))


def standing(figures: Figures) -> str:
    """What waits, since when, and what was given up, in a sentence."""
    counts = figures.counts
    queued = counts.get("pending", 0) + counts.get("sending", 0)
    parts = [f"{queued} {'waits' if queued == 1 else 'wait'} to be sent" if queued else "Nothing waits to be sent"]
    if figures.oldest is not None:
        parts[0] += f", the oldest for {span(figures.oldest)}"
    if waiting := counts.get("waiting", 0):
        parts.append(f"{waiting} {'waits' if waiting == 1 else 'wait'} for somebody to acknowledge")
    if dead := counts.get("failed", 0) + counts.get("expired", 0):
        parts.append(f"{dead} {'was' if dead == 1 else 'were'} given up")
    return f"{'; '.join(parts)}."


def print_story(delivery: StoredDelivery, attempts: Sequence[Attempt]) -> None:
    """Everything about one delivery."""
    out = terminal()
    out.print(styled((f"Delivery {delivery.key}", "bold"), f" to {delivery.recipient}"))
    out.print(f"Alert {delivery.alert} of {delivery.rule}, on {delivery.source}; run {delivery.run}")
    late = "" if delivery.durable else "; the store could not be written to, so it was told from memory"
    out.print(f"Raised at {moment(delivery.created)} UTC{late}")
    out.print()
    out.print(delivery.text)
    out.print()
    out.print(_tree("Events", [*delivery.events], "No events"))
    files = [_file(name, path) for name, path in (("snapshot", delivery.snapshot), ("clip", delivery.clip)) if path]
    out.print(_tree("Evidence", files, "No snapshot and no clip"))
    routes = Tree("Routes", guide_style="dim")
    for number, (notifier, address) in enumerate(delivery.routes):
        mark = mark_of(delivery) if number == delivery.route else CROSS if number < delivery.route else DASH
        routes.add(styled(mark, f"{notifier} {shortened(address)}".rstrip()))
    out.print(routes)
    tried = Tree("Attempts" if attempts else "No attempts", guide_style="dim")
    for one in attempts:
        mark = TICK if one.outcome == "sent" else CROSS if one.outcome else DASH
        why = f": {one.error}" if one.error else ""
        tried.add(styled(mark, f"{moment(one.began)} {one.notifier}, {one.outcome or 'begun'}{_took(one)}{why}"))
    out.print(tried)
    out.print()
    out.print(f"What became of it: {state_of(delivery)}")


def print_changed(what: str, found: Sequence[StoredDelivery]) -> None:
    """Those that somebody decided on."""
    out = terminal()
    for one in found:
        out.print(f"{what} {one.key[:KEY]}, {named(one)}.")


def named(delivery: StoredDelivery) -> str:
    """A delivery as people call it."""
    return f"{delivery.rule} at {delivery.source}, to {delivery.recipient}"


def print_figures(figures: Figures) -> None:
    """How the outbox is doing, by notifier."""
    out = terminal()
    if figures.notifiers:
        table = _table("notifier", "waits", "sent", "given up", "oldest", "failures in a row", "left alone")
        for name, one in figures.notifiers.items():
            alone = f"for {span(one.closed_for)}: {one.cause}" if one.closed_for else "no"
            oldest = span(one.oldest) if one.oldest is not None else ""
            table.add_row(
                Text(name), *map(str, _sums(one.counts).values()), oldest, str(one.failures), Text(alone.rstrip(": "))
            )
        out.print(table)
        out.print()
    for what, latest in (("First tried", figures.waits), ("Taken by a notifier", figures.arrivals)):
        if latest:
            shares = [f"{share:.0%} within {span(quantile(latest, share))}" for share in _QUANTILES]
            out.print(f"{what}: {listed(shares, 'and')}, of the latest {len(latest)}.")
    out.print(standing(figures))


def figures_json(figures: Figures) -> dict[str, Any]:
    """The same for programs."""
    latencies = {
        name: {
            "of": len(latest),
            **{f"p{share * 100:g}": quantile(latest, share) if latest else None for share in _QUANTILES},
        }
        for name, latest in (("first_attempt", figures.waits), ("delivery", figures.arrivals))
    }
    notifiers = {
        name: {
            **_sums(one.counts),
            "counts": one.counts,
            "oldest": one.oldest,
            "failures": one.failures,
            "circuit_open": one.closed_for > 0,
            "closed_for": one.closed_for,
            "cause": one.cause,
        }
        for name, one in figures.notifiers.items()
    }
    total = {**_sums(figures.counts), "counts": figures.counts, "oldest": figures.oldest}
    return {**total, "seconds": latencies, "notifiers": notifiers}


def _sums(counts: Mapping[str, int]) -> dict[str, int]:
    sums = {
        "queued": ("waiting", "pending", "sending"),
        "sent": ("sent", "acknowledged"),
        "failed": ("failed", "expired"),
    }
    return {name: sum(counts.get(status, 0) for status in of) for name, of in sums.items()}


def _table(*headings: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        table.add_column(heading, no_wrap=heading in ("id", "status"), overflow="fold")
    return table


def _tree(title: str, lines: Sequence[str], none: str) -> Tree:
    tree = Tree(title if lines else none, guide_style="dim")
    for line in lines[:_SHOWN]:
        tree.add(styled(line))
    if len(lines) > _SHOWN:
        tree.add(f"and {len(lines) - _SHOWN} more; --json has them all")
    return tree


def _file(name: str, path: str) -> str:
    return f"{name} {path}{'' if Path(path).exists() else ', which is not there any more'}"


def _took(attempt: Attempt) -> str:
    if attempt.ended is None:
        return ""
    return f" after {span(max(0.0, attempt.ended - attempt.began))}"
