"""The root of the command line: a group that loads a command when it is used."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Annotated, Any, cast

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from instantreact_sdk.cli.added import added_app, known_commands
from instantreact_sdk.cli.table import COMMANDS
from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.version import __version__

_ADDED = "Added by plugins"


class Root(TyperGroup):
    """Lists commands from a table and from what is remembered of plugins, and imports the one that is typed."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The SDK's commands, then those of plugins."""
        return [*COMMANDS, *(name for name in known_commands() if name not in COMMANDS)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """What is listed of a command: enough for help and completion."""
        if command := COMMANDS.get(cmd_name):
            return TyperCommand(name=cmd_name, help=command.help, rich_help_panel=command.panel)
        if summary := known_commands().get(cmd_name):
            return TyperCommand(name=cmd_name, help=summary, rich_help_panel=_ADDED)
        return None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command itself, imported."""
        name, *rest = args
        completing = ctx.resilient_parsing and name not in self.list_commands(ctx)
        if name.startswith("-") or completing:  # an unknown option, in typer's words; a word that is not finished yet
            return super().resolve_command(ctx, args)
        found = _own(name, rest, ctx.resilient_parsing) if name in COMMANDS else added_app(name, COMMANDS)
        return name, as_command(name, found), rest


def root() -> Any:
    """The whole command line, as a command to call ``main`` on."""
    app = typer.Typer(
        cls=Root,
        help="See something, tell someone: watch video, decide by rules, alert people.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_options)
    return get_command(app)


def _own(name: str, words: list[str], completing: bool) -> Any:
    module, _, attribute = COMMANDS[name].target.partition(":")
    found = getattr(import_module(module), attribute)
    return tailored(found, words, completing) if COMMANDS[name].tailored else found


def tailored(make: Callable[[Sequence[str]], Callable[..., None]], words: Sequence[str], completing: bool) -> Any:
    """The command for the words that follow its name.

    Args:
        make: Makes it.
        words: They.
        completing: Whether the last one is not finished yet.
    """
    try:
        return make(words)
    except InstantReactError:
        if not completing:
            raise
        return make([])  # half a word names nothing yet


def as_command(name: str, found: Any) -> Any:
    """A function or an app as typer makes it below a group, without the options of a program's root."""
    group = typer.Typer()
    if isinstance(found, typer.Typer):
        group.add_typer(found, name=name)
    else:
        group.command(name)(found)
        group.callback()(lambda: None)
    return cast("TyperGroup", get_command(group)).commands[name]


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"instantreact-sdk {__version__}")
        raise typer.Exit


def _options(
    *,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Print tracebacks; may stand anywhere.")] = False,
) -> None:
    """Both do their work elsewhere: the callback prints, and ``main`` takes ``--debug`` out."""
