"""What every other check stands on: the component can be made, opened, used and closed."""

from __future__ import annotations

from contextlib import suppress

from instantreact_sdk.testing.conformance.check import CheckFailed, Invalid, Misfit, check
from instantreact_sdk.testing.conformance.trace import Trace
from instantreact_sdk.testing.conformance.trial import Trial

WORKS = ("answers-fit",)
"""What checks need that look into the answers."""


@check()
def has_a_valid_case(trial: Trial) -> None:
    """The spec's `check` yields one `Case`, and its options fit the options model.

    Why: a case is how a component is tried without weights, keys, hardware or network. Without one nobody but its author can
    tell whether it works, so it counts as *not checkable*, never as passed.

    To fix: write a generator function `def detector(folder: Path) -> Iterator[Case]` in `checks.py` that yields one
    `instantreact_sdk.testing.Case`, and name it in the spec: `check="instantreact_blob.checks:detector"`. A class in a local
    file may have it as a static method called `check`, and needs none where its options have defaults.
    """
    trial.options()


@check(needs=("has-a-valid-case",))
def constructor_is_idle(trial: Trial) -> None:
    """The constructor takes the options, and does no work: no threads, no processes, no open files.

    Why: components are made to check a configuration, when nothing is meant to run yet, and one that holds resources before
    `open` cannot be freed by `close`.

    To fix: keep the options in the constructor, and load, connect and start in `open`.
    """
    options = trial.options()
    trace = Trace()
    component = trial.make(options)
    left = trace.left()
    if left:
        raise CheckFailed(f"its constructor left {left}")
    del component


@check(needs=("has-a-valid-case",))
def opens_and_closes(trial: Trial) -> None:
    """`open` and `close` may be called again, `close` also twice in a row and without `open`.

    Why: a pipeline closes whatever it made, also after a failure before `open`; a run that is repeated opens the same
    instance again.

    To fix: let `close` free what there is and forget it (`self._file = None`), and let `open` start from nothing.
    """
    component = trial.make()
    trial.shut(component)
    for _ in range(2):
        trial.open(component)
        trial.shut(component)
    trial.shut(component)


@check(needs=("opens-and-closes",))
def answers(trial: Trial) -> None:
    """Called on ordinary input it returns, in time, and raises nothing.

    Why: a component that fails is quarantined, and one that does not return is given up and never called again: whoever
    relied on it is not told.

    To fix: look at the line that the message names. Give every wait a limit (sockets, locks, subprocesses: `timeout=`), and
    wait for a time by `context.stop.wait(seconds)`. A pipeline gives up a call after 30 seconds; `--call-limit` gives a slow machine more. A notifier that cannot do without a recipient has some named in its case:
    `Case(recipients=["anna", "ben"], ...)`.
    """
    with trial.opened() as component, suppress(Invalid, Misfit):
        trial.work.first_answers(trial, component)


@check(needs=("answers",))
def values_are_valid(trial: Trial) -> None:
    """What it makes are values that their types accept: boxes inside 0..1 of the frame, scores in 0..1, all numbers finite.

    Why: one NaN in a box would spread through tracks, zones and rules; so the types refuse it, and the component counts as
    failed.

    To fix: divide boxes by the frame's width and height (`Detections.from_pixels` does, and cuts off what is outside), leave out
    what is not finite, and pass scores through a sigmoid or softmax.
    """
    with trial.opened() as component, suppress(Misfit):
        trial.work.answers(trial, component)


@check(needs=("values-are-valid",))
def answers_fit(trial: Trial) -> None:
    """It answers with what its interface asks for: the right type, and one answer for each input.

    Why: the pipeline matches answers with inputs by their position.

    To fix: return a list with an entry for each input, also where nothing was found (`Detections.empty()`), or for a notifier a `Receipt`.
    """
    with trial.opened() as component:
        trial.work.first_answers(trial, component)
