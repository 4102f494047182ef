"""Training what any plugin brings a trainer for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, SecretStr

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.interfaces import Progress, Trainer
from instantreact_sdk.interfaces.context import Stop
from instantreact_sdk.registry import Choice, Registry, discover
from instantreact_sdk.training.calling import card_from, context_of, silent
from instantreact_sdk.training.choosing import with_aide
from instantreact_sdk.training.options import checked
from instantreact_sdk.training.parts import AUTO, absolute, inspect, parts
from instantreact_sdk.training.run_file import Run, alone, must_be_free
from instantreact_sdk.types import ModelCard


def train(
    use: str | None = None,
    data: str | None = None,
    *,
    out: str | Path,
    options: Mapping[str, Any] | None = None,
    split: str | None = None,
    validation: str | None = None,
    resume: bool = False,
    progress: Progress = silent,
    stop: Stop | None = None,
    registry: Registry | None = None,
) -> ModelCard:
    """Train weights on labelled pictures. Every annotation is read before anything is begun.

    What is asked is kept in ``run.json`` of the run's folder: with `resume`, the folder alone says what to go on with.

    Args:
        use: The detector, ``ssd/ssd300``.
        data: The dataset, ``voc:FOLDER``, ``coco:FILE.json`` or ``yolo:FOLDER``.
        out: A folder for the run, which is new or empty. The best weights will be in it, with their card, and whatever else its
            trainer writes.
        options: Of the trainer.
        split: What to learn from; by default ``train``. ``all`` is the whole dataset.
        validation: What to choose the best weights by: a split, another dataset's address, or ``none``; by default ``val`` where
            there is one that shares no picture with `split`.
        resume: Whether to go on with the run in `out`. What else is given has to be what it was begun with, but for options that
            the trainer lets change.
        progress: Told how far it is, first of the look at the data, then of the training.
        stop: Ends the training early once it is set.
        registry: The plugins; by default those that are installed.

    Returns:
        The card of the best weights.

    Raises:
        InstantReactError: The component, the data, the options or the folder cannot be used (IR2, IR7); IR7020, it was
            stopped, and can go on; the trainer failed (IR4001), or refused in its own words.
    """
    registry = registry or discover()
    folder = Path(out)
    begun = Run.read(folder) if resume else None
    if not begun:
        must_be_free(folder)
    if not (begun or (use and data)):
        raise TypeError("a training that is begun needs a component and data")
    base = begun.base if begun else Path.cwd()
    choice = with_aide(registry, use or (begun.component if begun else ""), "trainer", base)
    trainer = choice.trainer()
    given = {**(begun.options if begun else {}), **(options or {})}
    help_ = f"See `instantreact-sdk train {choice.id} --help`."
    settings: Any = checked(trainer.options, given, id=choice.id, base=base, fix=help_)
    address = absolute(data) if data else begun.data if begun else ""
    split = split or (begun.split if begun else "train")
    if Path(split).is_file():  # a list of pictures
        split = str(Path(split).resolve())
    learned, chosen_by, name = parts(address, split, validation or (begun.validation if begun else AUTO))
    run = Run(choice.id, address, split, name, _written(settings, given), base)
    if begun:
        _must_go_on(begun, run, trainer, folder, choice)
    inspect(
        learned,
        f"{address}, split {split},",
        "training",
        lambda done, total: progress(done, total, "looking at the data"),
    )
    if len(chosen_by):
        inspect(chosen_by, f"The validation {name} of {address}", "validation")
    context = context_of(choice, base, stop)
    with alone(folder):
        if not begun:
            must_be_free(folder)  # still
        run.write(folder)
        card = _trained(
            choice,
            context.stop,
            folder,
            lambda: trainer.train(learned, chosen_by, settings, context, folder, progress),
        )
        about = {"name": address, "split": split, "validation": name, "pictures": len(learned)}
        told = replace(card, data=about | dict(card.data))
        told.write()
    return told


def _trained(choice: Choice, stop: Stop, out: Path, train: Callable[[], ModelCard]) -> ModelCard:
    card = None
    try:
        if not stop.is_set():
            card = card_from(choice, "train", train)
    except (InstantReactError, KeyboardInterrupt):
        if not stop.is_set():
            raise
    if card is None or stop.is_set():
        raise InstantReactError("IR7020", path=out)
    return card


def _written(settings: BaseModel, given: Mapping[str, Any]) -> dict[str, Any]:
    """What was given, as JSON has it; of secrets ``env:NAME`` as it was given, and not what it stands for."""
    plain = settings.model_dump(mode="json", include={*given})
    return {
        name: given[name] if isinstance(getattr(settings, name), SecretStr) else value for name, value in plain.items()
    }


def _must_go_on(begun: Run, run: Run, trainer: Trainer, folder: Path, choice: Choice) -> None:
    differences = begun.differences(run)
    was, now = (
        checked(trainer.options, each.options, id=choice.id, base=each.base).model_dump() for each in (begun, run)
    )
    differences += [
        f"{name} was {was[name]}, and is {now[name]} now"
        for name in now
        if now[name] != was[name] and name not in trainer.may_change
    ]
    if differences:
        raise InstantReactError("IR7017", path=folder, differences="; ".join(differences))
