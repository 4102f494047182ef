"""A component's whole life, for checks that look at what it does to the world meanwhile."""

from __future__ import annotations

from contextlib import suppress
from itertools import islice
from typing import Any

from instantreact_sdk.testing import media
from instantreact_sdk.testing.conformance.check import CheckFailed
from instantreact_sdk.testing.conformance.playing import sounds
from instantreact_sdk.testing.conformance.trial import Trial

_RATE = 16_000
_CHUNKS = 3
_MOST = 1_000


def lived(trial: Trial) -> Any:
    """A new instance that was opened, put to all the work of its kind, and closed.

    Only its main work has to succeed: the rest is for other checks to judge.
    """
    with trial.opened() as component:
        if trial.choice.kind == "source":
            trial.work.answers(trial, component)
            with suppress(CheckFailed):
                list(islice(sounds(trial, component, _RATE), _CHUNKS))
            return component
        inputs = trial.work.inputs(trial, component)
        trial.work.answers(trial, component, inputs[: trial.work.batch(component)])
        if trial.choice.kind == "notifier":
            _told(trial, component, inputs[0][1].recipient)
    return component


def _told(trial: Trial, component: Any, recipient: str) -> None:
    alert = media.alert("Fire!\n\N{FIRE} " * 100, snapshot=media.snapshot(trial.folder))
    delivery = media.delivery(recipient, key="life")
    for call in (component.notify, component.update):
        with suppress(CheckFailed), trial.calling(call.__name__):
            call(alert, delivery)
    with suppress(CheckFailed), trial.calling("replies"):
        list(islice(component.replies(), _MOST))
