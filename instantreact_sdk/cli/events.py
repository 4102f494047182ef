"""``instantreact-sdk events``: what happened, and why."""

from __future__ import annotations

from typing import Annotated

import typer

from instantreact_sdk.cli.opened_store import JsonOption, StoreOption, opened

app = typer.Typer(help="See what happened, and why.", no_args_is_help=True)


@app.command("list")
def list_events(
    *,
    store: StoreOption = ".",
    rule: Annotated[str | None, typer.Option(help="Only of this rule.")] = None,
    source: Annotated[str | None, typer.Option(help="Only of this source.")] = None,
    near_misses: Annotated[bool, typer.Option("--near-misses", help="What nearly was an event, instead.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """List the latest events, the last one first."""
    from instantreact_sdk.cli.event_tables import event_json, print_events
    from instantreact_sdk.cli.terminal import print_json

    with opened(store) as here:
        found = here.events(rule=rule, source=source, kind="near_miss" if near_misses else "event", limit=limit)
    if as_json:
        print_json([event_json(one) for one in found])
    else:
        print_events(found, "near misses" if near_misses else "events")


@app.command()
def show(
    id: Annotated[str, typer.Argument(help="The event's id, or its beginning.", show_default=False)],  # noqa: A002  (the word of the command line)
    *,
    store: StoreOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Show why an event happened or nearly did, its evidence, and what became of it."""
    from instantreact_sdk.alerts.ledger import Ledger
    from instantreact_sdk.cli.delivery_wording import delivery_json
    from instantreact_sdk.cli.event_tables import event_json, print_event
    from instantreact_sdk.cli.terminal import print_json

    with opened(store) as here:
        found = here.event(id)
        told = Ledger(here.engine).deliveries(run=found.run, event=found.event.id, limit=None)
    if as_json:
        print_json(event_json(found) | {"deliveries": [delivery_json(one) for one in told]})
    else:
        print_event(found, told)
