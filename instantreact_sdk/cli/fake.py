"""``instantreact-sdk fake``: stand-ins for services, to try things out on."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(help="Stand-ins for services, to try things out on.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """One command alone would become the group itself."""


@app.command()
def messenger(
    *,
    port: Annotated[int, typer.Option(help="Where it listens; 0 for a free port.", min=0, max=65535)] = 0,
    webhook: Annotated[
        str, typer.Option(help="Where to tell what people write: http://127.0.0.1:PORT/PATH.", show_default=False)
    ] = "",
    verify_token: Annotated[str, typer.Option(help="What the webhook knows the platform by.", show_default=False)] = "",
    faults: Annotated[
        float, typer.Option(help="Share of the sends that fail, in any way, by chance.", min=0, max=1)
    ] = 0.0,
    seed: Annotated[int, typer.Option(help="For the same chance again.")] = 0,
    closed: Annotated[bool, typer.Option("--closed", help="Begin when nobody has written for 24 hours.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print a line of JSON for each send, for programs.")] = False,
) -> None:
    """Stand for the Messenger Platform on this machine, until Ctrl-C.

    Prints where it is, a token that it takes, whom it knows, and each send as it comes in.
    Set `base_url` of the notifier to its address.

    A line like `anna I am on my way` has Anna write to the Page; where it is the title of a button, she taps it.
    """
    from instantreact_sdk.cli.fake_messenger import stand_in

    stand_in(
        port=port,
        webhook=webhook,
        verify_token=verify_token,
        faults=faults,
        seed=seed,
        closed=closed,
        as_json=as_json,
    )
