"""``instantreact-sdk config``: write, check and describe the pipeline file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Write and check the pipeline file.", no_args_is_help=True)

_Path = Annotated[Path, typer.Argument(help="The pipeline file.")]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


@app.command()
def check(path: _Path = Path("instantreact.yaml"), *, as_json: _Json = False) -> None:
    """Say what a pipeline file does: its components, its rules in words, and what leaves the machine to whom.

    Imports the plugins that it names; opens and sends nothing. Exit code 2 where something is wrong, with all that is.
    """
    from instantreact_sdk.cli.config_findings import examine, print_findings
    from instantreact_sdk.cli.terminal import print_json
    from instantreact_sdk.errors import InstantReactError

    try:
        findings = examine(path)
    except InstantReactError as error:
        if not as_json:
            raise
        problems = [
            {"line": found.line, "key": found.key, "problem": found.what} for found in error.facts.get("found", ())
        ]
        print_json({"ok": False, "path": str(path), "error": f"{error.code}: {error.what}", "problems": problems})
        raise typer.Exit(error.exit_code) from None
    if as_json:
        print_json(findings.to_json())
    else:
        print_findings(findings)


@app.command()
def schema() -> None:
    """Print the JSON Schema of pipeline files, with the options of all installed plugins, for editors."""
    typer.echo(_schema(), nl=False)


@app.command()
def init(
    path: _Path = Path("instantreact.yaml"),
    *,
    video: Annotated[str, typer.Option(help="The video or camera to watch.")] = "lobby.mp4",
    with_schema: Annotated[
        bool, typer.Option("--schema", help="Write the JSON Schema beside it, and tell editors about it.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
) -> None:
    """Write a first pipeline file, with a comment for each part."""
    from instantreact_sdk.config.starter import starter, write_new

    beside = path.with_suffix(".schema.json")
    write_new(path, starter(path.name, url=video, schema=beside.name if with_schema else ""), force=force)
    if with_schema:
        write_new(beside, _schema(), force=True)
    typer.echo(f"{path} is written. Change it, then run `instantreact-sdk config check {path}`.")


def _schema() -> str:
    from instantreact_sdk.cli.terminal import json_text
    from instantreact_sdk.config.schema import json_schema
    from instantreact_sdk.registry import discover

    offers = [offer for record in discover().records for offer in record.offers]
    return json_text(json_schema(offers)) + "\n"
