"""What must not be shown is not shown."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic.fields import FieldInfo

from instantreact_sdk.errors.wording import listed
from instantreact_sdk.testing.conformance.check import CheckFailed, NotApplicable, check
from instantreact_sdk.testing.conformance.checks.options import refusal
from instantreact_sdk.testing.conformance.fields import fields_of, is_secret, key, should_be_secret, shown
from instantreact_sdk.testing.conformance.trial import Trial

_SESAME = "sesame-7f3a9c"
_VARIABLE = "INSTANTREACT_CHECKED_SECRET"


@check(needs=("options-make-a-schema",))
def options_hide_secrets(trial: Trial) -> None:
    '''What is secret is a `Secret`, and is shown nowhere: not by the options, not by their errors, not by the component.

    Why: options are printed, logged, written into reports and attached to bug reports. A token that was shown once has to be
    replaced.

    To fix: make tokens, passwords and addresses that hold them a `Secret`, keep `hide_input_in_errors` as `Options` has
    it, and do not quote values in validators or in `__repr__`. `.get_secret_value()` belongs where the service is called.

        class WebhookOptions(Options):
            token: Secret
            """Token of the page."""
    '''
    trial.options()
    model = trial.options_type()
    open_ones = [place for place, info in fields_of(model) if should_be_secret(place, info)]
    if open_ones:
        raise CheckFailed(f"its option {listed(open_ones, 'and')} is a plain text, no Secret")
    for name, info in _secret(trial).items():
        values = _chosen(trial, key(name, info))
        wrong = {"no_such_option": _SESAME}, {key(name, info): {"no": [_SESAME]}}
        for given in (*({**values, **one} for one in wrong), {key(name, info): values[key(name, info)]}):
            _silent(trial, given)  # the last lacks what is required
        options = trial.options(values)
        if _SESAME not in "".join(shown(options)):
            raise CheckFailed(f"its option {name} does not keep the secret that it is given")
        component = trial.make(options)
        with trial.calling("showing it"):
            texts = {
                "repr of its options": repr(options),
                "str of its options": str(options),
                "model_dump_json of its options": options.model_dump_json(),
                "repr of the component": repr(component),
                "str of the component": str(component),
            }
        for what, text in texts.items():
            if _SESAME in text:
                raise CheckFailed(f"{what} shows the option {name}")


@check(needs=("options-hide-secrets",))
def secrets_come_from_outside(trial: Trial) -> None:
    """Every secret option can be given as `env:NAME`, and then has the value of that environment variable.

    Why: pipeline files are shared and kept under version control; a token must not have to stand in them.

    To fix: annotate the option with `instantreact_sdk.Secret`. Pydantic's own `SecretStr` hides the value, but reads nothing.
    """
    trial.options()
    secrets = _secret(trial)
    try:
        for name, info in secrets.items():
            value = _chosen(trial, key(name, info))[key(name, info)]
            if not isinstance(value, str):
                continue
            os.environ[_VARIABLE] = value
            if f"env:{_VARIABLE}" in shown(trial.options({key(name, info): f"env:{_VARIABLE}"})):
                raise CheckFailed(
                    f"its option {name} takes env:NAME for the secret itself, and does not read the variable"
                )
    finally:
        os.environ.pop(_VARIABLE, None)


def _secret(trial: Trial) -> dict[str, FieldInfo]:
    found = {name: info for name, info in trial.options_type().model_fields.items() if is_secret(info)}
    if not found:
        raise NotApplicable("it has no secret options")
    return found


def _chosen(trial: Trial, name: str) -> dict[str, Any]:
    """The case's options with a secret of ours under that key, in the first form that the model takes."""
    for value in _forms():
        values = {**trial.case.options, name: value}
        if _silent(trial, values):
            return values
    raise NotApplicable(f"its option {name} takes none of the secrets that were tried")


def _forms() -> Iterator[Any]:
    for text in (_SESAME, f"https://{_SESAME}:{_SESAME}@127.0.0.1/{_SESAME}", f"/{_SESAME}", f"+{_SESAME}"):
        yield from (text, [text], {"key": text})


def _silent(trial: Trial, values: Mapping[str, Any]) -> bool:
    """Whether the model takes the options; where it does not, it must not quote a secret."""
    error = refusal(trial, values)
    if error and _SESAME in str(error):
        raise CheckFailed("the error about options that are refused shows the value of a secret")
    return error is None
