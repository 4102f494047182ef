"""``instantreact-sdk plugins``: what is installed, how it is doing, and changing it. No plugin is imported into this process."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from instantreact_sdk.cli.terminal import print_json
from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.registry import discover

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from instantreact_sdk.registry import Record

app = typer.Typer(help="Plugins: what is installed, how it is doing, and changing it.", no_args_is_help=True)

_LIST = "`instantreact-sdk plugins list` shows them all."

_Name = Annotated[str, typer.Argument(help="A plugin, or the distribution that brings it.", show_default=False)]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


@app.command("list")
def list_plugins(*, as_json: _Json = False) -> None:
    """Show every plugin, with what is wrong with those that cannot be used."""
    records = _records()
    if as_json:
        print_json([record.to_json() for record in records])
    else:
        from instantreact_sdk.cli.plugin_tables import print_list

        print_list(records)


@app.command()
def info(
    name: Annotated[
        str,
        typer.Argument(
            help="A plugin, the distribution that brings it, or PLUGIN/NAME, a component.", show_default=False
        ),
    ],
    *,
    as_json: _Json = False,
) -> None:
    """Show all about one plugin or component: options, what it does besides computing."""
    records = _about(_records(), name)
    if as_json:
        print_json([record.to_json() for record in records])
    else:
        from instantreact_sdk.cli.plugin_tables import print_info

        print_info(records)


@app.command()
def block(name: _Name) -> None:
    """Never import a plugin again, until it is unblocked."""
    from instantreact_sdk.registry.blocks import BlockList
    from instantreact_sdk.registry.home import home_folder

    _named(discover(probe=False).records, name)
    BlockList(home_folder()).add(name)
    typer.echo(f"{name} is blocked.")


@app.command()
def unblock(name: _Name) -> None:
    """Allow a blocked plugin again."""
    from instantreact_sdk.registry.blocks import BlockList
    from instantreact_sdk.registry.home import home_folder

    BlockList(home_folder()).remove(name)
    typer.echo(f"{name} is not blocked any more.")


@app.command()
def install(
    requirement: Annotated[
        str,
        typer.Argument(
            help="A name, a name and version, a folder, a wheel or a URL, as pip takes it.", show_default=False
        ),
    ],
    *,
    editable: Annotated[bool, typer.Option("--editable", "-e", help="Install a folder so that edits count.")] = False,
    as_json: _Json = False,
) -> None:
    """Install a plugin into this environment, and show how it is doing."""
    from instantreact_sdk.cli.plugin_changes import install as install_requirement

    records = install_requirement(requirement, editable=editable)
    if as_json:
        print_json([record.to_json() for record in records])
    else:
        from instantreact_sdk.cli.plugin_tables import print_list

        print_list(records)


@app.command()
def uninstall(name: _Name) -> None:
    """Remove a plugin's distribution from this environment, however broken it is."""
    from instantreact_sdk.cli.plugin_changes import uninstall as uninstall_distribution

    for distribution in sorted({record.distribution for record in _named(discover(probe=False).records, name)}):
        uninstall_distribution(distribution)
        typer.echo(f"{distribution} is uninstalled.")


@app.command()
def check(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME...",
            help="A plugin, PLUGIN/NAME for one component, or ./FILE.py:CLASS.",
            show_default=False,
        ),
    ] = None,
    *,
    only: Annotated[list[str] | None, typer.Option("--only", help="Make this check alone; may be repeated.")] = None,
    call_limit: Annotated[
        float | None,
        typer.Option(help="Seconds that one call may take; by default as in a pipeline.", min=0.1, show_default=False),
    ] = None,
    junit: Annotated[Path | None, typer.Option(help="Also write JUnit XML to this file.", show_default=False)] = None,
    list_checks: Annotated[bool, typer.Option("--list", help="Show all checks instead.")] = False,
    explain: Annotated[
        str | None, typer.Option(metavar="CHECK", help="Show the page of a check instead.", show_default=False)
    ] = None,
    as_json: _Json = False,
) -> None:
    """Check that components keep their promises: in a sandbox, without keys, hardware or network.

    Exits with 1 where a check failed, or a component cannot be checked.
    """
    from instantreact_sdk.cli import plugin_check
    from instantreact_sdk.pipeline import CALL_LIMIT
    from instantreact_sdk.testing.conformance.calls import Limits

    if list_checks:
        return plugin_check.print_checks()
    if explain:
        return plugin_check.explain(explain)
    if not names:
        raise InstantReactError(
            "IR6003", problem="Nothing is named that could be checked.", command="instantreact-sdk plugins check"
        )
    reports, unusable = plugin_check.check_all(
        names, only=only or (), limits=Limits(call=call_limit or CALL_LIMIT), quiet=as_json
    )
    if as_json:
        print_json(plugin_check.as_json(reports, unusable))
    if junit:
        plugin_check.write_junit(junit, reports, unusable)
    if unusable or not all(report.passed for report in reports):
        raise typer.Exit(1)
    return None


@app.command()
def dev(
    use: Annotated[
        str, typer.Argument(metavar="USE", help="./FILE.py:CLASS, or an installed PLUGIN/NAME.", show_default=False)
    ],
    *,
    video: Annotated[
        str,
        typer.Option(help="A file, a folder or an address to show it; left out, inputs are made.", show_default=False),
    ] = "",
    options: Annotated[str, typer.Option(help="Its options, as a JSON object.", show_default=False)] = "",
    fps: Annotated[float, typer.Option(help="Frames a second to take, as `sample_fps`.", min=0.1, max=60.0)] = 5.0,
    port: Annotated[int, typer.Option(help="Where the page is; 0 for a free port.", min=0, max=65535)] = 0,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    in_terminal: Annotated[bool, typer.Option("--terminal", help="Print what the page would show.")] = False,
) -> None:
    """See a component at work, and its checks, in a local page that follows each save."""
    from instantreact_sdk.cli.plugin_dev import develop

    develop(use, video=video, options=options, fps=fps, port=port, open_browser=open_browser, in_terminal=in_terminal)


@app.command()
def doctor(*, as_json: _Json = False) -> None:
    """Probe every plugin once more, check the surroundings, and exit with 1 where something is wrong."""
    from instantreact_sdk.cli.plugin_doctor import Finding, examine

    findings: Sequence[Finding] = examine(_records(fresh=True))
    if as_json:
        print_json([finding.to_json() for finding in findings])
    else:
        from instantreact_sdk.cli.plugin_tables import print_findings

        print_findings(findings)
    if any(finding.state == "wrong" for finding in findings):
        raise typer.Exit(1)


def _records(*, fresh: bool = False) -> tuple[Record, ...]:
    """All records; tells on stderr where it takes a while, because something has to be probed."""
    if not fresh:
        records = discover(probe=False).records
        if all(record.status != "new" for record in records):
            return records
    from rich.console import Console

    with Console(stderr=True).status("Probing plugins, each in a process of its own ..."):
        return discover(fresh=fresh).records


def _named(records: Iterable[Record], name: str) -> list[Record]:
    records = list(records)
    found = [record for record in records if name in (record.plugin, record.distribution)]
    if not found:
        raise _unknown(name, {name for record in records for name in (record.plugin, record.distribution)})
    return found


def _about(records: Iterable[Record], name: str) -> list[Record]:
    """The records of a name; of a component's, without what else its plugin offers. One that offers nothing tells why."""
    plugin, slash, _ = name.partition("/")
    found = _named(records, plugin)
    ids = {offer.id for record in found for offer in record.offers}
    if slash and ids:
        if name not in ids:
            raise _unknown(name, ids)
        found = [
            replace(record, offers=tuple(offer for offer in record.offers if offer.id == name)) for record in found
        ]
    return found


def _unknown(name: str, names: Iterable[str]) -> InstantReactError:
    from instantreact_sdk.registry.importing import did_you_mean

    return InstantReactError("IR2015", name=name, fix=did_you_mean(name, names, _LIST))
