"""``instantreact-sdk outbox``: who was told, who was not, and what people decide about it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from instantreact_sdk.cli.opened_store import JsonOption, StoreOption, opened
from instantreact_sdk.errors import InstantReactError

if TYPE_CHECKING:
    from instantreact_sdk.alerts.outboxed import StoredDelivery
    from instantreact_sdk.alerts.store import Store

app = typer.Typer(help="See who was told and who was not, and see to it.", no_args_is_help=True)

_Id = Annotated[
    str,
    typer.Argument(
        metavar="ID",
        help="A delivery's id, or that of an alert for all its deliveries; the beginning is enough.",
        show_default=False,
    ),
]


@app.command("list")
def list_deliveries(
    *,
    store: StoreOption = ".",
    status: Annotated[str, typer.Option(help="Only with one of these, as `failed,expired`.", show_default=False)] = "",
    recipient: Annotated[str | None, typer.Option(help="Only to this person or notifier.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """List the latest deliveries, the last one first, and say how things stand."""
    from instantreact_sdk.alerts.ledger import Ledger
    from instantreact_sdk.cli.delivery_wording import delivery_json
    from instantreact_sdk.cli.outbox_tables import print_deliveries
    from instantreact_sdk.cli.terminal import print_json

    wanted = _statuses(status)
    with opened(store) as here:
        ledger = Ledger(here.engine)
        found = ledger.deliveries(status=wanted, recipient=recipient, limit=limit)
        figures = ledger.figures()
    if as_json:
        print_json([delivery_json(one) for one in found])
    else:
        print_deliveries(found, figures, narrowed=bool(wanted) or recipient is not None)


@app.command()
def show(id: _Id, *, store: StoreOption = ".", as_json: JsonOption = False) -> None:  # noqa: A002  (the word of the command line)
    """Show the whole story of a delivery: its routes, each attempt, and what comes next."""
    from instantreact_sdk.alerts.ledger import Ledger
    from instantreact_sdk.cli.delivery_wording import attempt_json, delivery_json
    from instantreact_sdk.cli.outbox_tables import print_story
    from instantreact_sdk.cli.terminal import print_json

    with opened(store) as here:
        ledger = Ledger(here.engine)
        found = [(one, ledger.attempts(one)) for one in ledger.meant(id)]
    if as_json:
        print_json([delivery_json(one) | {"tried": [*map(attempt_json, tried)]} for one, tried in found])
        return
    for number, (one, tried) in enumerate(found):
        if number:
            typer.echo("\n")
        print_story(one, tried)


@app.command()
def retry(
    id: Annotated[  # noqa: A002  (the word of the command line)
        str, typer.Argument(metavar="ID", help="A delivery's id, or that of an alert.", show_default=False)
    ] = "",
    *,
    every: Annotated[bool, typer.Option("--all", help="All that was given up.")] = False,
    store: StoreOption = ".",
) -> None:
    """Try again what was given up, and what waits, now."""
    from instantreact_sdk.alerts.ledger import Ledger
    from instantreact_sdk.cli.outbox_tables import print_changed

    if bool(id) == every:
        raise InstantReactError("IR6003", problem="Give an ID, or `--all`.", command="instantreact-sdk outbox retry")
    with opened(store) as here:
        ledger = Ledger(here.engine)
        found = ledger.retry(id or None)
        meant = ledger.meant(id) if id else []
        config = _config(here, found)
    if not found:
        _nothing("tried again", meant, "Nothing was given up.")
        return
    print_changed("To be tried again:", found)
    typer.echo(
        "`instantreact-sdk run` does so within a second where it is running. Where it is not, do it with "
        f"`instantreact-sdk outbox deliver {config}`."
    )


@app.command()
def drop(
    id: _Id,  # noqa: A002  (the word of the command line)
    *,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    store: StoreOption = ".",
) -> None:
    """Give up what has not been sent yet: nobody will be told."""
    from instantreact_sdk.alerts.ledger import OPEN, Ledger
    from instantreact_sdk.cli.outbox_tables import named, print_changed
    from instantreact_sdk.errors.wording import listed, printable

    with opened(store) as here:
        ledger = Ledger(here.engine)
        meant = ledger.meant(id)
        ends = [one for one in meant if one.status in OPEN]
        if not ends:
            _nothing("dropped", meant)
            return
        what = printable(listed(map(named, ends), "and"))
        if not yes and not _asks():
            raise InstantReactError("IR5032", what=what)
        if not yes and not typer.confirm(f"{what}: never tell it?"):
            typer.echo("Nothing was dropped.")
            return
        print_changed("Dropped", ledger.drop(id))


@app.command()
def ack(id: _Id, *, store: StoreOption = ".") -> None:  # noqa: A002  (the word of the command line)
    """Say that somebody has seen it: who was to be told `unless: acknowledged` is not told any more."""
    from instantreact_sdk.alerts.ledger import OPEN, Ledger
    from instantreact_sdk.cli.outbox_tables import print_changed

    with opened(store) as here:
        ledger = Ledger(here.engine)
        found = ledger.acknowledge(id, "outbox ack")
        meant = ledger.meant(id)
    if not found:
        _nothing("acknowledged", meant)
        return
    print_changed("Acknowledged", found)
    print_changed("Still to be told:", [one for one in meant if one.status in OPEN])


@app.command()
def figures(*, store: StoreOption = ".", as_json: JsonOption = False) -> None:
    """Say how delivery is doing: what waits, what was sent and given up, and how long it took."""
    from instantreact_sdk.alerts.ledger import Ledger
    from instantreact_sdk.cli.outbox_tables import figures_json, print_figures
    from instantreact_sdk.cli.terminal import print_json

    with opened(store) as here:
        found = Ledger(here.engine).figures()
    if as_json:
        print_json(figures_json(found))
    else:
        print_figures(found)


def _asks() -> bool:
    return sys.stdin.isatty()


def _statuses(text: str) -> tuple[str, ...]:
    from instantreact_sdk.alerts.outboxed import STATUSES
    from instantreact_sdk.errors.wording import listed

    wanted = tuple(word.strip() for word in text.split(",") if word.strip())
    for word in wanted:
        if word not in STATUSES:
            raise InstantReactError("IR6029", what="status", value=word, known=listed(STATUSES))
    return wanted


def _nothing(what: str, meant: Sequence[StoredDelivery], otherwise: str = "") -> None:
    """Say why nothing changed."""
    from instantreact_sdk.cli.delivery_wording import state_of
    from instantreact_sdk.cli.outbox_tables import KEY
    from instantreact_sdk.cli.terminal import terminal

    out = terminal()
    for one in meant:
        out.print(f"There is nothing to be {what} of {one.key[:KEY]}, to {one.recipient}: {state_of(one)}.")
    if not meant:
        out.print(otherwise)


def _config(store: Store, found: Sequence[StoredDelivery]) -> str:
    """The pipeline file of the run that raised them, where there is one."""
    import shlex

    runs = {one.run for one in found}
    names = {run.config for run in store.runs(limit=1000) if run.id in runs} - {""}
    return shlex.quote(names.pop()) if len(names) == 1 else "CONFIG"


@app.command()
def deliver(
    config: Annotated[Path, typer.Argument(help="The pipeline file, for its notifiers.")] = Path("instantreact.yaml"),
    *,
    store: Annotated[
        str, typer.Option("--store", "-s", help="The store; left out, that of the pipeline file.", show_default=False)
    ] = "",
    watch: Annotated[bool, typer.Option("--watch", help="Go on until Ctrl-C, for what comes later.")] = False,
) -> None:
    """Send what waits, without watching anything; until nothing waits any more, or Ctrl-C.

    What failed is tried again after a while, and meanwhile this waits. Where a run is going on, it sends by itself.
    """
    from instantreact_sdk.cli.outbox_delivering import deliver_from

    deliver_from(config, store, watch=watch)
