"""``instantreact-sdk new-plugin``."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.errors.wording import listed
from instantreact_sdk.registry import KINDS, ComponentKind
from instantreact_sdk.scaffolding import Ci, License, scaffold
from instantreact_sdk.scaffolding.names import checked_names

if TYPE_CHECKING:
    from instantreact_sdk.scaffolding import Scaffold

_USUAL: ComponentKind = "detector"


def command(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help="What pipeline files will call it: lower-case letters, digits, hyphens.",
            show_default=False,
        ),
    ],
    *,
    kind: Annotated[
        list[str] | None,  # typer knows no lists of literals; `scaffold` refuses what is none
        typer.Option(
            "--kind",
            metavar="KIND",
            help=f"What it is to have: {listed(KINDS)}; may be repeated.",
            show_default=False,
        ),
    ] = None,
    path: Annotated[Path, typer.Option("--path", help="The folder in which to make its folder.")] = Path(),
    author: Annotated[
        str | None, typer.Option("--author", help="Your name, for the licence and the package.", show_default=False)
    ] = None,
    license: Annotated[  # noqa: A002  (its name on the command line)
        License, typer.Option("--license", help="Its licence; none reserves all rights.")
    ] = "MIT",
    ci: Annotated[Ci, typer.Option("--ci", help="Where its tests are to run.")] = "github",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing; take what is usual.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> None:
    """Make a plugin of your own that works: a package with code, checks, tests, CI and an example."""
    asks = sys.stdin.isatty() and not yes
    checked_names(name, ())  # before anyone answers questions about it
    kinds = kind or _kinds(asks=asks, yes=yes)
    who = author if author is not None else _author(asks=asks)
    made = scaffold(name, cast("list[ComponentKind]", kinds), path, author=who, license=license, ci=ci, force=force)
    if kind is None and not asks:
        typer.echo(f"Taken as usual: --kind {_USUAL}.", err=True)
    if author is None and not asks:
        typer.echo(f"Taken as usual: --author {shlex.quote(made.author)}.", err=True)
    if as_json:
        from instantreact_sdk.cli.terminal import print_json

        print_json(_to_json(made))
    else:
        _print(made)


def _kinds(*, asks: bool, yes: bool) -> list[str]:
    if yes:
        return [_USUAL]
    if not asks:
        raise InstantReactError("IR6028", kinds=listed(KINDS))
    answer = typer.prompt(f"What is it to have? {listed(KINDS)}; several with commas", default=_USUAL, err=True)
    return [word.strip() for word in answer.split(",")]


def _author(*, asks: bool) -> str:
    return typer.prompt("Who writes it?", default="", show_default=False, err=True) if asks else ""


def _to_json(made: Scaffold) -> dict[str, Any]:
    return {
        "name": made.names.name,
        "distribution": made.names.distribution,
        "package": made.names.package,
        "kinds": made.kinds,
        "author": made.author,
        "folder": str(made.folder),
        "files": made.files,
        "replaced": made.replaced,
    }


def _print(made: Scaffold) -> None:
    from rich.tree import Tree

    from instantreact_sdk.cli.terminal import terminal
    from instantreact_sdk.scaffolding.steps import demo_steps, first_steps

    tree = Tree(str(made.folder))
    branches = {Path(): tree}
    for file in map(Path, made.files):
        for above in [*reversed(file.parents)][1:]:
            if above not in branches:
                branches[above] = branches[above.parent].add(above.name)
        replaced = " (replaced)" if file.as_posix() in made.replaced else ""
        branches[file.parent].add(f"{file.name}{replaced}")
    out = terminal()
    out.print(tree)
    out.print("\nNext:\n")
    for line in [f"cd {shlex.quote(str(made.folder))}", *first_steps(made.names), *demo_steps(made.names, made.kinds)]:
        out.print(f"  {line}", soft_wrap=True)
