"""``instantreact-sdk events``: what happened, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from instantreact_sdk.errors import InstantReactError

if TYPE_CHECKING:
    from instantreact_sdk.alerts.store import Store

_FILE = "instantreact.db"

app = typer.Typer(help="See what happened, and why.", no_args_is_help=True)

_Store = Annotated[
    str,
    typer.Option(
        "--store",
        "-s",
        help="The store: a folder with instantreact.db, a file, or a URL.",
        show_default="./instantreact.db",
    ),
]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


@app.command("list")
def list_events(
    *,
    store: _Store = ".",
    rule: Annotated[str | None, typer.Option(help="Only of this rule.")] = None,
    source: Annotated[str | None, typer.Option(help="Only of this source.")] = None,
    near_misses: Annotated[bool, typer.Option("--near-misses", help="What nearly was an event, instead.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 50,
    as_json: _Json = False,
) -> None:
    """List the latest events, the last one first."""
    from instantreact_sdk.cli.event_tables import event_json, print_events
    from instantreact_sdk.cli.terminal import print_json

    with _opened(store) as opened:
        found = opened.events(rule=rule, source=source, kind="near_miss" if near_misses else "event", limit=limit)
    if as_json:
        print_json([event_json(one) for one in found])
    else:
        print_events(found, "near misses" if near_misses else "events")


@app.command()
def show(
    id: Annotated[str, typer.Argument(help="The event's id, or its beginning.", show_default=False)],  # noqa: A002  (the word of the command line)
    *,
    store: _Store = ".",
    as_json: _Json = False,
) -> None:
    """Show why an event happened or nearly did, its evidence, and what became of it."""
    from instantreact_sdk.cli.event_tables import alert_json, event_json, print_event
    from instantreact_sdk.cli.terminal import print_json

    with _opened(store) as opened:
        found = opened.event(id)
        alerts = opened.alerts(run=found.run, id=found.outcome.alert) if found.outcome and found.outcome.alert else []
    if as_json:
        print_json(event_json(found) | {"alerts": [alert_json(alert) for alert in alerts]})
    else:
        print_event(found, alerts)


def _opened(store: str) -> Store:
    from pathlib import Path

    from instantreact_sdk.alerts.store import Store

    if "://" not in store:
        path = Path(store)
        if path.is_dir():
            path /= _FILE
        if not path.exists():
            raise InstantReactError("IR5007", path=path, near=_near())
        store = f"sqlite:///{path.absolute()}"
    return Store.open(store, create=False)


def _near() -> str:
    """Stores that may be meant: that of a run lies beside its pipeline file, those of analyses in their results."""
    from pathlib import Path

    from instantreact_sdk.errors.wording import listed

    inside = sorted(Path().glob(f"*/{_FILE}"), key=lambda path: path.stat().st_mtime, reverse=True)
    found = [str(path) for path in (*Path().glob(_FILE), *inside[:2])]
    return f"; here there is {listed(found, 'and')}" if found else ""
