"""``instantreact-sdk messenger``: make people reachable, and see what would stop an alert."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Make people reachable by Messenger, and see what would stop an alert.", no_args_is_help=True)

_USE = "messenger/messenger"
_Config = Annotated[Path, typer.Option("--config", "-c", help="The pipeline file.")]
_Name = Annotated[str, typer.Option("--name", help="The notifier of the file; may be left out where it has one.")]


@app.command()
def subscribe(
    *,
    config: _Config = Path("instantreact.yaml"),
    name: _Name = "",
    host: Annotated[
        str, typer.Option(help="Address to listen at; Meta comes through a proxy or tunnel.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen at.", min=0, max=65535)] = 8080,
    path: Annotated[str, typer.Option(help="Path of the webhook's address.")] = "/webhook",
    poll: Annotated[
        bool, typer.Option("--poll", help="Open no port: ask Meta every five minutes, or as `poll` says.")
    ] = False,
) -> None:
    """Hear what people write to the Page: who is new, what they answer, whose 24 hours begin anew. Runs until Ctrl-C.

    For each new person the line for `people:` is printed.
    """
    from instantreact_messenger.subscribing import listen, look
    from instantreact_sdk import borrowed

    with borrowed(config, _USE, name) as notifier:
        if poll:
            look(notifier)
        else:
            listen(notifier, host, port, path)


@app.command()
def check(
    *,
    config: _Config = Path("instantreact.yaml"),
    name: _Name = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say what would stop an alert right now, without sending one: token, permission, each person's 24 hours.

    The exit code is 1 where something would.
    """
    from instantreact_messenger.findings import findings
    from instantreact_messenger.options import MessengerOptions
    from instantreact_sdk import borrowed

    with borrowed(config, _USE, name, create=False) as notifier:
        assert isinstance(notifier.options, MessengerOptions)
        found = []
        for finding in findings(notifier.options, notifier.people, notifier.context):
            found.append(finding)
            if not as_json:
                typer.echo(f"{finding.level:<8} {finding.about:<11} {finding.what} {finding.fix}".rstrip())
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], indent=2, ensure_ascii=False))
    if any(finding.level == "stops" for finding in found):
        raise typer.Exit(1)
