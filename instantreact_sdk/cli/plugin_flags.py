"""Commands whose flags depend on the component that they name: ``train ssd/ssd300 --epochs 20``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from inspect import Parameter, Signature, signature
from pathlib import Path
from shlex import quote
from typing import Annotated, Any, get_args

import typer
from pydantic import BaseModel
from typer.models import OptionInfo

from instantreact_sdk.cli.option_flags import Flag, flags_of, given, named
from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.interfaces import NoOptions
from instantreact_sdk.training.options import checked

_COMPONENT = re.compile(r"[a-z0-9-]+/[a-z0-9-]+|.*\.py:\w+")
_OF_US = frozenset({"help", "debug", "option"})


def words_in(words: Sequence[str], command: Callable[..., Any]) -> tuple[str, dict[str, str]]:
    """What was typed, before it is known which flags there are.

    Args:
        words: What was typed after the command's name.
        command: A function with typer's annotations.

    Returns:
        The component, or nothing: the very first word; or else the first that cannot be the value of a flag; or else the first
        that looks like one (``ssd/ssd300``). And the values of the command's own flags.
    """
    valued: dict[str, str] = {}
    switches: set[str] = set()
    for name, kind, names in _own_flags(command):
        if kind is bool:
            switches.update(names)
        else:
            valued |= dict.fromkeys(names, name)
    found: dict[str, str] = {}
    sure: list[str] = []
    perhaps: list[str] = []
    waiting, before = "", ""
    for word in words:
        flag, equals, value = word.partition("=")
        if waiting:
            found[waiting], waiting, word = word, "", ""  # noqa: PLW2901  (it is used up)
        elif flag in valued and equals:
            found[valued[flag]] = value
        elif word in valued:
            waiting = valued[word]
        elif word[:2] in valued and word[1] != "-":  # -oRUN
            found[valued[word[:2]]] = word[2:]
        elif not word.startswith("-"):
            (perhaps if before.startswith("-") and before not in switches and "=" not in before else sure).append(word)
        before = word
    return [*sure, *filter(_COMPONENT.fullmatch, perhaps), ""][0], found


def named_by(words: Sequence[str], command: Callable[..., Any], how: str) -> str:
    """The component that ``--use`` or, where the command has no such flag, the argument names; nothing where only help is wanted.

    Raises:
        InstantReactError: IR6003, other things were typed, and without it nobody knows what they mean.
    """
    first, found = words_in(words, command)
    by_flag = "use" in {name for name, _, _ in _own_flags(command)}
    use = found.get("use", "") if by_flag else first
    if words and not use and not {"--help", "-h"} & {*words}:
        problem = "Missing option '--use'." if by_flag else "Missing argument 'ID'."
        raise InstantReactError("IR6003", problem=problem, command=f"instantreact-sdk {how}")
    return use


def for_detector(command: Callable[..., None], words: Sequence[str], how: str) -> Callable[..., None]:
    """The command with the options of the detector that the words name as flags.

    Args:
        command: A function with typer's annotations, and a parameter ``options``, a mapping.
        words: What was typed after the command's name.
        how: Its name, as ``data prelabel``.

    Raises:
        InstantReactError: IR2001 to IR2013, there is no such detector; IR6003, none is named.
    """
    from instantreact_sdk.registry import discover

    use = named_by(words, command, how)
    if not use:
        return with_flags(command)
    choice = discover().resolve("detector", use, Path.cwd())
    by_flag = "use" in {name for name, _, _ in _own_flags(command)}
    return with_flags(command, choice.options_type(), of=choice.id, how=f"{how}{' --use' * by_flag} {quote(use)}")


def _own_flags(command: Callable[..., Any]) -> Iterator[tuple[str, Any, tuple[str, ...]]]:
    """Parameter, type and names of each flag that a function has itself."""
    for name, parameter in signature(command, eval_str=True).parameters.items():
        kind, *more = get_args(parameter.annotation) or (None,)
        for option in more:
            if isinstance(option, OptionInfo):
                # Annotated options keep their first name where the default would be.
                yield name, kind, (f"--{name}", str(option.default), *(option.param_decls or ()))


def with_flags(
    command: Callable[..., None],
    model: type[BaseModel] = NoOptions,
    *,
    of: str = "",
    whose: str = "",
    before: Mapping[str, Any] | None = None,
    how: str = "",
) -> Callable[..., None]:
    """The command with a flag for each option of a model. It is called with the ``options`` that were set, which are valid.

    Args:
        command: A function with typer's annotations, and a parameter ``options``, a mapping.
        model: The options.
        of: The component that they are for.
        whose: Whose options they are, where not the component's own, for ``--help``: ``the trainer of ``.
        before: Options that were set earlier, and hold where they are not set now.
        how: The words that name it, where they are not the command and the component: ``detect --use ssd/ssd300``.
    """
    own = {name: each for name, each in signature(command, eval_str=True).parameters.items() if name != "options"}
    taken = {flag.lstrip("-").replace("-", "_") for _, _, names in _own_flags(command) for flag in names}
    flags, others = flags_of(model, _OF_US | {*own} | taken)
    panel = f"Options of {whose}{of}"
    typed_as = how or f"{command.__name__} {quote(of)}"

    def tailored(**typed: Any) -> None:
        written = typed.pop("option") or []
        options = given(flags, {flag.option: typed.pop(flag.option) for flag in flags}, written)
        if of:
            _check(model, {**(before or {}), **options}, flags, of, typed_as)
        command(**typed, options=options)

    parameters = [*own.values(), *(flag.parameter(panel) for flag in flags), _written(others, panel)]
    tailored.__doc__ = command.__doc__
    tailored.how = typed_as if of else ""  # type: ignore[attr-defined]  # `cli.ending` reads it; mypy knows no attributes of functions
    tailored.__signature__ = Signature(parameters)  # type: ignore[attr-defined]  # what typer asks `inspect` for
    tailored.__annotations__ = {each.name: each.annotation for each in parameters}
    return tailored


def _written(others: Sequence[str], panel: str) -> Parameter:
    """``--option``, shown where there are options that have no flag."""
    words = f"One that has no flag, in YAML: {', '.join(others)}. May be repeated."
    option = typer.Option("--option", metavar="NAME=VALUE", help=words, rich_help_panel=panel, hidden=not others)
    return Parameter("option", Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[list[str] | None, option])


def _check(model: type[BaseModel], options: Mapping[str, Any], flags: Sequence[Flag], of: str, how: str) -> None:
    fix = f"See `instantreact-sdk {how} --help`."
    checked(model, options, id=of, base=Path.cwd(), name=named(flags), fix=fix)
