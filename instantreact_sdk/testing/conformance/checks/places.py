"""Where a component looks for files."""

from __future__ import annotations

from pathlib import Path

from instantreact_sdk.errors.wording import listed
from instantreact_sdk.testing.conformance.check import CheckFailed, NotApplicable, check
from instantreact_sdk.testing.conformance.checks.life import WORKS
from instantreact_sdk.testing.conformance.trial import Trial


@check(needs=WORKS)
def relative_paths_begin_at_the_base(trial: Trial) -> None:
    """A relative path in its options begins at `context.base`, the folder of the pipeline file.

    Why: a pipeline file and its weights travel together, and a service is started from anywhere. Relative to the working directory,
    the weights are found on the author's desk alone.

    To fix: `path = context.base / self.options.weights` in `open`; an absolute path stays what it is. Pydantic's `FilePath` looks in the
    working directory: take `Path`.

    It is tried with those options of the case that name something in the case's folder.
    """
    trial.options()
    base = trial.cases.base(trial.folder)
    paths = {
        name: str(Path(value).relative_to(base))
        for name, value in trial.case.options.items()
        if isinstance(value, str | Path) and Path(value).is_relative_to(base)
    }
    if not paths:
        raise NotApplicable("the options of its case name nothing in the case's folder")
    try:
        with trial.opened(trial.options(paths)) as component:
            inputs = trial.work.inputs(trial, component)
            trial.work.answers(trial, component, inputs[: trial.work.batch(component)])
    except CheckFailed as failed:
        names = listed([f"`{name}`" for name in paths], "and")
        raise CheckFailed(f"with {names} relative to the folder of the pipeline file, {failed}") from failed
