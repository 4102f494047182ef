"""What a component makes of the failures of a service that it asks; for notifiers there are checks of their own."""

from __future__ import annotations

from typing import Any

from instantreact_sdk.testing.conformance.check import CheckFailed, NotApplicable, check
from instantreact_sdk.testing.conformance.checks.life import WORKS
from instantreact_sdk.testing.conformance.trial import Refused, Trial
from instantreact_sdk.testing.fakes import HttpFake


@check("detector", "captioner", "recognizer", needs=WORKS)
def service_failures_are_told(trial: Trial) -> None:
    """Where the service that it asks fails, it raises an error of the SDK or tells `context.health`; when that is over, it works again.

    Why: a cry for help that nobody could recognize, because a token had expired, looks like a quiet night where an empty answer stands for
    "I do not know". Any other exception counts as a bug, and the component is given up.

    To fix: look at the status before the body, which may be a page in HTML or empty; give every wait a limit (`timeout=`), an option of half a
    second in the case; make a new connection after one that broke.

        except (OSError, ValueError) as error:
            raise TransientError("The service cannot be reached.") from error
    """
    fake = trial.case.fake
    if fake is None or not fake.failures:
        raise NotApplicable("its case has no fake that could fail")
    with trial.opened() as component:
        _ask(trial, component)
        if isinstance(fake, HttpFake) and not fake.requests:
            raise NotApplicable("it does not ask its service about what is in its case")
        for name in fake.failures:
            trial.told.clear()
            try:
                with fake.failing(name):
                    _ask(trial, component)
            except Refused:  # an error of the SDK is what is wanted here
                pass
            except CheckFailed as error:
                raise CheckFailed(f"at the failure {name!r} {error}: that is no error of the SDK") from error
            else:
                if not trial.told:
                    raise CheckFailed(f"at the failure {name!r} it answered as if nothing had happened")
            try:
                _ask(trial, component)
            except CheckFailed as error:
                raise CheckFailed(f"once the failure {name!r} was over, {error}") from error


def _ask(trial: Trial, component: Any) -> None:
    inputs = trial.work.inputs(trial, component)
    trial.work.answers(trial, component, inputs[: trial.work.batch(component)])
