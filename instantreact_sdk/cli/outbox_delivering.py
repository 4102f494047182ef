"""Sending what waits in an outbox, from the command line."""

from __future__ import annotations

import secrets
import tempfile
import time
from pathlib import Path

import typer

from instantreact_sdk.alerts.lease import SECONDS
from instantreact_sdk.alerts.outboxed import StoredDelivery
from instantreact_sdk.cli.opened_store import store_url
from instantreact_sdk.cli.terminal import Terminal, styled, terminal
from instantreact_sdk.config import load
from instantreact_sdk.errors.wording import printable
from instantreact_sdk.pipeline import Board
from instantreact_sdk.registry import discover
from instantreact_sdk.runner.post_office import PostOffice
from instantreact_sdk.types import Health

_STEP = 0.2


def deliver_from(config: Path, store: str, *, watch: bool) -> None:
    """Send until nothing waits any more.

    Args:
        config: The pipeline file.
        store: Where it waits; empty for the pipeline file's.
        watch: Whether to go on for ever.

    Raises:
        InstantReactError: IR1001 to IR1004, something is wrong with the file; IR5001 to IR5007, with the store.
        typer.Exit: 1, something could not be delivered for good.
    """
    out, err = terminal(), Terminal(stderr=True, soft_wrap=True)
    given_up = 0

    def told(health: Health) -> None:
        err.print(
            styled(
                (health.kind, "yellow" if health.kind != "online" else "green"),
                f" {health.by}: {printable(health.detail)}",
            )
        )

    def ended(delivery: StoredDelivery) -> None:
        nonlocal given_up
        given_up += delivery.status in ("failed", "expired")
        sent = "text" in delivery.parts
        mark = ("✓ ", "green") if sent else ("✗ ", "red")
        out.print(
            styled(mark, f"{delivery.recipient}: {printable(delivery.text)}", "" if sent else f" ({delivery.error})")
        )

    loaded = load(config)
    with tempfile.TemporaryDirectory(prefix="instantreact-") as folder:
        office = PostOffice(
            loaded,
            discover(),
            board=Board(Path(folder) / "board"),
            quarantined={},
            holder=f"outbox deliver {secrets.token_hex(6)}",
            store=store_url(store) if store else loaded.store_url,
            told=told,
            ended=ended,
        )
        office.hasten()
        began, told_of_others = time.monotonic(), False
        with office:
            while watch or office.waiting():
                office.step(_STEP)
                if not told_of_others and not office.held and time.monotonic() - began > SECONDS + 1:
                    told_of_others = True
                    if not watch:
                        err.print("Another process sends what is in this store; there is nothing to do here.")
                        break
                    err.print("Another process sends what is in this store, and this one takes over where it ends.")
            if waits := 0 if watch else office.escalations():
                what = "1 delivery waits" if waits == 1 else f"{waits} deliveries wait"
                err.print(
                    f"{what} for somebody to acknowledge the alert; `--watch`, or a run, tells the next one in time."
                )
    if given_up:
        raise typer.Exit(1)
