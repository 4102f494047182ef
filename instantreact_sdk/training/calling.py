"""Calling a plugin's trainers and exporters, which work for hours and so have no time limit."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.interfaces import Context
from instantreact_sdk.interfaces.context import Stop
from instantreact_sdk.registry import Choice
from instantreact_sdk.registry.fault import in_words, where
from instantreact_sdk.registry.home import home_folder
from instantreact_sdk.types import ModelCard


def silent(done: int, total: int, what: str) -> None:
    """Progress that nobody is told of."""


def context_of(choice: Choice, base: Path, stop: Stop | None = None) -> Context:
    """What the component, or what serves it, may use.

    Args:
        choice: The component.
        base: The folder in which relative paths of the options start.
        stop: Ends the work early; by default nothing does.
    """
    return Context(
        name=choice.id,
        stop=stop or threading.Event(),
        log=logging.getLogger(f"instantreact.{choice.id}"),
        base=base,
        cache_dir=home_folder() / "cache" / choice.id.replace("/", "-"),
    )


def card_from(choice: Choice, call: str, function: Callable[[], object]) -> ModelCard:
    """The card that a trainer or an exporter returns, of weights that are there. What it prints goes to standard error.

    Args:
        choice: The component.
        call: The method, for messages.
        function: Calls it.

    Raises:
        InstantReactError: What it raised; IR4001 where that is none of the SDK's errors; IR4004, it returned something else.
    """
    try:
        with redirect_stdout(sys.stderr):  # stdout belongs to results
            card = function()
    except (InstantReactError, KeyboardInterrupt):
        raise
    except BaseException as error:  # SystemExit too: a plugin does not end the program
        problem = f"{in_words(error)}{where(error)}"
        raise InstantReactError(
            "IR4001", component=choice.id, call=call, problem=problem, plugin=choice.plugin
        ) from error
    if isinstance(card, ModelCard) and card.weights.is_file():
        return card
    problem = "a card of weights that are not there" if isinstance(card, ModelCard) else f"a {type(card).__name__}"
    raise InstantReactError("IR4004", component=choice.id, problem=problem, call=call, plugin=choice.plugin)
