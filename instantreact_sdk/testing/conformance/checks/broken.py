"""What a component does where it cannot work."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from instantreact_sdk.errors.wording import listed
from instantreact_sdk.interfaces import FrameSource
from instantreact_sdk.testing.conformance.check import CheckFailed, NotApplicable, check
from instantreact_sdk.testing.conformance.playing import informed
from instantreact_sdk.testing.conformance.trace import Trace
from instantreact_sdk.testing.conformance.trial import Refused, Trial

_PATIENCE = 5.0
_POLL = 0.02


@check(needs=("answers-fit",))
def broken_options_are_told(trial: Trial) -> None:
    """With options that cannot work, it raises an error of the SDK when it is opened, or used for the first time.

    Why: a missing file or a wrong password is the mistake that people make first. An error of the SDK says in a sentence what to
    do; any other exception is taken for a bug, and no exception at all for a quiet night.

    To fix: `raise PluginError("There is no file weights.npz.", "Check `weights`.") from error` in `open`. A live source
    goes on trying: it tells `context.health("offline", ...)`, and why in its property `problem`. Name what to try in the case:
    `Case(broken=[{"weights": "missing.npz"}])`.
    """
    for shown, changed in _broken(trial):
        component = trial.make(trial.options(changed))
        try:
            trial.open(component)
            if _waits_for_its_camera(trial, component):
                continue
            trial.work.answers(trial, component)
        except Refused:
            continue
        except CheckFailed as error:
            raise CheckFailed(f"with {shown} of the case's `broken`, {error}: that is no error of the SDK") from error
        finally:
            trial.shut(component)
        raise CheckFailed(f"it opens and works with {shown} of the case's `broken`")


@check(needs=("broken-options-are-told", "opens-and-closes"))
def failed_open_leaves_nothing(trial: Trial) -> None:
    """Closed after it failed, it leaves no thread, process or open file behind.

    Why: a run that was refused is mended and started again, and a camera that is offline is opened again for ever.

    To fix: keep in `self` what `open` takes as soon as it has it, so that `close` finds it, also where the next line raises.
    """
    for again in range(2):
        for shown, changed in _broken(trial):
            options = trial.options(changed)
            trace = Trace()
            component = trial.make(options)
            try:
                trial.open(component)
                if not _waits_for_its_camera(trial, component):
                    trial.work.answers(trial, component)
            except Refused:  # an error of the SDK is what is wanted here
                pass
            finally:
                trial.shut(component)
            del component
            left = trace.left() if again else ""  # what is loaded once stays
            if left:
                raise CheckFailed(f"with {shown} of the case's `broken` it left {left}")


def _broken(trial: Trial) -> Iterator[tuple[str, Any]]:
    """The case's broken options, each with how it may be shown: values may be secret."""
    if not trial.case.broken:
        raise NotApplicable("its case names no `broken` options")
    for number, changed in enumerate(trial.case.broken):
        trial.told.clear()
        yield f"number {number} ({listed([f'`{name}`' for name in changed], 'and')})", changed


def _waits_for_its_camera(trial: Trial, component: Any) -> bool:
    """Whether it is a live source that says why it gives no frames."""
    if not isinstance(component, FrameSource) or not informed(trial, component).live:
        return False
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        with trial.calling("problem"):
            problem = component.problem
        if problem is not None or any(kind == "offline" for kind, _ in trial.told):
            return True
        time.sleep(_POLL)
    return False
