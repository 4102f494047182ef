"""``instantreact-sdk notifiers``: try out what tells people."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Try out what tells people.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """One command alone would become the group itself."""


@app.command("test")
def send_test_alert(
    name: Annotated[str, typer.Argument(help="A notifier of the pipeline file.")],
    *,
    config: Annotated[Path, typer.Option("--config", "-c", help="The pipeline file.")] = Path("instantreact.yaml"),
    to: Annotated[
        str, typer.Option(help="A person of the file, or an address; left out, the one person who is told this way.")
    ] = "",
) -> None:
    """Send a test alert through one notifier, and say what came of it."""
    from instantreact_sdk.cli.notifier_test import address_of, send_test
    from instantreact_sdk.config import load
    from instantreact_sdk.errors.wording import printable

    loaded = load(config)
    recipient = address_of(loaded, name, to)
    receipt = send_test(loaded, name, recipient)
    whom, what = f" for {recipient}" if recipient else "", f" as {receipt.id}" if receipt.id else ""
    typer.echo(printable(f"{name} took the test alert{whom}{what}."))
