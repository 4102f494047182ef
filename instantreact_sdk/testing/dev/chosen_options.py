"""The options that a component is tried with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from instantreact_sdk.errors.wording import listed
from instantreact_sdk.interfaces.secret import secrets_beside
from instantreact_sdk.testing.conformance.check import CheckFailed
from instantreact_sdk.testing.conformance.trial import Trial
from instantreact_sdk.testing.dev.task import Task

if TYPE_CHECKING:
    from pydantic import BaseModel


def chosen_options(task: Task, trial: Trial) -> tuple[BaseModel, str]:
    """Those that were given; else the defaults; else, where not all have one, those of the component's case.

    A source that takes a ``url`` gets the video's. A notifier always gets its case's, for they lead to its fake.

    Returns:
        The options, and in words where they are from.

    Raises:
        CheckFailed: The model refuses them.
        NotApplicable: There is no case, and they are not all optional.
    """
    from pydantic import ValidationError

    if trial.choice.kind == "notifier":
        return trial.options(task.options), "its case" if task.options is None else "its case, some as given"
    model = trial.options_type()
    given: dict[str, Any] = dict(task.options or {})
    if trial.choice.kind == "source" and task.video and "url" in model.model_fields:
        given.setdefault("url", task.video)
    try:
        with secrets_beside(Path(task.target.base or ".")):
            return model.model_validate(given), "as given" if given else "defaults"
    except ValidationError as error:
        if not given:
            return trial.options(), "its case"
        problems = [
            f"{'.'.join(map(str, one['loc'])) or 'all'}: {one['msg']}" for one in error.errors(include_url=False)
        ]
        raise CheckFailed(f"its options refuse what was given: {listed(problems, 'and')}") from None
