"""An instance's answers to some inputs, so that they can be compared with those of another one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from instantreact_sdk.testing.conformance.check import CheckFailed
from instantreact_sdk.testing.conformance.trial import Trial
from instantreact_sdk.types import AudioChunk, Clip, Frame


def first_pass(trial: Trial) -> tuple[list[Any], list[Any]]:
    """What a new instance answers.

    Returns:
        Ordinary inputs, of which a slow component gets fewer; and its answers to them.
    """
    with trial.opened() as component:
        return trial.work.first_answers(trial, component)


def fresh_answers(trial: Trial, inputs: Sequence[Any]) -> list[Any]:
    """What a new instance answers, in batches as the pipeline makes them."""
    with trial.opened() as component:
        return answers_to(trial, component, inputs)


def answers_to(trial: Trial, component: Any, inputs: Sequence[Any]) -> list[Any]:
    """What an open instance answers, in batches as the pipeline makes them."""
    # Copies: a component that changes its input must not spoil what it is compared by.
    return trial.work.answers(trial, component, [trial.work.copy(one) for one in inputs])


def single_answers(trial: Trial, component: Any, inputs: Sequence[Any]) -> list[Any]:
    """What an open instance answers to one input at a time."""
    return [answer for one in inputs for answer in answers_to(trial, component, [one])]


def must_survive(trial: Trial, component: Any, awkward: Mapping[str, Any]) -> None:
    """See that an open instance answers to each of some inputs alone.

    Raises:
        CheckFailed: It does not to one of them; of several, the message names the first.
    """
    failures: dict[str, str] = {}
    for name, one in awkward.items():
        try:
            answers_to(trial, component, [one])
        except CheckFailed as failed:
            failures[name] = str(failed)
    if failures:
        name, message = next(iter(failures.items()))
        more = f" (and {len(failures) - 1} more)" if len(failures) > 1 else ""
        raise CheckFailed(f"on {name}{more}, {message}")


def mirrored(one: Any) -> Any:
    """An input of the same moment and of other content, as another source might give; what has none is itself."""
    match one:
        case Frame():
            frame = Frame(np.ascontiguousarray(one.image[:, ::-1]), time=one.time, index=one.index, wall=one.wall)
            frame.source = "another"
            return frame
        case Clip():
            return Clip(tuple(mirrored(frame) for frame in one.frames), "another")
        case AudioChunk():
            return AudioChunk(np.ascontiguousarray(one.samples[::-1]), one.rate, one.time, "another")
        case _:
            return one
